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
from aks_flow.core.steps import Silent, Steps
from aks_flow.gitflow import finish, start
from aks_flow.gitflow.flow import Flow, open_flow
from aks_flow.gitflow.version import next_minor
from aks_flow.rehearsal.scenarios import app_change, workspace
from aks_flow.rehearsal.scenarios.gitflow import developer_clone
from aks_flow.rehearsal.standins.github import github_process
from aks_flow.rehearsal.standins.github.hub import Hub
from aks_flow.rehearsal.standins.github.runs import ENDED, SUCCESS, Run
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.act import Log
from aks_flow.tools.git import remotes
from aks_flow.tools.kubectl import get

_RUNS_END_WITHIN = 600  # seconds
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
    """A whole cycle. version: what it released. builds: how many images the last merge's runs built."""

    mode: str
    version: str
    pushes: list[BranchPush]
    builds: int

    @property
    def seconds(self) -> float:
        """From the first push to the end of the last run."""
        return max(run.ended for run in self.pushes[-1].runs) - self.pushes[0].at

    def image(self, environment: str) -> ImageRef:
        """What the environment ran last."""
        return next(push.image for push in reversed(self.pushes) if push.environment == environment)


@dataclass
class ReleaseCycle:
    """``repo``: the developer's clone. ``run`` goes through all of it."""

    context: DeliveryContext
    hub: Hub
    repo: Path
    mode: str
    pushes: list[BranchPush] = field(default_factory=list)

    def run(self) -> CycleResult:
        """AksFlowError if a run fails, or if production gets another image than staging had."""
        feature = f"edition-{datetime.now():%H%M%S}"
        release = str(next_minor(self._flow().last_release()))
        start.start(self._flow(), "feature", feature)
        developer_clone.take_over(self.context, self.repo)
        workspace.change(self.context.run, self.context.config, self.repo, app_change.fresh_text())
        self._push(f"feature/{feature}", lambda: self._publish(f"feature/{feature}"))
        self._push("develop", lambda: finish.finish(self._flow(), "feature", push=True), "dev")
        self._push(f"release/{release}", lambda: self._release(release), "staging")
        self._push("main", lambda: finish.finish(self._flow(), "release", push=True), "production")
        result = CycleResult(self.mode, release, self.pushes, self._builds(self.pushes[-1].runs))
        _check_built_once(result)
        return result

    def _flow(self) -> Flow:
        return open_flow(self.context.run, self.repo, self.context.config.branches, Steps(Silent()))

    def _publish(self, branch: str) -> None:
        self.context.run.run(remotes.push(self.repo, "origin", branch))

    def _release(self, version: str) -> None:
        start.start(self._flow(), "release", version, push=True)

    def _push(self, branch: str, push: Callable, environment: str = "") -> None:
        with self.context.steps(branch.partition("/")[0]) as step:
            earlier, at = {run.number for run in self.hub.runs.all()}, time.time()
            push()
            runs = self._ended([run.number for run in self.hub.runs.all() if run.number not in earlier])
            image = self._image(environment) if environment else None
            self.pushes.append(BranchPush(branch, at, runs, environment, image))
            step.note = f"{environment} runs {image.tag}" if image else "checked"

    def _ended(self, numbers: list[int]) -> list[Run]:
        """The runs once they have ended; AksFlowError if there is none, or if one failed."""
        if not numbers:
            step = "`./inv workflows.check` may say why."
            raise AksFlowError("the push started no workflow", next_step=step)
        runs = wait.until(lambda: self._all_ended(numbers), "the end of the workflows", _RUNS_END_WITHIN)
        for run in runs:
            if run.state != SUCCESS:
                raise _failed(run, self.hub.runs.log(run))
        return runs

    def _all_ended(self, numbers: list[int]) -> list[Run] | None:
        if not github_process.process(self.context.config).pid():
            step = "`./inv rehearsal.logs --name github` says why; `./inv rehearsal.up` starts it again."
            raise AksFlowError("the rehearsal's GitHub has ended", next_step=step)
        runs = [self.hub.runs.get(number) for number in numbers]
        return runs if all(run.state in ENDED for run in runs) else None

    def _image(self, environment: str) -> ImageRef:
        cluster, app = self.context.cluster(environment), self.context.config.app.name
        deployment = json.loads(self.context.run.run(get.by_name(cluster, "deployment", app)).stdout)
        containers = deployment["spec"]["template"]["spec"]["containers"]
        return ImageRef.parse(next(item["image"] for item in containers if item["name"] == app))

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
    """AksFlowError unless production runs what staging ran, and the last merge built nothing."""
    staging, production = cycle.image("staging").digest, cycle.image("production").digest
    if staging != production or cycle.builds:
        what = f"production runs {production[:19]}, staging ran {staging[:19]}; {cycle.builds} builds at last"
        raise AksFlowError(what, next_step="`./inv flow.reuse` says why a release is built anew.")
