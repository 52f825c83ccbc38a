"""What the cluster has to say about a bad rollout: events and logs, the right ones and fit to be read."""

import json

import pytest

from aks_flow.core.command import Result
from aks_flow.rollout.verdict import verdict
from aks_flow.rollout.verdict.ages import Ages
from aks_flow.rollout.verdict.facts import read
from aks_flow.rollout.verdict.goal import GoalTarget, RolloutGoal
from aks_flow.rollout.watch.evidence import gather
from aks_flow.rollout.watch.watch import Observation
from aks_flow.tools.kubectl import Kubectl
from tests.unit.planned import Planned
from tests.unit.rollout.verdict.objects import CRASHED, deployment, event, pod, replica_set

CLUSTER = Kubectl(context="c", namespace="shop")
KUBECTL = "kubectl --context=c --namespace=shop"
EVENTS = f"{KUBECTL} get events --output=json"
LOG = f"{KUBECTL} logs web-new-1 --container=web --tail=20 --previous={{}}"
GOAL = RolloutGoal("shop", (GoalTarget("Deployment", "web"),))
NO_LOG = "unable to retrieve container logs for containerd://0fb"
NO_LINK = (
    'failed to try resolving symlinks in path "/var/log/pods/shop_web": lstat: no such file or directory'
)
GONE = Result(1, b"", b"Error from server (BadRequest): previous terminated container not found")


def seen(restarts: int, *events: dict) -> Observation:
    """A crash, at the deadline."""
    items = [deployment(1, 1, 0), replica_set(), pod(ready=False, state=CRASHED, restarts=restarts), *events]
    facts = read(GOAL, items)
    return Observation(verdict.judge(facts, Ages(overdue=True)), facts)


def lines(restarts: int, **answers) -> tuple[str, ...]:
    """The log that is shown; current, previous: what kubectl answers."""
    named = {LOG.format(str(key == "previous").lower()): answer for key, answer in answers.items()}
    [finding] = gather(Planned({EVENTS: "", **named}), CLUSTER, seen(restarts))
    return finding.log


LOGS = {
    "of the run before": (2, {"previous": "boom"}, ("boom",)),
    "the run before has none": (2, {"previous": GONE, "current": "boom"}, ("boom",)),
    "its file is gone": (2, {"previous": NO_LOG, "current": "boom"}, ("boom",)),
    "its link is gone": (2, {"previous": NO_LINK, "current": "boom"}, ("boom",)),
    "not restarted": (0, {"current": "boom"}, ("boom",)),
    "not restarted, and its file is gone": (0, {"current": NO_LOG, "previous": "boom"}, ("boom",)),
    "it printed nothing": (2, {"previous": " \n", "current": "boom"}, ("boom",)),
    "there is none": (2, {"previous": NO_LOG, "current": GONE}, ()),
    "it speaks of logs": (0, {"current": f"error: {NO_LOG}"}, (f"error: {NO_LOG}",)),
}


@pytest.mark.parametrize(("restarts", "answers", "shown"), LOGS.values(), ids=LOGS)
def test_a_log_that_could_not_be_fetched_is_not_the_log(restarts, answers, shown):
    assert lines(restarts, **answers) == shown


def test_lines_are_cut_and_control_characters_shown():
    [coloured, long] = lines(0, current="\x1b[31mboom\x07\n" + "x" * 10_000)
    assert coloured == "\\x1b[31mboom\\x07"
    assert long == "x" * 500 + "… (10000 characters)"


def test_events_and_texts_are_fit_to_be_read_too():
    said = event("uid-web-new-1", "Failed", "bad\x1b[2J " + "y" * 9_000)
    answers = {
        EVENTS: json.dumps({"kind": "List", "items": [said]}),
        LOG.format("false"): "",
        LOG.format("true"): "",
    }
    [finding] = gather(Planned(answers), CLUSTER, seen(0))
    assert finding.events[0].startswith("Failed: bad\\x1b[2J yyy") and len(finding.events[0]) < 550


def test_without_an_answer_the_events_are_those_that_were_seen_before():
    said = event("uid-web-new-1", "BackOff", "Back-off restarting")
    away = Result(1, b"", b"The connection to the server was refused")
    answers = {EVENTS: away, LOG.format("false"): away, LOG.format("true"): away}
    [finding] = gather(Planned(answers), CLUSTER, seen(0, said))
    assert finding.events == ("BackOff: Back-off restarting",)
