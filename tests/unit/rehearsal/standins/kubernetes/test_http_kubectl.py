"""The real kubectl finds a cluster."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from aks_flow.core.command import Command, Secret
from aks_flow.core.runner import stdin_of
from aks_flow.tools import kubectl as tool
from aks_flow.tools.kubectl import delete, get, patch
from tests.unit.rehearsal.standins.kubernetes.conftest import serving_kubectl

KUBECTL = Path(sys.executable).with_name("kubectl")
WEB = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: default}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "registry/web:1"}]}
"""


@dataclass
class Kubectl:
    kubeconfig: Path
    home: Path

    def __call__(self, *arguments: str, stdin: str = "", code: int = 0, expects: int = 0) -> str:
        """Standard output, or standard error of a failure. expects: an exit code that means no failure."""
        done = subprocess.run(
            [KUBECTL, *arguments],
            input=stdin,
            env={"KUBECONFIG": str(self.kubeconfig), "HOME": str(self.home), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == (code or expects), done.stderr
        return done.stderr if code else done.stdout


@pytest.fixture
def kubectl(tmp_path, monkeypatch):
    with serving_kubectl(tmp_path, monkeypatch):
        yield Kubectl(tmp_path / "kubeconfig", tmp_path)


def test_apply_creates_then_leaves_alone_then_changes(kubectl):
    assert kubectl("apply", "-f", "-", stdin=WEB) == "deployment.apps/web created\n"
    assert kubectl("apply", "-f", "-", stdin=WEB) == "deployment.apps/web unchanged\n"
    changed = WEB.replace("web:1", "web:2")
    assert (
        kubectl("apply", "-f", "-", "--dry-run=server", stdin=changed)
        == "deployment.apps/web configured (server dry run)\n"
    )
    assert kubectl("apply", "-f", "-", stdin=changed) == "deployment.apps/web configured\n"
    assert kubectl("get", "deploy", "web", "-o", "jsonpath={..image}") == "registry/web:2"


def test_objects_are_shown_in_kubectls_columns(kubectl):
    kubectl("apply", "-f", "-", stdin=WEB)
    header, row = kubectl("get", "deployments").splitlines()
    assert header.split() == ["NAME", "READY", "UP-TO-DATE", "AVAILABLE", "AGE"]
    assert row.split()[:4] == ["web", "0/2", "0", "0"]
    assert "deployment.apps/web" in kubectl("get", "all")


def test_what_is_wrong_is_said_as_usual(kubectl):
    unknown = kubectl("apply", "-f", "-", stdin=WEB.replace("replicas", "replcas"), code=1)
    assert 'strict decoding error: unknown field "spec.replcas"' in unknown
    assert kubectl("get", "deploy", "nosuch", code=1) == (
        'Error from server (NotFound): deployments.apps "nosuch" not found\n'
    )
    nowhere = kubectl("-n", "nosuch", "create", "configmap", "a", code=1)
    assert 'namespaces "nosuch" not found' in nowhere


def test_objects_are_changed_in_place(kubectl):
    kubectl("apply", "-f", "-", stdin=WEB)
    assert kubectl("scale", "deployment/web", "--replicas=3") == "deployment.apps/web scaled\n"
    assert (
        kubectl("set", "image", "deployment/web", "web=registry/web:3")
        == "deployment.apps/web image updated\n"
    )
    assert kubectl("annotate", "deployment/web", "a=b") == "deployment.apps/web annotated\n"
    assert kubectl("label", "deployment/web", "team=a") == "deployment.apps/web labeled\n"
    assert kubectl("rollout", "restart", "deployment/web") == "deployment.apps/web restarted\n"
    deployment = json.loads(kubectl("get", "deploy", "web", "-o", "json"))
    assert deployment["spec"]["replicas"] == 3
    assert deployment["spec"]["template"]["spec"]["containers"][0]["image"] == "registry/web:3"
    assert "kubectl.kubernetes.io/restartedAt" in deployment["spec"]["template"]["metadata"]["annotations"]


def test_secrets_are_created_from_literals(kubectl):
    assert kubectl("create", "secret", "generic", "s", "--from-literal=a=b") == "secret/s created\n"
    assert kubectl("create", "secret", "generic", "s", "--from-literal=a=b", code=1) == (
        'error: failed to create secret secrets "s" already exists\n'
    )
    assert kubectl("get", "secret", "s", "-o", "jsonpath={.data.a}") == "Yg=="


def test_waiting_ends_when_the_condition_comes(kubectl):
    kubectl("create", "configmap", "a", "--from-literal=k=v")
    assert (
        kubectl("wait", "configmap/a", "--for=jsonpath={.data.k}=v", "--timeout=5s")
        == "configmap/a condition met\n"
    )
    assert kubectl("delete", "configmap", "a", "--timeout=5s").startswith('configmap "a" deleted')


def test_fields_are_explained(kubectl):
    assert "rollingUpdate" in kubectl("explain", "deployment.spec.strategy")


def test_anything_is_allowed(kubectl):
    assert kubectl("auth", "can-i", "create", "deployments") == "yes\n"


def test_what_exists_is_told_in_detail_and_without_values(kubectl):
    def ask(*names: str) -> dict[str, get.Existing]:
        return get.parse_existing(run(get.existing_in_detail(place, *names)))

    def run(command: Command) -> str:
        return kubectl(*command.argv[1:], stdin=stdin_of(command).decode())

    place = tool.Kubectl(namespace="default")
    kubectl("create", "secret", "generic", "db", "--from-literal=password=opensesame")
    assert ask("secret/none", "lease/none") == {}
    [(name, alone)] = ask("secret/db").items()
    assert (name, alone.keys) == ("secret/db", {"password"})
    assert "opensesame" not in run(get.existing_in_detail(place, "secret/db", "namespace/default"))
    run(patch.secret(place, "db", Secret('{"data": {"user": "bWU="}}')))
    both = ask("secret/db", "namespace/default")
    assert {name: seen.keys for name, seen in both.items()} == {
        "secret/db": {"password", "user"},
        "namespace/default": set(),
    }


def test_a_pod_is_deleted_if_it_is_still_the_one_that_was_seen(kubectl):
    def remove(uid: str, code: int = 0) -> str:
        command = delete.pod(tool.Kubectl(namespace="default"), "one", uid)
        return kubectl(*command.argv[1:], stdin=stdin_of(command).decode(), code=code)

    kubectl("run", "one", "--image=registry/one:1")
    uid = kubectl("get", "pod", "one", "--output=jsonpath={.metadata.uid}")
    assert remove("of-another", code=1).startswith("Error from server (Conflict): ")
    assert f'"uid":"{uid}"' in remove(uid).replace(" ", "")
    assert remove(uid, code=1).startswith("Error from server (NotFound): ")
