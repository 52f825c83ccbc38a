"""What GitHub's variables say of the configuration, for a run in a workflow.

A job hands all of them over as JSON, `toJSON(vars)`. A variable that is not set is an empty text to a
workflow: here that is one that is not set, and takes no value of invoke.yaml away.
"""

import json
from collections.abc import Mapping, MutableMapping

from aks_flow.core.errors import AksFlowError
from aks_flow.core.reading import UNREADABLE, text_of

VARIABLES = "AKSFLOW_VARIABLES"
_PREFIX = "INVOKE_"
AZURE = {
    "AZURE_TENANT_ID": "INVOKE_AZURE_TENANT",
    "AZURE_SUBSCRIPTION_ID": "INVOKE_AZURE_SUBSCRIPTION",
    "AZURE_CLIENT_ID": "INVOKE_AZURE_CLIENT",
}


def in_workflow(environment: Mapping[str, str]) -> bool:
    return environment.get("GITHUB_ACTIONS") == "true"


def take(environment: MutableMapping[str, str]) -> None:
    """Make the variables that were handed over the process's own, and forget the empty ones."""
    if not in_workflow(environment):
        return
    for name in [name for name in environment if name.startswith(_PREFIX) and not environment[name]]:
        del environment[name]
    for name, value in settings(environment).items():
        environment.setdefault(name, value)


def settings(environment: Mapping[str, str]) -> dict[str, str]:
    """The INVOKE_* variables that the job handed over; AksFlowError if that is not what GitHub gives."""
    text = environment.get(VARIABLES, "")
    if not text:
        return {}
    try:
        given = json.loads(text)
        named = {AZURE.get(name, name): text_of(value) for name, value in given.items()}
        return {name: value for name, value in named.items() if name.startswith(_PREFIX) and value}
    except UNREADABLE as error:
        step = "Hand them over as ${{ toJSON(vars) }}."
        raise AksFlowError("these are no variables of GitHub's", where=VARIABLES, next_step=step) from error
