"""AKS by the real `az` and kubectl: Entra's tokens, Azure's roles, commands run inside."""

import json
import os
import subprocess

import pytest

from aks_flow.azure.signin.kubeconfig import let_az_ask
from aks_flow.core import wait
from aks_flow.core.command import Result
from aks_flow.push.read_only import withheld_by
from aks_flow.rehearsal.standins.azure.resources.run_command import CUT
from aks_flow.tools.az import Az

_CLUSTER = ("--name", "estate", "--resource-group", "estate")


@pytest.fixture
def kubectl(azure, estate, deployer, tmp_path):
    """kubectl as the identity, which may write in the namespace ``default``, and read in ``kube-public``."""
    for role, scope in (
        ("Azure Kubernetes Service Cluster User Role", estate.cluster),
        ("Azure Kubernetes Service RBAC Writer", f"{estate.cluster}/namespaces/default"),
        ("Azure Kubernetes Service RBAC Reader", f"{estate.cluster}/namespaces/kube-public"),
    ):
        azure.assign(role, estate.principal, scope)
    file = tmp_path / "config"
    azure.ok("aks", "get-credentials", *_CLUSTER, "--file", file, home=deployer)
    file.write_text(let_az_ask(file.read_text(), Az(deployer)))
    environment = {**os.environ, **azure.client.environment, "AZURE_CONFIG_DIR": str(deployer)}

    def run(*words: str) -> tuple[int, str]:
        argv = ["kubectl", "--kubeconfig", file, *words]
        done = subprocess.run(argv, env=environment, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    return run


def test_a_role_in_one_namespace_ends_there(kubectl):
    code, said = kubectl("create", "configmap", "mine", "--namespace", "default", "--dry-run=server")
    assert code == 0, said
    for words in (("pods", "--namespace", "kube-system"), ("nodes",)):
        code, said = kubectl("get", *words)
        assert code == 1 and "does not have access to the resource in Azure" in said


def test_who_may_only_read_is_told_so_in_words_that_a_plan_goes_on_after(kubectl, tmp_path):
    file = tmp_path / "map.yaml"
    about = {"name": "a", "namespace": "kube-public"}
    file.write_text(json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": about}))
    for words, kind in (
        (("diff", "--server-side", "--filename", file), "configmaps"),
        (("get", "secrets", "--namespace", "kube-public"), "secrets"),
        (("get", "namespace/kube-public", "secret/a", "--namespace", "kube-public"), "secrets"),
    ):
        code, said = kubectl(*words)
        assert code and withheld_by(Result(code, b"", said.encode())).kinds == [kind], said
    assert "Active" in said  # what may be read is printed all the same


def test_a_cluster_without_local_accounts_gives_no_static_credentials(azure, estate, tmp_path):
    words = ("aks", "get-credentials", *_CLUSTER, "--file", tmp_path / "config", "--admin")
    assert "disable local accounts" in azure.refused(*words)


def test_a_command_s_exit_code_is_in_its_result_not_in_az_s(azure, estate, tmp_path):
    attached = tmp_path / "note.txt"
    attached.write_text("attached\n")
    answer = _invoke(azure, "cat note.txt; exit 137", "--file", attached)
    assert (answer["exitCode"], answer["logs"]) == (137, "attached\n")


def test_output_is_cut_where_azure_cuts_it(azure, estate):
    answer = _invoke(azure, f"head -c {CUT + 5} /dev/zero | tr '\\0' x; exit 0")
    assert len(answer["logs"]) == CUT and answer["exitCode"] == 0


def test_a_command_that_azure_fails_says_why_in_its_result_alone(azure, estate):
    fault = {"at": "runCommand estate", "provisioningState": "Failed", "reason": "no node has room for it"}
    with azure.faults({**fault, "times": 2}):
        said = azure.refused("aks", "command", "invoke", *_CLUSTER, "--command", "true")
        assert "invalid status 'OK'" in said  # which is all that az itself says
        identifier = _start(azure)
    answer = _ended(azure, identifier)
    assert (answer["provisioningState"], answer["reason"]) == ("Failed", "no node has room for it")
    assert answer["exitCode"] is None


def test_a_command_runs_on_while_nobody_waits(azure, estate):
    with azure.faults({"at": "runCommand estate", "delay": 3600}):
        identifier = _start(azure)
    where = ("aks", "command", "result", *_CLUSTER, "--command-id", identifier)
    assert "status: Running" in azure.az(*where).stdout
    azure.restart()
    assert azure.ok(*where)["reason"] == "The pod that ran the command is gone."


def _start(azure) -> str:
    """Start a command without waiting for it; its id."""
    said = azure.az("aks", "command", "invoke", *_CLUSTER, "--command", "true", "--no-wait").stdout
    return said.partition("command id: ")[2].partition(",")[0]


def _ended(azure, identifier: str) -> dict:
    """Its result. az asks twice while it runs, and has only a sentence for one that ends in between."""
    where = ("aks", "command", "result", *_CLUSTER, "--command-id", identifier, "--output", "json")

    def document() -> dict | None:
        said = azure.az(*where).stdout
        return json.loads(said) if said.startswith("{") else None

    return wait.until(document, "the command's end", 60)


def _invoke(azure, line: str, *more: object) -> dict:
    return azure.ok("aks", "command", "invoke", *_CLUSTER, "--command", line, *more)


@pytest.fixture
def argocd(azure, estate):
    """What asks for the extension, once it was put with these settings."""
    azure.ok("provider", "register", "--namespace", "Microsoft.KubernetesConfiguration", "--wait")
    path = f"{estate.cluster}/providers/Microsoft.KubernetesConfiguration/extensions/argocd"
    version = "2024-11-01"
    at = ("--url", f"{path}?api-version={version}")

    def put(settings: dict[str, str]) -> tuple[str, ...]:
        whole = {"properties": {"extensionType": "microsoft.argocd", "configurationSettings": settings}}
        azure.ok("rest", "--method", "put", *at, "--body", json.dumps(whole))
        return ("--ids", path, "--api-version", version)

    yield put
    azure.ok("rest", "--method", "delete", *at)
    wait.until(lambda: azure.az("rest", "--method", "get", *at).returncode, "the extension's end", 60)


_WAIT = ("--created", "--interval", "1", "--timeout", "30")


def test_argo_cd_is_an_extension_of_the_cluster(azure, argocd):
    asked = argocd({"redis-ha.enabled": "false"})
    azure.ok("resource", "wait", *asked, *_WAIT)
    assert azure.ok("resource", "show", *asked)["properties"]["provisioningState"] == "Succeeded"


def test_argo_cd_is_highly_available_unless_told_otherwise_and_fails_where_nodes_do_not_suffice(
    azure, argocd
):
    asked = argocd({})
    azure.refused("resource", "wait", *asked, *_WAIT)
    shown = azure.ok("resource", "show", *asked)["properties"]
    assert shown["provisioningState"] == "Failed" and "nodes do not suffice" in json.dumps(shown)
