"""Every az call that the code can build is one that the real az understands, and that Azure answers.

`test_az_values` asks az's parser alone, which takes seconds.
"""

import re
from dataclasses import replace

from aks_flow.core.command import Secret
from aks_flow.core.runner import CommandFailed, Local
from tests.e2e.azure import calls, tasks
from tests.e2e.azure.conftest import SUBJECT
from tests.e2e.scale import only_in_full
from tests.e2e.standin import helper_image

# What the rehearsal's Azure rightly refuses.
REFUSED = {
    "aks.invoked": "there is no command of this id",
    "aks_cluster.start": "the cluster is not stopped",
    "identity.unassign": "there is no assignment of this id",
    "extension.create": "it has no extensions: what is proven is that az understands and sends it",
    "extension.wait": "so there is nothing to wait for",
    "keyvault.recover": "the vault is not removed",
    "keyvault.secrets": "nobody has a role at the vault, its owner included",
    "keyvault.set_secret": "for the same reason",
}


@only_in_full
def test_every_call_that_the_code_can_build_is_understood_by_the_real_az(
    azure, estate, tmp_path, monkeypatch
):
    for name, value in azure.client.environment.items():
        monkeypatch.setenv(name, value)
    names = {"group": "estate", "registry": {"name": "estate01"}, "cluster": {"name": "estate"}}
    config = tasks.configured(azure, tmp_path, **names, vault="calls-vault")
    tasks.owner(azure, config)
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY Dockerfile /\n")
    who = (Secret(azure.job_token(SUBJECT)), estate.client, estate.principal)
    original = replace(helper_image(azure.config), registry="")
    called = list(calls.calls(tasks.wanted(config).az, config, *who, tmp_path, original))
    refused = dict(answer for call in called if (answer := _refusal(call)))
    assert not (set(refused) - set(REFUSED)), "\n".join(f"{name}: {said}" for name, said in refused.items())


def _refusal(call) -> tuple[str, str] | None:
    """The call's name and what az said, if it failed; a call that az does not understand fails the test."""
    command = call()
    try:
        Local().run(command)
    except CommandFailed as error:
        said = error.result.error_text
        assert error.result.code != 2 or "\nCode: " in said, f"az does not understand {command}: {said}"
        assert not re.search("Traceback|unrecognized arguments", said), f"{command}: {said}"
        return calls.name(call.func), said
    return None
