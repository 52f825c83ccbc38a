"""Waiting for a commit: what is asked of Argo CD, and what if the API server gives no answer."""

import json

import pytest

from aks_flow.core import patience
from aks_flow.core.command import Result
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.patience import Patient
from aks_flow.core.runner import CommandFailed
from aks_flow.core.steps import Silent, Steps
from aks_flow.gitops.wait.awaited_commit import AwaitedCommit
from aks_flow.gitops.wait.verdict import WAITING, ArrivalVerdict
from aks_flow.gitops.wait.watch import ArrivalWatch, FirstLook, ask_to_look
from aks_flow.rollout.verdict.goal import RolloutGoal
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools import argocd
from tests.unit.planned import Planned

AWAY = Result(1, b"", b"The connection to the server 10.0.0.1:6443 was refused")
APPLICATION = {"kind": "Application", "metadata": {"name": "vote-dev"}}


class AwayAtFirst:
    """A server that answers from its second answer on."""

    def __init__(self):
        self.asked = 0

    def run(self, command) -> Result:
        self.asked += 1
        if self.asked == 1:
            raise CommandFailed(command, AWAY)
        return Result(0, json.dumps(APPLICATION).encode(), b"")


@pytest.fixture
def watch(config, monkeypatch) -> ArrivalWatch:
    monkeypatch.setattr(patience, "PAUSE", 0)
    context = DeliveryContext(Patient(AwayAtFirst()), registry=None, config=config, steps=Steps(Silent()))
    return ArrivalWatch(context, None, AWAITED, GOAL, pytest.fail)


def test_the_wait_begins_although_nobody_answers_for_a_moment(watch):
    watch.expect_application()
    assert watch.application() == APPLICATION


def test_a_look_does_not_ask_again_since_the_time_would_count(watch):
    with pytest.raises(CommandFailed):
        watch.ask()


ARGOCD = "kubectl --context=rehearsal --namespace=argocd"
SHOWN = f"{ARGOCD} get applications.argoproj.io vote-dev --ignore-not-found --output=json"
REFRESH = f"{ARGOCD} annotate applications.argoproj.io vote-dev argocd.argoproj.io/refresh=normal --overwrite"
ANEW = REFRESH.replace("=normal", "=hard")
CACHED = "rpc error: code = Unknown desc = Manifest generation error (cached): signal: killed"
GOAL = RolloutGoal("vote-dev", ())
AWAITED = AwaitedCommit("dev", "1" * 40, ImageRef("localhost:5050", "front", "1.5.0"))


def at(revision: str, *messages: str) -> str:
    """messages: of its errors."""
    conditions = [{"type": "ComparisonError", "message": message} for message in messages]
    status = {"sync": {"revision": revision}, "conditions": conditions}
    return json.dumps(APPLICATION | {"status": status})


def delivery(config, answers) -> DeliveryContext:
    return DeliveryContext(Planned(answers), registry=None, config=config, steps=Steps(Silent()))


@pytest.mark.parametrize(
    ("answers", "first"),
    [
        ({SHOWN: at("0" * 40), REFRESH: ""}, FirstLook(shown=True, asked=True)),
        ({SHOWN: at("gitops", CACHED), ANEW: ""}, FirstLook(shown=True, asked=True)),
        ({SHOWN: at("1" * 40)}, FirstLook(shown=True)),
        ({SHOWN: ""}, FirstLook()),
        ({SHOWN: at("0" * 40), REFRESH: AWAY}, FirstLook(shown=True)),
        ({SHOWN: AWAY}, FirstLook()),
    ],
    ids=["behind", "an error that is remembered", "there", "no Application", "may not ask", "no answer"],
)
def test_argo_cd_is_asked_to_look_only_if_it_is_behind(config, answers, first):
    context = delivery(config, answers)
    assert ask_to_look(context, AWAITED) == first
    assert context.run.lines == list(answers)


@pytest.mark.parametrize("shown", [True, False])
def test_an_application_that_was_shown_a_moment_ago_is_not_asked_for_again(config, shown):
    context = delivery(config, {SHOWN: at("0" * 40)})
    first = FirstLook(shown)
    ArrivalWatch(context, None, AWAITED, GOAL, pytest.fail, first).expect_application()
    assert context.run.lines == ([] if shown else [SHOWN])


@pytest.mark.parametrize("has_asked", [True, False])
def test_argo_cd_is_asked_again_only_if_it_was_not_asked_a_moment_ago(config, has_asked):
    context = delivery(config, {REFRESH: ""})
    first = FirstLook(asked=has_asked)
    watch = ArrivalWatch(context, None, AWAITED, GOAL, pytest.fail, first)
    watch._refresh(argocd.parse(APPLICATION), reached=False)
    assert context.run.lines == ([] if has_asked else [REFRESH])


def test_an_error_that_argo_cd_remembers_is_not_waited_for(config):
    """It would give the same answer for an hour, whatever was mended."""
    context = delivery(config, {ANEW: ""})
    watch = ArrivalWatch(context, None, AWAITED, GOAL, pytest.fail, FirstLook())
    watch._refresh(argocd.parse(json.loads(at("gitops", CACHED))), reached=False)
    assert context.run.lines == [ANEW]


def waiting(config, monkeypatch, answers: dict) -> ArrivalWatch:
    """A wait that has seen the Application, and has no verdict yet."""
    watch = ArrivalWatch(delivery(config, answers), None, AWAITED, GOAL, lambda text: None)
    monkeypatch.setattr(watch, "_judged", lambda *words: ArrivalVerdict(WAITING, "the sync"))
    assert watch.look([], overdue=False).text == "the cluster to show the Application"
    assert watch.look([APPLICATION], overdue=False).text == "the sync"
    return watch


def test_an_application_that_is_gone_is_not_waited_for(config, monkeypatch):
    watch = waiting(config, monkeypatch, {SHOWN: ""})
    with pytest.raises(AksFlowError, match="there is no Application vote-dev"):
        watch.look([], overdue=False)


def test_one_that_was_made_anew_is(config, monkeypatch):
    watch = waiting(config, monkeypatch, {SHOWN: json.dumps(APPLICATION)})
    assert watch.look([], overdue=False).text == "the cluster to show the Application"


def test_an_application_that_is_being_deleted_syncs_nothing_more(config, monkeypatch):
    """Argo CD syncs it no more; with the finalizer it removes the workloads: no fault of the commit."""
    watch = waiting(config, monkeypatch, {})
    metadata = APPLICATION["metadata"] | {"deletionTimestamp": "2026-01-01T00:00:00Z"}
    with pytest.raises(AksFlowError, match="Application vote-dev is being deleted.*argocd.apply"):
        watch.look([APPLICATION | {"metadata": metadata}], overdue=False)


EXCLUDED = "Resource /Endpoints database is excluded in the settings"


def test_what_argo_cd_leaves_out_of_the_commit_is_told_once(config):
    """Since v3.0 it brings no Endpoints, and is Synced nevertheless."""
    told: list[str] = []
    watch = ArrivalWatch(delivery(config, {}), None, AWAITED, GOAL, told.append)
    said = [{"type": "ExcludedResourceWarning", "message": EXCLUDED}, {"type": "SyncError", "message": "no"}]
    application = argocd.parse(APPLICATION | {"status": {"conditions": said}})
    watch._warn(application)
    watch._warn(application)
    assert told == [f"dev: Argo CD warns: {EXCLUDED}"]
