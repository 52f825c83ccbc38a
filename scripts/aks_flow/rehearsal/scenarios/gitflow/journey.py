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
from aks_flow.core.steps import Silent, Steps
from aks_flow.gitflow import finish, start
from aks_flow.gitflow.flow import Flow, open_flow
from aks_flow.gitflow.version import next_minor
from aks_flow.rehearsal.scenarios.gitflow import team
from aks_flow.rehearsal.scenarios.push_and_pull import workspace
from aks_flow.rehearsal.standins.github import process as github
from aks_flow.rehearsal.standins.github.hub import Hub
from aks_flow.rehearsal.standins.github.runs import ENDED, SUCCESS, Run
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.act import Log
from aks_flow.tools.git import remotes

_RUNS_END_WITHIN = 600  # seconds
_LAST_LINES = 10


@dataclass(frozen=True)
class Arrival:
    """A push and what it led to. at: seconds since the epoch. image: what the environment runs afterwards."""

    what: str
    at: float
    runs: list[Run]
    environment: str = ""
    image: ImageRef | None = None


@dataclass(frozen=True)
class Arrived:
    """A whole journey. builds: how many images the last merge's runs built."""

    mode: str
    version: str
    arrivals: list[Arrival]
    builds: int

    @property
    def seconds(self) -> float:
        """From the first push to the end of the last run."""
        return max(run.ended for run in self.arrivals[-1].runs) - self.arrivals[0].at

    def image(self, environment: str) -> ImageRef:
        """What the environment ran last."""
        return next(one.image for one in reversed(self.arrivals) if one.environment == environment)


@dataclass
class Journey:
    """``go`` takes it; ``repo`` is the team's clone."""

    context: DeliveryContext
    hub: Hub
    repo: Path
    mode: str
    arrivals: list[Arrival] = field(default_factory=list)

    def go(self) -> Arrived:
        feature = f"edition-{datetime.now():%H%M%S}"
        release = str(next_minor(self._flow().last_release()))
        start.start(self._flow(), "feature", feature)
        team.take_over(self.context, self.repo)
        workspace.change(self.context.run, self.context.config, self.repo)
        self._step(f"feature/{feature}", lambda: self._publish(f"feature/{feature}"))
        self._step("develop", lambda: finish.finish(self._flow(), "feature", push=True), "dev")
        self._step(f"release/{release}", lambda: self._release(release), "staging")
        self._step("main", lambda: finish.finish(self._flow(), "release", push=True), "production")
        arrived = Arrived(self.mode, release, self.arrivals, self._builds(self.arrivals[-1].runs))
        _prove(arrived)
        return arrived

    def _flow(self) -> Flow:
        return open_flow(self.context.run, self.repo, Steps(Silent()))

    def _publish(self, branch: str) -> None:
        self.context.run.run(remotes.push(self.repo, "origin", branch))

    def _release(self, version: str) -> None:
        start.start(self._flow(), "release", version, push=True)

    def _step(self, what: str, push: Callable, environment: str = "") -> None:
        with self.context.steps(what.partition("/")[0]) as step:
            seen, at = {run.number for run in self.hub.runs.all()}, time.time()
            push()
            runs = self._ended([run.number for run in self.hub.runs.all() if run.number not in seen])
            image = self._image(environment) if environment else None
            self.arrivals.append(Arrival(what, at, runs, environment, image))
            step.note = f"{environment} runs {image.tag}" if image else "checked"

    def _ended(self, numbers: list[int]) -> list[Run]:
        """The runs once they have ended; AksFlowError if one failed."""

        def ended() -> list[Run] | None:
            if not github.process(self.context.config).pid():
                step = "`./inv rehearsal.logs --name github` says why; `./inv rehearsal.up` starts it again."
                raise AksFlowError("the rehearsal's GitHub has ended", next_step=step)
            runs = [self.hub.runs.get(number) for number in numbers]
            return runs if all(run.state in ENDED for run in runs) else None

        runs = wait.until(ended, "the end of the workflows", _RUNS_END_WITHIN) if numbers else []
        if not numbers:
            step = "`./inv workflows.check` may say why."
            raise AksFlowError("the push started no workflow", next_step=step)
        for run in runs:
            if run.state != SUCCESS:
                raise _failed(run, self.hub.runs.log(run))
        return runs

    def _image(self, environment: str) -> ImageRef:
        cluster, app = self.context.cluster(environment), self.context.config.app.name
        deployment = json.loads(self.context.run.run(cluster.get("deployment", app)).stdout)
        containers = deployment["spec"]["template"]["spec"]["containers"]
        return ImageRef.parse(next(one["image"] for one in containers if one["name"] == app))

    def _builds(self, runs: list[Run]) -> int:
        return sum(self.hub.runs.log(run).outputs.get("built") == "true" for run in runs)


def _failed(run: Run, log: Log) -> AksFlowError:
    """With the last lines of the step that failed."""
    _, step = log.failed() or (None, None)
    lines = step.text.splitlines()[-_LAST_LINES:] if step else []
    said = "".join(f"\n    {line}" for line in lines)
    what = f"run {run.number} ({run.workflow}): {run.note}{said}\n"
    return AksFlowError(what, next_step=f"`./inv rehearsal.run {run.number}` shows the whole run.")


def _prove(arrived: Arrived) -> None:
    """Build once: production runs what staging ran, and the last merge built nothing."""
    staging, production = arrived.image("staging").digest, arrived.image("production").digest
    if staging != production or arrived.builds:
        what = (
            f"production runs {production[:19]}, staging ran {staging[:19]}; {arrived.builds} builds at last"
        )
        raise AksFlowError(what, next_step="`./inv flow.reuse` says why a release is built anew.")
