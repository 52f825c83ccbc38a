"""A preview by pull: its label and its folder, at a GitHub of the rehearsal's kind; and who must be there."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aks_flow.core.command import Result
from aks_flow.core.config.load import load
from aks_flow.core.errors import AksFlowError
from aks_flow.core.steps import Silent, Steps
from aks_flow.gitops.branch.branch import open_branch
from aks_flow.gitops.branch.init import init_branch
from aks_flow.gitops.branch.write import BranchWriter, FolderChange
from aks_flow.preview import by_pull, clean, down
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.argocd import Application, ArgoCD, Operation
from aks_flow.tools.kubectl import Kubectl
from tests.unit.gitflow.conftest import alone, repo  # noqa: F401
from tests.unit.gitflow.hosted_team import AskingGitHub, HostedTeam
from tests.unit.planned import Planned
from tests.unit.preview.test_comment import team  # noqa: F401

IN_ARGOCD = "kubectl --context=rehearsal --namespace=argocd"
SET = f"{IN_ARGOCD} get applicationsets.argoproj.io/vote-preview --ignore-not-found --output=name"
LOOK = (
    f"{IN_ARGOCD} annotate applicationsets.argoproj.io vote-preview"
    " argocd.argoproj.io/application-set-refresh=true --overwrite"
)
APPLICATION = f"{IN_ARGOCD} get applications.argoproj.io vote-preview-1 --ignore-not-found --output=json"
BEGAN = "2026-01-01T00:00:00Z"
GOING = Application("vote-preview-1", operation=Operation(began=BEGAN))
ENDING = str(ArgoCD(Kubectl(context="rehearsal", namespace="argocd")).terminate(GOING))


class Both(Planned):
    """gh and git are real, kubectl's answers are planned."""

    def __init__(self, answers: dict, variables: dict):
        super().__init__(answers)
        self._real = AskingGitHub(variables)

    def run(self, command):
        return super().run(command) if command.argv[0] == "kubectl" else self._real.run(command)


def context(team: HostedTeam, settings, **answers) -> DeliveryContext:  # noqa: F811
    settings |= {"previews": {"namespace": "vote-preview"}}
    settings["targets"]["rehearsal"]["repository"] = str(team.hub.repository)
    config = load(settings, team.work.path).with_preview(1)
    return DeliveryContext(Both(answers, team.variables), None, config, Steps(Silent()))


@pytest.fixture
def written(team, settings):  # noqa: F811
    """Its folder is on the branch, beside dev's; the request has its label."""
    made = context(team, settings, **{APPLICATION: "", LOOK: ""})
    branch = open_branch(made.run, made.config, history=True)
    init_branch(branch)
    for name in ("dev", "preview-1"):
        writer, tree = BranchWriter(branch, name), team.work.git("rev-parse", "HEAD^{tree}")
        while True:
            writer.fetch()
            if writer.write(FolderChange(tree, None, f"Deliver to {name}\n", "")):
                break
    assert team.gh("issues/1/labels", "POST", labels=["preview"]).code == 0
    return made


def labels(team: HostedTeam) -> list[str]:  # noqa: F811
    return [item["name"] for item in team.request(1)["labels"]]


def folders(team: HostedTeam) -> list[str]:  # noqa: F811
    return team.at_origin("ls-tree", "--name-only", "gitops").split()


def test_a_preview_s_end_takes_label_and_folder_and_nothing_else(team, written, monkeypatch):  # noqa: F811
    monkeypatch.setattr(down, "down", lambda *_: False)
    assert by_pull.remove(written, 1)
    assert labels(team) == [] and "preview-1" not in folders(team) and "dev" in folders(team)
    assert written.run.lines[0] == LOOK  # before it is waited for
    assert not by_pull.remove(written, 1)


def test_a_dry_end_changes_nothing(team, written, monkeypatch):  # noqa: F811
    monkeypatch.setattr(down, "down", lambda *_: False)
    monkeypatch.setattr(by_pull, "_unlabel", lambda *_: False)
    assert by_pull.remove(replace(written, dry=True), 1)
    assert "preview-1" in folders(team)


def test_an_application_that_stays_is_an_error(written, monkeypatch):
    monkeypatch.setattr(by_pull, "PAUSE", 0.01)
    stays = replace(written, config=replace(written.config, deadline=1))
    stays.run.answers[APPLICATION] = application()
    with pytest.raises(AksFlowError, match="the end of the preview's Application did not happen"):
        by_pull.remove(stays, 1)


@pytest.mark.parametrize(
    ("metadata", "phase", "is_ended"),
    [
        ({"deletionTimestamp": "2026-01-01T00:00:00Z"}, "Running", True),
        ({"deletionTimestamp": "2026-01-01T00:00:00Z"}, "Succeeded", False),
        ({}, "Running", False),
    ],
    ids=["it goes, and its sync hangs", "it goes", "GitHub has not been asked yet"],
)
def test_a_sync_does_not_keep_an_application_that_goes(written, monkeypatch, metadata, phase, is_ended):
    monkeypatch.setattr(by_pull, "PAUSE", 0.01)
    going = replace(written, config=replace(written.config, deadline=1))
    going.run.answers |= {APPLICATION: application(phase, **metadata), ENDING: ""}
    with pytest.raises(AksFlowError):
        by_pull.remove(going, 1)
    assert (ENDING in going.run.lines) is is_ended


def application(phase: str = "Succeeded", **metadata: str) -> str:
    state = {"phase": phase, "startedAt": BEGAN, "syncResult": {"revision": "b" * 40}}
    status = {"operationState": state}
    item = {"kind": "Application", "metadata": {"name": "vote-preview-1", **metadata}, "status": status}
    return json.dumps(item)


def test_a_folder_is_as_old_as_its_last_commit(written, monkeypatch):
    now = datetime.now(UTC)
    [(number, moment)] = by_pull.folders(written).items()
    assert number == 1 and now - moment < timedelta(minutes=10)


def test_a_folder_without_a_namespace_is_cleaned_up_too(written):
    base = "kubectl --context=rehearsal"
    history = "--selector=app.kubernetes.io/managed-by=aks-flow,app.kubernetes.io/component=history"
    written.run.answers |= {
        f"{base} get namespaces --output=json": json.dumps({"kind": "List", "items": []}),
        f"{base} --namespace=vote-preview-1 get secrets --output=json {history}": "",
    }
    now, old = datetime.now(UTC), datetime(2026, 1, 1, tzinfo=UTC)
    assert [item.why for item in clean.read(written, now, {1: now})] == [""]
    [preview] = clean.read(written, now, {1: old})
    assert preview.number == 1 and "older than 72 hours" in preview.why


@pytest.mark.parametrize("answer", ["", Result(1, b"", b"error: the server doesn't have a resource type")])
def test_without_an_application_set_nothing_is_delivered_by_pull(team, settings, answer):  # noqa: F811
    made = context(team, settings, **{SET: answer})
    with pytest.raises(
        AksFlowError, match=r"no Applications of pull requests.*argocd\.apply.*without --pull"
    ):
        by_pull.check(made)


def test_an_application_set_is_enough(team, settings):  # noqa: F811
    by_pull.check(context(team, settings, **{SET: "applicationset.argoproj.io/vote-preview\n"}))
