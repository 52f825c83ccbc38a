"""One feature's way through GitFlow's branches, each push waiting for the workflows that it starts."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from aks_flow.core import wait
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.moment import MOMENT
from aks_flow.core.steps import Silent, Step, Steps
from aks_flow.gitflow import finish, start
from aks_flow.gitflow.flow import Flow, open_flow
from aks_flow.gitflow.version import next_minor
from aks_flow.image.names import app_repository
from aks_flow.rehearsal.scenarios import app_change, routes, workspace
from aks_flow.rehearsal.scenarios.gitflow import by_request, developer_clone
from aks_flow.rehearsal.standins.github import github_process
from aks_flow.rehearsal.standins.github.event import PULL_REQUEST
from aks_flow.rehearsal.standins.github.hub import Hub
from aks_flow.rehearsal.standins.github.runs import ENDED, SKIPPED, SUCCESS, GrowingLog, Run
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.act import Log
from aks_flow.tools.git import remotes
from aks_flow.tools.kubectl import get

_RUNS_END_WITHIN = 1800  # seconds; the first check runs all unit tests, and a machine may be slow
_LOOK_EVERY = 0.5  # seconds
_LAST_LINES = 10


@dataclass(frozen=True)
class BranchPush:
    """A branch that was pushed, and what that led to.

    at: seconds since the epoch. runs: those that it started, ended. environment, image: what was delivered
    to, and what it runs afterwards; "" and None if nothing was.
    """

    branch: str
    at: float = field(metadata=MOMENT)
    runs: list[Run]
    environment: str = ""
    image: ImageRef | None = None


@dataclass(frozen=True)
class CycleResult:
    """A whole cycle.

    requests: whether branches were merged by pull requests. version: what it released. builds: how many
    images the last merge's runs built. candidate, final: what the environments ran at last that a release
    branch and main reach.
    """

    mode: str
    requests: bool
    version: str
    pushes: list[BranchPush]
    builds: int
    candidate: ImageRef
    final: ImageRef

    @property
    def seconds(self) -> float:
        """From the first push to the end of the last run."""
        return max(run.ended for run in self.pushes[-1].runs) - self.pushes[0].at


@dataclass
class ReleaseCycle:
    """``repo``: the developer's clone. ``run`` goes through all of it.

    requests: merge by pull requests, not by pushes.
    """

    context: DeliveryContext
    hub: Hub
    repo: Path
    mode: str
    requests: bool = False
    pushes: list[BranchPush] = field(default_factory=list)

    def run(self) -> CycleResult:
        """AksFlowError if a run fails, or if production gets another image than staging had."""
        config, feature = self.context.config, f"edition-{datetime.now():%H%M%S}"
        version = str(next_minor(self._flow().last_release()))
        start.start(self._flow(), "feature", feature)
        developer_clone.take_over(self.context, self.repo)
        workspace.change(self.context.run, config, self.repo, app_change.fresh_text())
        self._publish(routes.feature(config, feature))
        self._push(routes.develop(config), lambda step: self._finish("feature", feature, step))
        candidate = self._push(routes.release(config, version), lambda _: self._release(version))
        final = self._push(routes.main(config), lambda step: self._finish("release", version, step))
        builds = self._builds(self.pushes[-1].runs)
        result = CycleResult(self.mode, self.requests, version, self.pushes, builds, candidate, final)
        _check_built_once(result)
        return result

    def _flow(self) -> Flow:
        run = by_request.runner(self.context.run, self.hub) if self.requests else self.context.run
        config = self.context.config
        return open_flow(run, self.repo, config.branches, Steps(Silent()), config.environments)

    def _finish(self, kind: str, name: str, step: Step) -> None:
        if not self.requests:
            finish.finish(self._flow(), kind, push=True)
            return
        by_request.finish(self._flow(), self.hub, kind, name, lambda: self._all_checked(step))

    def _all_checked(self, step: Step) -> None:
        """What pull requests started: checks, and what goes on after a merge."""
        of_requests = (run for run in self.hub.runs.all() if run.event.name == PULL_REQUEST)
        runs = [run for run in of_requests if run.state != SKIPPED]
        self._ended([run.number for run in runs if run.state not in ENDED] or [runs[-1].number], step)

    def _publish(self, branch: str) -> None:
        """A branch that reaches no environment."""
        push = remotes.push(self.repo, "origin", branch)
        self._pushed(branch, lambda _: self.context.run.run(push))

    def _release(self, version: str) -> None:
        start.start(self._flow(), "release", version, push=True)

    def _push(self, branch: str, push: Callable[[Step], object]) -> ImageRef:
        """What the environment runs afterwards that the branch reaches. push: takes the step that it is."""
        return self._pushed(branch, push, routes.reached_by(self.context.config, branch)).image

    def _pushed(self, branch: str, push: Callable[[Step], object], environment: str = "") -> BranchPush:
        with self.context.steps(branch.partition("/")[0]) as step:
            earlier, at = {run.number for run in self.hub.runs.all()}, time.time()
            push(step)
            started = [run.number for run in self.hub.runs.all() if run.number not in earlier]
            runs = self._ended(started, step)
            image = self._image(environment) if environment else None
            self.pushes.append(BranchPush(branch, at, runs, environment, image))
            outcome = f"{environment} runs {image.tag}" if image else "checked"
            step.note = f"{outcome} ({step.note})"
        return self.pushes[-1]

    def _ended(self, numbers: list[int], step: Step) -> list[Run]:
        """The runs once they have ended; AksFlowError if there is none, or if one failed.

        Those that are skipped, of the team's own workflows, are left out.
        step: the one that waits for them; it says how far their jobs are.
        """
        numbers = [number for number in numbers if self.hub.runs.get(number).state != SKIPPED]
        if not numbers:
            advice = "`./inv workflows.check` may say why."
            raise AksFlowError("the push started no workflow", next_step=advice)
        logs = [self.hub.runs.growing_log(number) for number in numbers]
        what, seconds = "the end of the workflows", _RUNS_END_WITHIN
        runs = wait.until(lambda: self._all_ended(numbers, logs, step), what, seconds, _LOOK_EVERY)
        for run in runs:
            if run.state != SUCCESS:
                raise _failed(run, self.hub.runs.log(run))
        return runs

    def _all_ended(self, numbers: list[int], logs: list[GrowingLog], step: Step) -> list[Run] | None:
        if not github_process.process(self.context.config).pid():
            advice = "`./inv rehearsal.logs --name github` says why; `./inv rehearsal.up` starts it again."
            raise AksFlowError("the rehearsal's GitHub has ended", next_step=advice)
        runs = [self.hub.runs.get(number) for number in numbers]
        jobs = (str(job) for log in logs for job in log.read().jobs.values())
        self.context.steps.progress(step, ", ".join(jobs))
        return runs if all(run.state in ENDED for run in runs) else None

    def _image(self, environment: str) -> ImageRef:
        """The app's own image, in the workload that runs it."""
        run, cluster = self.context.run, self.context.cluster(environment)
        workloads = json.loads(run.run(get.all_of(cluster, "deployments,statefulsets,daemonsets")).stdout)
        specs = (item["spec"]["template"]["spec"] for item in workloads["items"])
        images = (ImageRef.parse(container["image"]) for spec in specs for container in spec["containers"])
        own = app_repository(self.context.config).name
        return next(image for image in images if image.name == own)

    def _builds(self, runs: list[Run]) -> int:
        return sum(self.hub.runs.log(run).outputs.get("built") == "true" for run in runs)


def _failed(run: Run, log: Log) -> AksFlowError:
    """With the last lines of the step that failed."""
    _, step = log.failed() or (None, None)
    lines = step.text.splitlines()[-_LAST_LINES:] if step else []
    evidence = "".join(f"\n    {line}" for line in lines)
    what = f"run {run.number} ({run.workflow}): {run.note}{evidence}\n"
    return AksFlowError(what, next_step=f"`./inv rehearsal.run {run.number}` shows the whole run.")


def _check_built_once(cycle: CycleResult) -> None:
    """AksFlowError unless the release is what was the candidate, and the last merge built nothing."""
    candidate, final = cycle.candidate.digest, cycle.final.digest
    if candidate != final or cycle.builds:
        what = f"the release is {final[:19]}, the candidate {candidate[:19]}; {cycle.builds} builds at last"
        raise AksFlowError(what, next_step="`./inv flow.reuse` says why a release is built anew.")
