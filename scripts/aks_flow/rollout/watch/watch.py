"""From a goal to its verdict: every snapshot is judged until one is good or bad."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from aks_flow.core.command import Command
from aks_flow.core.patience import impatient
from aks_flow.core.runner import Runner
from aks_flow.rollout.stuck_pods import PodReplacer
from aks_flow.rollout.verdict import facts, troubles, verdict
from aks_flow.rollout.verdict.ages import Stopwatch
from aks_flow.rollout.verdict.facts import RolloutFacts
from aks_flow.rollout.verdict.goal import RolloutGoal
from aks_flow.rollout.verdict.kinds import job_end
from aks_flow.rollout.verdict.objects import NamespaceObjects
from aks_flow.rollout.verdict.verdict import WAITING, RolloutVerdict
from aks_flow.rollout.watch import poll
from aks_flow.rollout.watch.decision import Sources, decide
from aks_flow.rollout.watch.server_clock import ServerClock
from aks_flow.rollout.watch.snapshot import AnsweredClock
from aks_flow.tools.kubectl import Kubectl, kinds, raw

QUIET = 3  # seconds without a word about what is waited for: most rollouts end within
ADDED = 300  # seconds that a new node takes in the cloud, from the autoscaler's word to its first pod
LONGER = 60  # seconds from the deadline to the moment when the server ends a watch that nobody has ended
_BESIDE = {"Deployment": "ReplicaSet", "DaemonSet": "ControllerRevision"}


@dataclass(frozen=True)
class Observation:
    """A verdict and the facts that it is about."""

    verdict: RolloutVerdict
    facts: RolloutFacts


def watch(
    run: Runner, cluster: Kubectl, goal: RolloutGoal, seconds: float, tell: Callable[[str], None]
) -> Observation:
    """Watch all workloads of the goal together; BAD at the latest after ``seconds`` with an answer.

    Once an autoscaler adds a node, that is `ADDED` seconds later. Pods that an applied StatefulSet would
    wait for without end are deleted.
    ``tell`` hears what is waited for, once that takes long. CommandFailed if the cluster refuses to tell, or
    does not answer for long.
    """
    run, clock = impatient(run), AnsweredClock()
    judge = Judge(clock, ServerClock(run, cluster))
    replace_stuck = PodReplacer(run, cluster, tell, goal.restores)
    applied = [target for target in goal.targets if target.generation]  # of what stands nothing is to change

    def judged(items: list[dict]) -> Observation | None:
        seen = judge(goal, items, clock() >= seconds + judge.longer)
        if seen.verdict.kind != WAITING:
            return seen
        if clock() >= QUIET:
            tell(seen.verdict.waits_for)
        replace_stuck(NamespaceObjects(items), applied)
        return None

    sources = Sources(run, commands(cluster, goal, seconds + ADDED), lambda: objects(run, cluster, goal))
    return decide(sources, clock, judged, tell)


def look(run: Runner, cluster: Kubectl, goal: RolloutGoal, proven: bool = False) -> Observation:
    """The verdict that one look allows: mostly GOOD of what has long rolled out, or WAITING.

    proven: whether these manifests were seen to be good before.
    """
    return judge_once(run, cluster, goal, objects(run, cluster, goal), proven)


def judge_once(
    run: Runner, cluster: Kubectl, goal: RolloutGoal, items: list[dict], proven: bool
) -> Observation:
    """As `look`, of objects that are here. What time it is for the cluster is asked if that counts."""
    current = facts.read(goal, items)
    stopwatch = Stopwatch(today=ServerClock(run, cluster))
    ages = replace(stopwatch.look(verdict.marks(current)), proven=proven)
    return Observation(verdict.judge(current, ages), current)


class Judge:
    """Judges snapshots one after the other, and remembers how long things have lasted by the clock.

    And how Jobs have ended: one may remove itself after that.
    """

    def __init__(self, clock: Callable[[], float], today: Callable[[], float | None] = lambda: None):
        """today: as of `Stopwatch`."""
        self._stopwatch = Stopwatch(clock, today)
        self._ended: dict[str, dict] = {}
        self.longer = 0  # seconds that a deadline is to be put off by, for what was seen

    def __call__(self, goal: RolloutGoal, items: list[dict], overdue: bool) -> Observation:
        current = facts.read(goal, [*items, *self._gone(items)])
        if troubles.adds_node(current.workloads):
            self.longer = ADDED
        ages = self._stopwatch.look(verdict.marks(current), overdue)
        return Observation(verdict.judge(current, ages), current)

    def _gone(self, items: list[dict]) -> list[dict]:
        """The Jobs that were seen at their end and are not there any more."""
        jobs = {item["metadata"]["name"]: item for item in items if item["kind"] == "Job"}
        self._ended |= {name: job for name, job in jobs.items() if job_end(job)}
        return [job for name, job in self._ended.items() if name not in jobs]


def objects(run: Runner, cluster: Kubectl, goal: RolloutGoal) -> list[dict]:
    """What tells about a goal, now."""
    return poll.snapshot(run, cluster, kinds_of(goal))


def commands(cluster: Kubectl, goal: RolloutGoal, seconds: float) -> dict[str, Command]:
    """What tells about a goal, as it changes: for each kind the command that watches it."""
    longer = int(seconds) + LONGER
    return {kind: raw.watch(cluster, *kinds.WATCHED[kind], longer) for kind in kinds_of(goal)}


def kinds_of(goal: RolloutGoal) -> list[str]:
    """The kinds of objects that tell about a goal, the workloads' own first."""
    own = sorted(goal.kinds)
    beside = [_BESIDE[kind] for kind in own if kind in _BESIDE]
    return [*own, *beside, "Pod", "Event", *(["EndpointSlice"] if goal.services else [])]
