"""`./inv rehearse --azure` as a person runs it: both paths with the real `az`, and no secret to be seen."""

import json
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import FIGURE
from tests.e2e.project import Project, clone
from tests.e2e.scale import only_in_full
from tests.ports import free_ports

BETWEEN = 0.25  # seconds between two looks at the processes


@contextmanager
def watched(seen: set[str]) -> Iterator[None]:
    """Collect the arguments of every process that runs meanwhile."""
    done = threading.Event()

    def look() -> None:
        while not done.wait(BETWEEN):
            for file in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    seen.add(file.read_text(errors="replace"))
                except OSError:
                    continue

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


@pytest.fixture(scope="module")
def told(cluster, tmp_path_factory):
    """The clone, the run's document, what it said besides, and the arguments of all processes meanwhile."""
    if cluster.standin is None:
        pytest.skip("the rehearsal brings a cluster of its own; this run is against a given one")
    api, registry, azure = free_ports(3)
    settings = {
        "INVOKE_REHEARSAL_API_PORT": str(api),
        "INVOKE_REHEARSAL_AZURE_PORT": str(azure),
        "INVOKE_TARGETS_REHEARSAL_REGISTRY": f"localhost:{registry}",
    }
    project, seen = clone(tmp_path_factory.mktemp("azure") / "a clone", settings), set()
    try:
        with watched(seen):
            answer = project.inv("rehearse", "--azure", "--json")
        assert answer.exit == 0, answer.stdout + answer.stderr
        yield project, json.loads(answer.stdout), answer.stdout + answer.stderr, seen
    finally:
        project.inv("rehearsal.down")


def test_both_paths_deliver_a_change_without_a_failed_request(told):
    push, pull = told[1]["deliveries"]
    assert (push["path"], push["environment"], push["reasons"]) == ("push", "dev", {})
    assert (pull["path"], pull["environment"], pull["reasons"]) == ("pull", "staging", {})
    assert push["sent"] > 50 and pull["sent"] > 50


def test_each_environment_runs_the_digest_that_was_delivered_there(told):
    for delivery in told[1]["deliveries"]:
        here = [pod for pod in told[1]["pods"] if pod["environment"] == delivery["environment"]]
        front = {pod["digest"] for pod in here if "/front:" in pod["image"] and pod["state"] == "ready"}
        assert front == {delivery["image"].rpartition("@")[2]}


def test_no_namespace_can_ask_less_of_its_pods(told):
    label = "pod-security.kubernetes.io/enforce=privileged"
    words = ["kubectl", "label", "namespace", "vote-production", label, "--overwrite", "--dry-run=server"]
    kubeconfig = told[0].repo / ".rehearsal" / "kubeconfig"
    answer = subprocess.run([*words, f"--kubeconfig={kubeconfig}"], capture_output=True, text=True)
    assert answer.returncode and "'aks-flow-vote-production' denied request: the label" in answer.stderr


def test_no_secret_is_in_an_argument_a_log_or_a_report(told, record_property):
    project, _, said, seen = told
    secrets = _secrets(project)
    assert len(secrets) >= 6
    texts = {"the report": said, "a process": "\n".join(seen), "git": _committed(project)}
    texts |= {str(file): file.read_text(errors="replace") for file in project.repo.rglob("*.log")}
    assert len(texts) > 5
    shown = {where for where, text in texts.items() if any(secret in text for secret in secrets)}
    record_property(FIGURE, f"secrets: {len(secrets)} seeded, in {len(shown)} of {len(texts)} outputs")
    assert shown == set()


def test_nothing_was_asked_of_the_world_outside(told):
    """Who wants another host than loopback asks the stand-in as a proxy, which refuses and notes it."""
    log = (told[0].repo / ".rehearsal" / "azure" / "azure.log").read_text()
    assert "leads nowhere" not in log and "GET /secrets/" in log


@only_in_full
def test_what_was_delivered_with_azure_s_secrets_does_not_meet_a_rehearsal_without(told):
    answer = told[0].inv("rehearse", "--json")
    assert answer.exit == 0, answer.stdout + answer.stderr


def _secrets(project: Project) -> set[str]:
    """What must stay hidden: the seed's, and the passwords in the vault."""
    folder = project.repo / ".rehearsal" / "azure"
    seed = json.loads((folder / "seed.json").read_text())
    with sqlite3.connect(folder / "azure.db") as database:
        rows = database.execute("SELECT document FROM documents WHERE kind = 'secret'").fetchall()
    values = {json.loads(text)["value"] for (text,) in rows}
    return values | {seed[name] for name in ("owner_secret", "request_token", "node_secret")}


def _committed(project: Project) -> str:
    """Every change on every branch of the rehearsal's repository."""
    argv = ["git", "-C", project.repo / ".rehearsal" / "origin.git", "log", "--all", "--patch", "-5"]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout
