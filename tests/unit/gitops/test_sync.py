"""Which sync is started, and with what."""

import json
import re
from functools import partial
from pathlib import Path

import pytest

from aks_flow.core.command import Command, Result
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import CommandFailed, Local
from aks_flow.gitops.branch.branch import Branch
from aks_flow.gitops.sync import STARTED, UNCHANGED, has_awaited, is_started, status_of
from aks_flow.gitops.wait.awaited_commit import AwaitedCommit
from aks_flow.tools import argocd
from aks_flow.tools.argocd import ArgoCD
from aks_flow.tools.kubectl import Kubectl
from tests.unit.gitops.branch.test_history import WHO, commit, git, write
from tests.unit.gitops.objects import application

OLD, NEW = "b" * 40, "c" * 40
READ = {"metadata": {"name": "vote-dev", "resourceVersion": "7"}}
START = ArgoCD(Kubectl()).sync(READ, NEW)


class Answering:
    """A runner whose one answer is the API server's to a patch."""

    def __init__(self, code: int, said: str):
        self._answer = Result(code, b"", f"Error from server {said}".encode() if said else b"")

    def run(self, command: Command) -> Result:
        return self._answer


@pytest.mark.parametrize(
    ("item", "status"),
    [
        (application(NEW, "OutOfSync", operation=OLD), STARTED),
        (application(NEW, "OutOfSync", phase="Failed"), STARTED),
        (application(OLD), STARTED),
        (application(NEW), UNCHANGED),
        (application(NEW, phase="Failed"), STARTED),
        (application(NEW, phase="Failed", operation=OLD), UNCHANGED),
        (application(NEW, "OutOfSync", phase="Running"), UNCHANGED),
        (application(NEW, "OutOfSync", phase="Failed", asked=NEW), UNCHANGED),
    ],
)
def test_a_sync_is_started_unless_it_runs_or_is_done(item, status):
    assert status_of(argocd.parse(item), partial(str.__eq__, NEW), "dev") == status


def test_a_later_commit_that_leaves_the_environment_as_it_was_has_the_awaited_one(tmp_path, monkeypatch):
    for name, value in {"GIT_CONFIG_GLOBAL": "/dev/null", **WHO}.items():
        monkeypatch.setenv(name, value)
    git(tmp_path, "init", "--quiet", "--initial-branch=gitops")
    before, awaited, others, held, changed = (
        committed(tmp_path, *file)
        for file in (
            ("dev/front.yaml", "1"),
            ("dev/front.yaml", "2"),
            ("staging/front.yaml", "1"),
            ("dev/hold.yaml", "an outage"),
            ("dev/front.yaml", "1"),
        )
    )
    branch = Branch(Local(), tmp_path, str(tmp_path), "gitops", ("front",), {})
    has = partial(has_awaited, branch, AwaitedCommit("dev", awaited, ImageRef.parse("host/front:1.0.0")))
    assert [has(revision) for revision in (awaited, others, held)] == [True, True, True]
    assert [has(revision) for revision in (before, changed, OLD)] == [False, False, False]


def committed(repo: Path, name: str, text: str) -> str:
    """The commit that writes a file."""
    write(repo / name, text)
    commit(repo, name)
    return git(repo, "rev-parse", "HEAD").strip()


@pytest.mark.parametrize(
    ("other", "remark"),
    [
        (application(NEW, "OutOfSync", phase="Running", operation=OLD, message="waits"), " (waits)"),
        (application(NEW, "OutOfSync", phase="Running", operation=OLD, message=""), ""),
        (application(NEW, "OutOfSync", asked=OLD), " (waiting to start)"),
    ],
)
def test_no_sync_is_started_beside_another(other, remark):
    words = rf"a sync of commit bbbbbbbbbbbb runs{re.escape(remark)}\. .*gitops\.wait dev"
    with pytest.raises(AksFlowError, match=words):
        status_of(argocd.parse(other), partial(str.__eq__, NEW), "dev")


@pytest.mark.parametrize(("code", "said", "started"), [(0, "", True), (1, "(Conflict): modified", False)])
def test_a_sync_that_somebody_wrote_before_is_asked_for_again(code, said, started):
    assert is_started(Answering(code, said), START) is started


def test_a_sync_that_the_server_refuses_is_a_failure():
    with pytest.raises(CommandFailed, match="may not patch"):
        is_started(Answering(1, "(Forbidden): may not patch"), START)


def test_a_sync_is_of_one_commit_with_the_policy_s_options_and_only_of_what_was_read():
    """A retry with ``refresh`` would be of whatever the branch has by then."""
    policy = {"syncOptions": ["FailOnSharedResource=true"], "retry": {"limit": 2, "refresh": True}}
    *_, patch = ArgoCD(Kubectl()).sync(READ | {"spec": {"syncPolicy": policy}}, NEW).argv
    assert json.loads(patch.removeprefix("--patch=")) == {
        "metadata": {"resourceVersion": "7"},
        "status": {"operationState": None},
        "operation": {
            "initiatedBy": {"username": "aks-flow"},
            "sync": {"revision": NEW, "prune": True, "syncOptions": ["FailOnSharedResource=true"]},
            "retry": {"limit": 2},
        },
    }


@pytest.mark.parametrize(
    ("policy", "automated"),
    [
        ({}, False),
        ({"automated": {}}, True),
        ({"automated": {"enabled": False}}, False),
        ({"automated": {"enabled": True}}, True),
    ],
)
def test_an_automation_that_is_switched_off_is_none(policy, automated):
    item = {"metadata": {"name": "vote-dev"}, "spec": {"syncPolicy": policy}}
    assert argocd.parse(item).automated is automated
