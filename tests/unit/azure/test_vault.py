"""Redis's password in a Key Vault: what is made of it in Azure, in the cluster and in the manifests."""

import shlex
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from aks_flow.azure import secret_classes
from aks_flow.azure.identity import access, identities
from aks_flow.azure.plan import plan
from aks_flow.core.command import Secret
from aks_flow.core.config.errors import ConfigError
from aks_flow.core.config.load import load
from aks_flow.core.errors import AksFlowError
from aks_flow.gitops import namespace
from aks_flow.manifests import overlay
from aks_flow.tools.az import Az, keyvault
from aks_flow.tools.kubectl import Kubectl, get
from tests.unit.azure import subscription
from tests.unit.azure.test_plan import COMMON, changed, shown
from tests.unit.planned import Planned
from tests.unit.rendering import ENVIRONMENTS, ROOT, rendered

CASES = yaml.safe_load(Path(__file__).with_name("vault.yaml").read_text())
PATH = "../../components/password-from-vault"


@pytest.fixture
def settings(settings) -> dict:
    settings["azure"] |= {"vault": "votes-vault", "admins": {"me": "User"}}
    return settings


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_difference_becomes_a_line_with_its_command(plan_request, complete, case):
    facts = changed(complete, case)
    if "unassign" in case:
        kept = tuple(role for role in facts.assignments if role["roleDefinitionName"] != case["unassign"])
        facts = replace(facts, assignments=kept)
    [line] = [line for line in plan.lines(plan_request, facts) if shown(line) == case["line"]]
    assert line.after == case.get("after", "")
    if "command" in case:
        assert line.command.argv == tuple(shlex.split(case["command"] + COMMON))
    if line.verb == "impossible":
        assert line.do and line.command is None


def test_nothing_is_to_be_done_where_all_is_as_wanted(plan_request, complete):
    lines = plan.lines(plan_request, complete)
    assert {line.verb for line in lines} == {"unchanged"}
    assert {"vault votes-vault", *(f"secret {name}--redis-auth--password" for name in ENVIRONMENTS)} <= {
        line.thing for line in lines
    }


def test_nothing_is_asked_or_made_where_no_vault_is_wanted(settings, tmp_path):
    settings["azure"]["vault"] = ""
    config = load(settings, tmp_path)
    plan_request = plan.AzurePlanRequest(config, Az(Path("cli")), "Octo/vote")
    lines = plan.lines(plan_request, subscription.complete(config))
    assert not any("vault" in f"{line.thing} {line.command}".lower() for line in lines)
    assert (config.vault, config.components) == ("", ())


@pytest.mark.parametrize("name", ["ab", "9lives", "a--b", "vault-", "x" * 25])
def test_a_name_that_azure_would_refuse_is_refused_first(settings, tmp_path, name):
    settings["azure"]["vault"] = name
    with pytest.raises(ConfigError, match=r"azure\.vault"):
        load(settings, tmp_path)


def test_a_password_is_in_no_argument_and_az_is_to_say_nothing(config):
    asked = keyvault.set_secret(
        Az(Path("cli"), "sub"), config.azure, "dev--redis-auth--password", Secret("opensesame")
    )
    assert asked.stdin == Secret("opensesame")
    assert "opensesame" not in repr(asked) + str(asked) + " ".join(asked.argv)
    assert asked.argv[-2] == "--output=none" and "--file=/dev/stdin" in asked.argv


def test_who_else_reads_with_the_add_on_s_identity_is_left_alone(plan_request, complete):
    elsewhere = subscription.assignment(
        subscription.ADDON, access.SECRETS_READER, "/subscriptions/x/vaults/y"
    )
    lines = plan.lines(plan_request, replace(complete, assignments=(*complete.assignments, elsewhere)))
    assert {line.verb for line in lines} == {"unchanged"}


def test_pods_of_other_service_accounts_may_be_let_in(settings, tmp_path, complete):
    settings["azure"]["vault_accounts"] = ["front", "redis"]
    plan_request = plan.AzurePlanRequest(load(settings, tmp_path), Az(Path("cli")), "Octo/vote")
    due = {shown(line).partition(":")[0] for line in plan.lines(plan_request, complete) if not line.settled}
    assert due == {
        *(f"remove credential aks-flow_vault_{name}/account-default" for name in ENVIRONMENTS),
        *(
            f"create credential aks-flow_vault_{name}/account-{who}"
            for name in ENVIRONMENTS
            for who in ("front", "redis")
        ),
    }


@pytest.mark.parametrize(
    ("part", "lack"),
    [("oidcIssuerProfile", "has no OIDC issuer"), ("securityProfile", "has no workload identity")],
)
def test_a_cluster_that_was_there_must_tell_whose_a_pod_is(settings, tmp_path, complete, part, lack):
    settings["azure"]["cluster"]["group"] = "shared"
    plan_request = plan.AzurePlanRequest(load(settings, tmp_path), Az(Path("cli")), "Octo/vote")
    lacking = replace(complete, cluster={**complete.cluster, part: None})
    [line] = [line for line in plan.lines(plan_request, lacking) if line.thing == "cluster aks-flow"]
    assert line.verb == "impossible" and f"it {lack}" in line.why


def test_no_environment_s_pods_may_read_what_is_another_s(config):
    read = [grant for grant in access.grants(config, subscription.ID) if grant.role == access.SECRETS_READER]
    assert {(grant.who, grant.scope.rpartition("/")[2]) for grant in read} == {
        (f"aks-flow_vault_{name}", f"{name}--redis-auth--password") for name in ENVIRONMENTS
    }


def test_who_audits_jobs_is_not_shown_the_identities_of_pods(config, complete):
    shown_to = {identity.name for identity in identities.live(config, complete)}
    assert shown_to == set(access.identities(config).values())


def test_each_namespace_is_told_its_own_secret_and_which_identity_reads_it(config, complete):
    made = list(yaml.safe_load_all(secret_classes.objects(config, complete)))
    assert [item["metadata"]["namespace"] for item in made] == [f"vote-{name}" for name in ENVIRONMENTS]
    clients = [item["spec"]["parameters"]["clientID"] for item in made]
    assert clients == [f"client-aks-flow_vault_{name}" for name in ENVIRONMENTS]
    spec = made[0]["spec"]
    assert (spec["parameters"]["useVMManagedIdentity"], spec["parameters"]["tenantId"]) == ("false", "tenant")
    [entry] = yaml.safe_load(spec["parameters"]["objects"])["array"]
    assert yaml.safe_load(entry) == {"objectName": "dev--redis-auth--password", "objectType": "secret"}
    [secret] = spec["secretObjects"]
    assert (secret["secretName"], secret["data"]) == (
        *("redis-auth", [{"objectName": "dev--redis-auth--password", "key": "password"}]),
    )


def test_a_cluster_without_the_driver_is_said(config, complete):
    bare = replace(complete, cluster={**complete.cluster, "addonProfiles": None})
    with pytest.raises(AksFlowError, match="no Secrets Store driver.*azure.up"):
        secret_classes.objects(config, bare)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_component_lets_both_tiers_mount_the_vault_and_changes_nothing_else(environment, tmp_path):
    subprocess.run(["cp", "-r", ROOT / "manifests", tmp_path], check=True)
    file = tmp_path / "manifests" / "overlays" / environment / "kustomization.yaml"
    plain = {(item["kind"], item["metadata"]["name"]): item for item in rendered(file.parent)}
    file.write_text(overlay.with_components([PATH], file.read_text(), "x"))
    rendered.cache_clear()
    for item in rendered(file.parent):
        before = plain.pop((item["kind"], item["metadata"]["name"]))
        if item["kind"] not in ("Deployment", "StatefulSet"):
            assert item == before
            continue
        pod = item["spec"]["template"]["spec"]
        [volume] = [volume for volume in pod["volumes"] if volume["name"] == "vault"]
        assert volume["csi"]["volumeAttributes"] == {"secretProviderClass": "redis-auth"}
        assert any(mount["name"] == "vault" for mount in pod["containers"][0]["volumeMounts"])
    assert plain == {}


def test_a_component_is_listed_once_and_never_beside_others():
    text = overlay.with_components([PATH], "images: []", "x")
    assert yaml.safe_load(text)["components"] == [PATH]
    assert text.startswith("images: []\n") and overlay.with_components([PATH], text, "x") == text
    with pytest.raises(AksFlowError, match="components` holds others"):
        overlay.with_components([PATH], "components: [../other]", "x")


def test_no_secret_is_made_in_the_cluster_where_a_vault_has_it(settings, tmp_path):
    settings["targets"]["rehearsal"]["login"] = "azure"
    cluster = Kubectl(namespace="vote-dev")
    asked = get.existing_in_detail(cluster, "namespace/vote-dev")
    programs = Planned({str(asked): "Namespace\tvote-dev\t7\t\t\t\n"})
    assert namespace.ensure(programs, cluster, load(settings, tmp_path)) == ()
    assert programs.lines == [str(asked)]


def test_every_key_of_every_secret_from_the_vault_is_made_there_and_brought_to_the_cluster(
    settings, tmp_path, complete
):
    settings["secrets"] |= {"mail.out": {"keys": ["user", "pass_word"], "from": "vault"}}
    config = load(settings, tmp_path)
    stored = ["dev--mail-out--user", "dev--mail-out--pass-word"]
    plan_request = plan.AzurePlanRequest(config, Az(Path("cli")), "Octo/vote")
    things = [line.thing for line in plan.lines(plan_request, complete) if line.verb == "create"]
    assert set(stored) <= {thing.removeprefix("secret ") for thing in things}
    read = "role Key Vault Secrets User of aks-flow_vault_dev at secrets/"
    assert {f"{read}{name}" for name in stored} <= set(things)
    made = {
        (item["metadata"]["namespace"], item["metadata"]["name"]): item["spec"]
        for item in yaml.safe_load_all(secret_classes.objects(config, complete))
    }
    assert len(made) == 2 * len(ENVIRONMENTS)
    spec = made["vote-dev", "mail.out"]
    assert spec["secretObjects"][0]["data"] == [
        {"objectName": name, "key": key} for name, key in zip(stored, ("user", "pass_word"), strict=True)
    ]
