"""What a delivery costs beside the same work by hand.

Both are done in turns, and their ratio counts: a machine's load hardly moves it.
"""

import resource
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from aks_flow.core.image_ref import ImageRef
from aks_flow.gitflow import source
from aks_flow.gitops.deliver import deliver
from aks_flow.gitops.wait.arrival import wait_for_arrival
from aks_flow.image import build
from aks_flow.push.plan import PushPlan
from aks_flow.push.planning import read_plan
from aks_flow.push.request import PushRequest
from aks_flow.rehearsal.scenarios import app_change, clone_tasks, routes, workspace
from aks_flow.rehearsal.scenarios.bench.by_hand import STAYS_UP, ByHand
from aks_flow.rehearsal.scenarios.bench.clock import seconds
from aks_flow.rehearsal.scenarios.bench.figure import Figure
from aks_flow.rehearsal.scenarios.push_and_pull import pull_path, push_path
from aks_flow.target.api_proxy import through_proxy
from aks_flow.target.delivery import DeliveryContext


@dataclass
class MeasuredPair:
    """Samples of a task and of the same by hand, taken in turns. extra: seconds that are granted to the hand.

    most: the ratio that must not be exceeded; None: it is for comparison only.
    """

    name: str
    most: float | None
    hand: str
    extra: float = 0
    tasks: list[float] = field(default_factory=list)
    hands: list[float] = field(default_factory=list)

    def sample(self, task: Callable[[], object], by_hand: Callable[[], object]) -> None:
        self.tasks.append(seconds(task))
        self.hands.append(seconds(by_hand))

    @property
    def figures(self) -> list[Figure]:
        """The ratio with its limit, and both sides in seconds."""
        ratios = [ours / (theirs + self.extra) for ours, theirs in zip(self.tasks, self.hands, strict=True)]
        more = f" and {self.extra:g} s" if self.extra else ""
        return [
            Figure(f"{self.name} / {self.hand}{more}", "x", self.most, ratios),
            Figure(self.name, "s", None, self.tasks),
            Figure(self.hand, "s", None, self.hands),
        ]


def measure(context: DeliveryContext, runs: int) -> list[Figure]:
    """A one-line change and nothing to do, by push; a version by pull; and the CPU seconds of a push."""
    repo = workspace.clone(context.run, context.config)
    push_path.deliver(context, repo)
    bench = _Paired(context, repo)
    pushes = [bench.push(turn) for turn in range(runs)]
    for _ in range(runs):
        bench.no_op()
    pull_path.deliver_release(context, repo)
    bench.even_out()
    for turn in range(runs):
        bench.pull(turn)
    work = Figure("push: CPU seconds of its processes, the engine's left out", "s", None, pushes)
    return [*bench.pushed.figures, work, *bench.idle.figures, *bench.pulled.figures]


class _Paired:
    def __init__(self, context: DeliveryContext, repo: Path):
        self._context, self._repo = context, repo
        self._hand = ByHand(context, repo)
        self.pushed = MeasuredPair(
            "push, one-line change",
            1.15,
            "docker build, docker push, kubectl set image, kubectl rollout status",
            STAYS_UP,
        )
        self.idle = MeasuredPair(
            "push with nothing to do", 1.5, "kubectl diff of the same and the start of Python"
        )
        self.pulled = MeasuredPair(
            "pull, version to healthy", 1.3, "git push, kubectl apply, rollout status", STAYS_UP
        )

    def push(self, turn: int) -> float:
        """CPU seconds of the push."""
        self._change(f"push {turn}")
        before = _work_of_children()
        self.pushed.tasks.append(seconds(self._push))
        work = _work_of_children() - before
        self._change(f"hand {turn}")
        self.pushed.hands.append(seconds(lambda: self._hand.push(str(turn))))
        return work

    def no_op(self) -> None:
        self._push()
        manifest = self._plan(routes.pushed_to(self._context.config)).manifest
        self.idle.sample(self._push, lambda: self._hand.compare(manifest))

    def even_out(self) -> None:
        """Have the hand's environment run as many pods as the one that is pulled to."""
        self._hand.pull(self._pulled_manifest())

    def pull(self, turn: int) -> None:
        """Only what comes after the image: that is the same on both sides."""
        self._change(f"pull {turn}")
        inside = workspace.working_in(self._context, self._repo)
        built = build.ensure(inside, source.read(inside.run, self._repo, inside.config.branches)).image
        manifest = self._pulled_manifest()
        self.pulled.sample(lambda: self._deliver(inside, built), lambda: self._hand.pull(manifest))

    def _deliver(self, inside: DeliveryContext, built: ImageRef) -> None:
        environment = routes.pulled_to(inside.config)
        deliver(inside, environment, built.tag)
        with through_proxy(inside, environment) as quick:
            wait_for_arrival(quick, environment, "", lambda text: None)

    def _change(self, text: str) -> None:
        workspace.change(
            self._context.run, self._context.config, self._repo, f"{app_change.fresh_text()}, {text}"
        )

    def _pulled_manifest(self) -> str:
        """What is pulled, in the namespace that the hand uses: Argo CD would put its own back."""
        config = self._context.config
        plan = self._plan(routes.pulled_to(config))
        here = config.environment(routes.pushed_to(config)).namespace
        return plan.manifest.replace(plan.namespace, here)

    def _plan(self, environment: str) -> PushPlan:
        return read_plan(workspace.working_in(self._context, self._repo), PushRequest(environment))

    def _push(self) -> None:
        """`./inv push` in the clone, with this environment and these stand-ins."""
        config = self._context.config
        push = clone_tasks.task(self._repo, "push", "--env", routes.pushed_to(config))
        self._context.run.run(push.with_env(**clone_tasks.variables(config, self._repo)))


def _work_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
