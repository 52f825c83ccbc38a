"""What differs in Azure becomes one line of the plan, with the command that removes the difference."""

import copy
import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import yaml

from aks_flow.azure.plan import down, plan
from aks_flow.azure.plan.facts import AzureFacts, read
from aks_flow.core.command import Result
from aks_flow.core.config.errors import ConfigError
from aks_flow.core.config.load import load
from aks_flow.tools.az import MISSING, Az, aks_cluster
from tests.unit.azure import subscription

CASES = yaml.safe_load(Path(__file__).with_name("differences.yaml").read_text())
ALL = json.dumps([[name, "Registered"] for name in (*plan.PROVIDERS, plan.VAULTS)])
COMMON = " --subscription=sub --output=json --only-show-errors"


def changed(facts: AzureFacts, case: dict) -> AzureFacts:
    data = copy.deepcopy(asdict(facts)) | case.get("facts", {})
    for path, value in {**case.get("set", {}), **case.get("put", {})}.items():
        place, last = at(data, path)
        place[last] = value
    for path, value in case.get("add", {}).items():
        place, last = at(data, path)
        place[last].append(value)
    if assigned := case.get("assign"):
        data["assignments"] = (*data["assignments"], subscription.assignment(*assigned))
    return AzureFacts(**data)


def at(data, path: str):
    *parents, last = path.split(".")
    for key in parents:
        data = data[int(key) if key.isdecimal() else key]
    return data, last


def shown(line) -> str:
    return f"{line.verb} {line.thing}: {line.why}"


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_difference_becomes_a_line_with_its_command(plan_request, complete, case):
    lines = [line for line in plan.lines(plan_request, changed(complete, case)) if not line.settled]
    [line] = [line for line in lines if shown(line) == case["line"]]
    if "command" in case:
        assert str(line.command) == case["command"] + COMMON
    assert case.get("holds", "") in str(line.command)
    if line.verb == "impossible":
        assert line.do and line.command is None


@pytest.mark.parametrize(
    ("version", "line"),
    [
        ("1.34", "unchanged cluster aks-flow: "),
        ("1.35", "update cluster aks-flow: runs Kubernetes 1.34.5, not 1.35"),
        ("1.36", "update cluster aks-flow: runs Kubernetes 1.34.5, not 1.36: 1.35 comes first"),
        ("1.33", "impossible cluster aks-flow: cannot be changed: it runs Kubernetes 1.34.5, not 1.33"),
        ("1.3", "impossible cluster aks-flow: cannot be changed: it runs Kubernetes 1.34.5, not 1.3"),
    ],
)
def test_a_pinned_kubernetes_is_kept(settings, tmp_path, complete, version, line):
    settings["azure"]["cluster"]["version"] = version
    assert line in [shown(about) for about in planned(settings, tmp_path, complete)]


@pytest.mark.parametrize(
    ("runs", "wanted", "asked"),
    [("1.34.5", "1.36", "1.35"), ("1.35.7", "1.36", "1.36"), ("1.34.5", "1.34.10", "1.34.10")]
    + [("1.34.5", "1.36.1", "1.35"), ("1.35.5", "1.36.1", "1.36.1")],
)
def test_a_kubernetes_is_upgraded_by_one_minor_version_at_a_time(
    settings, tmp_path, complete, runs, wanted, asked
):
    settings["azure"]["cluster"] |= {"version": wanted, "upgrades": "none"}
    before = changed(complete, {"put": {"cluster.currentKubernetesVersion": runs}})
    lines = planned(settings, tmp_path, before)
    [upgrade] = [line for line in lines if line.command and "upgrade" in line.command.argv]
    assert f"--kubernetes-version={asked}" in upgrade.command.argv


def planned(settings, folder, facts) -> list:
    request = plan.AzurePlanRequest(load(settings, folder), Az(Path("cli")), "Octo/vote")
    return list(plan.lines(request, facts))


GATEWAY = {
    "gatewayApi": {"installation": "Standard"},
    "webAppRouting": {"gatewayApiImplementations": {"appRoutingIstio": {"mode": "Enabled"}}},
}


@pytest.mark.parametrize(
    ("ingress", "line"),
    [
        (None, "update cluster aks-flow: has no gateway"),
        ({"webAppRouting": {"enabled": True}}, "update cluster aks-flow: has no gateway"),
        (GATEWAY | {"gatewayApi": None}, "update cluster aks-flow: has no gateway"),
        (GATEWAY, "unchanged cluster aks-flow: "),
    ],
)
def test_a_gateway_for_tls_is_an_option(settings, tmp_path, complete, ingress, line):
    settings["azure"]["cluster"]["ingress"] = "gateway"
    plan_request = plan.AzurePlanRequest(load(settings, tmp_path), Az(Path("cli")), "Octo/vote")
    known = replace(complete, cluster={**complete.cluster, "ingressProfile": ingress})
    [about] = [about for about in plan.lines(plan_request, known) if about.thing == "cluster aks-flow"]
    option = "--enable-gateway-api --enable-app-routing-istio"
    assert shown(about) == line
    assert about.settled or option in str(about.command)
    assert option in str(aks_cluster.create(Az(Path("cli")), plan_request.config.azure, {}))


@pytest.mark.parametrize("address", ["10.0.0.0/8", "203.0.113.9", "1.1.1.1/24", "300.1.1.1", "8.8.8.8/33"])
def test_an_address_that_az_would_refuse_is_refused_first(settings, tmp_path, address):
    settings["azure"]["cluster"]["allowed"] = [address]
    with pytest.raises(ConfigError, match=r"azure\.cluster\.allowed\.0"):
        load(settings, tmp_path)


def test_who_is_let_in_is_compared_as_aks_shows_it(settings, tmp_path, complete):
    settings["azure"]["cluster"]["allowed"] = ["8.8.8.8", "1.1.1.0/24"]
    plan_request = plan.AzurePlanRequest(load(settings, tmp_path), Az(Path("cli")), "Octo/vote")
    profile = {"authorizedIpRanges": ["1.1.1.0/24", "8.8.8.8/32"]}
    known = replace(complete, cluster={**complete.cluster, "apiServerAccessProfile": profile})
    assert "unchanged cluster aks-flow: " in [shown(line) for line in plan.lines(plan_request, known)]


@pytest.mark.parametrize(
    ("state", "line"),
    [
        (None, "create extension argocd: is missing"),
        ("Creating", "wait extension argocd: is Creating"),
        ("Failed", "create extension argocd: is Failed"),
        ("Succeeded", "unchanged extension argocd: "),
    ],
)
def test_argo_cd_can_be_the_cluster_s_extension(settings, tmp_path, complete, state, line):
    settings["azure"]["cluster"]["argocd"] = "extension"
    plan_request = plan.AzurePlanRequest(load(settings, tmp_path), Az(Path("cli"), "sub"), "Octo/vote")
    argocd = {"properties": {"provisioningState": state}} if state else None
    lines = plan.lines(plan_request, replace(complete, argocd=argocd))
    [about] = [line for line in lines if line.thing == "extension argocd"]
    assert shown(about) == line
    if about.verb == "create":
        body = next(word for word in about.command.argv if word.startswith("--body=")).partition("=")[2]
        extension = json.loads(body)["properties"]
        assert extension["scope"] == {"cluster": {"releaseNamespace": "argocd"}}
        settings = {"redis-ha.enabled": "false", r"configs.params.application\.namespaces": "argocd"}
        assert extension["configurationSettings"] == settings


def test_nothing_is_to_be_done_where_all_is_as_wanted(plan_request, complete):
    lines = plan.lines(plan_request, complete)
    assert {line.verb for line in lines} == {"unchanged"}
    assert len(lines) > 20


def test_an_empty_subscription_gets_everything_and_roles_wait_for_those_who_get_them(plan_request):
    facts = AzureFacts({"id": subscription.ID}, name={"nameAvailable": True})
    lines = plan.lines(plan_request, facts)
    assert {line.verb for line in lines} == {"create"}
    assert all(line.command for line in lines)
    assert {line.after for line in lines if line.thing.startswith("role")} == {
        "the cluster's nodes",
        *(f"aks-flow-{name}" for name in ("dev", "staging", "production", "publish", "nightly")),
        *("aks-flow-plan", "aks-flow-production-undo"),
        "cluster aks-flow",
    }


def test_nothing_that_needs_a_provider_is_tried_before_it_is_registered(plan_request):
    lines = plan.lines(plan_request, AzureFacts({"id": subscription.ID}))
    ready = {line.thing.partition(" ")[0] for line in lines if not line.after}
    assert ready == {"provider", "group"}


class Answering:
    """az that finds nothing, and keeps what it was asked."""

    def __init__(self, providers: str):
        self.providers, self.asked = providers, []

    def run(self, command) -> Result:
        self.asked.append(" ".join(command.argv[1:3]))
        answers = {"account show": '{"id": "sub"}', "provider list": self.providers}
        said = answers.get(self.asked[-1])
        return (
            Result(0, said.encode(), b"")
            if said
            else Result(MISSING if "show" in command.argv else 0, b"[]", b"")
        )


def test_a_provider_that_is_not_registered_is_asked_nothing(settings, tmp_path):
    """az registers by itself what it finds closed; `az rest` fails there."""
    settings["azure"]["vault"] = "votes-vault"
    azure, closed, open_for_all = load(settings, tmp_path).azure, Answering("[]"), Answering(ALL)
    read(closed, Az(Path("cli")), azure)
    assert closed.asked == ["account show", "group show", "provider list"]
    read(open_for_all, Az(Path("cli")), azure)
    assert {"acr check-name", "keyvault list-deleted", "vm list-skus", "vm list-usage"} < set(
        open_for_all.asked
    )


def test_nobody_to_administer_the_cluster_is_refused_with_how_to_find_one_s_id(settings, tmp_path, complete):
    settings["azure"]["admins"] = {}
    plan_request = plan.AzurePlanRequest(load(settings, tmp_path), Az(Path("cli"), "sub"), "Octo/vote")
    [line] = [line for line in plan.lines(plan_request, complete) if line.verb == "impossible"]
    assert "azure.admins is empty" in line.why and "az ad signed-in-user show" in line.do


@pytest.mark.parametrize(
    ("tier", "support"), [("free", "KubernetesOfficial"), ("premium", "AKSLongTermSupport")]
)
def test_premium_is_bought_with_long_term_support(settings, tmp_path, tier, support):
    settings["azure"]["cluster"]["tier"] = tier
    words = str(aks_cluster.create(Az(Path("cli")), load(settings, tmp_path).azure, {}))
    assert f"--tier={tier} --k8s-support-plan={support}" in words


def test_the_small_size_is_made_with_its_risks_said(settings, tmp_path, complete):
    settings["azure"]["cluster"] |= {"node_size": "small", "min_nodes": 1}
    plan_request = plan.AzurePlanRequest(load(settings, tmp_path), Az(Path("cli")), "Octo/vote")
    [line] = [
        line
        for line in plan.lines(plan_request, replace(complete, cluster=None))
        if line.thing[:7] == "cluster"
    ]
    assert "--node-vm-size=Standard_B2s" in str(line.command)
    assert (
        line.why
        == "is missing; the B series is not meant for a system pool; one node alone is no spare for itself"
    )


def test_no_role_of_an_identity_is_wider_than_its_registry_its_cluster_or_its_namespace(
    plan_request, complete
):
    scopes = {assignment["scope"] for assignment in complete.assignments}
    assert {scope.split("/providers/")[1].split("/")[1] for scope in scopes} == {
        *("registries", "managedClusters")
    }
    writers = {
        (assignment["principalId"], assignment["scope"].rpartition("/")[2])
        for assignment in complete.assignments
        if assignment["roleDefinitionName"] == "Azure Kubernetes Service RBAC Writer"
    }
    own = {(f"object-aks-flow-{name}", f"vote-{name}") for name in ("dev", "staging", "production")}
    more = {("object-aks-flow-production-undo", "vote-production")}
    assert writers == own | more


def test_removal_names_what_goes_and_refuses_what_is_not_ours(plan_request, complete):
    [line] = down.lines(plan_request, complete)
    assert shown(line) == "remove group aks-flow: holds aks-flow"
    foreign = {"name": "db", "type": "Microsoft.Sql/servers", "id": "/x/db", "provisioningState": "Succeeded"}
    [line] = down.lines(plan_request, replace(complete, resources=(*complete.resources, foreign)))
    assert shown(line) == "impossible group aks-flow: also holds db (Microsoft.Sql/servers)"
    assert "az resource move" in line.do and "policy" in line.do
    [line] = down.lines(plan_request, replace(complete, group={**complete.group, "tags": None}))
    assert line.verb == "impossible"
    [line] = down.lines(plan_request, replace(complete, group=None))
    assert line.settled
