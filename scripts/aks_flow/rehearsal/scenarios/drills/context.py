"""Where drills are held: the stand-ins with a good delivery on each path, and a clone to deliver from."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.config import Config
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.steps import Steps
from aks_flow.rehearsal.scenarios import app_change, routes, workspace
from aks_flow.rehearsal.scenarios.drills import faults, project
from aks_flow.rehearsal.scenarios.drills.clone_runs import CloneRuns
from aks_flow.rehearsal.scenarios.drills.drill import PULL, PUSH, Drill
from aks_flow.rehearsal.scenarios.drills.faults import Edit
from aks_flow.rehearsal.scenarios.drills.project import DrilledProject
from aks_flow.rehearsal.scenarios.push_and_pull import applications, pull_path, push_path
from aks_flow.rehearsal.scenarios.push_and_pull.under_load import requests
from aks_flow.rehearsal.show.pods import watched
from aks_flow.rehearsal.show.recording import StepRecorder
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools import docker
from aks_flow.tools.git import worktree
from aks_flow.tools.kubectl import Kubectl, get, output

_ENVIRONMENT = {PUSH: routes.pushed_to, PULL: routes.pulled_to}
_KINDS = "deployments,statefulsets,services"


@dataclass(frozen=True)
class DrillContext:
    """delivery: the stand-ins' own context. repo: the clone. log: everything that the deliveries said.

    projects: by path, what the project has where that delivers to. release_branch: the clone's, "" for none.
    page: where the drills are shown, None for nowhere.
    """

    delivery: DeliveryContext
    repo: Path
    log: Path
    projects: Mapping[str, DrilledProject]
    release_branch: str = ""
    page: StepRecorder | None = None

    @classmethod
    def prepare(
        cls, delivery: DeliveryContext, paths: set[str], page: StepRecorder | None = None
    ) -> "DrillContext":
        """A clone of its own, and a good delivery on each of the paths."""
        repo, branch = workspace.clone(delivery.run, delivery.config, "drill"), ""
        if PUSH in paths:
            applications.remove(delivery, routes.pushed_to(delivery.config))
            push_path.deliver(delivery, repo)
        if PULL in paths and not routes.is_shared(delivery.config):
            branch = pull_path.deliver_release(delivery, repo)
            delivery.run.run(worktree.checkout(repo, routes.develop(delivery.config)))
        log = delivery.config.state / "drill.log"
        log.write_text("")
        return cls(delivery, repo, log, {path: _project(delivery, path) for path in paths}, branch, page)

    @property
    def config(self) -> Config:
        return self.delivery.config

    @property
    def steps(self) -> Steps:
        return self.delivery.steps

    def environment(self, path: str) -> str:
        """The one that a path delivers to."""
        return _ENVIRONMENT[path](self.config)

    def cluster(self, path: str) -> Kubectl:
        """kubectl for the namespace that a path delivers to."""
        return self.delivery.cluster(self.environment(path))

    def _overlay(self, path: str) -> Path:
        """The file in which a path's environment differs from the others."""
        name = self.environment(path)
        folder = self.config.environment(name).overlay or f"{self.config.app.manifests}/overlays/{name}"
        return self.repo / folder / "kustomization.yaml"

    @property
    def tasks(self) -> CloneRuns:
        """What runs the clone's tasks."""
        tell = self.page.tell if self.page else lambda steps: None
        return CloneRuns(self.delivery.run, self.config, self.repo, self.log, tell)

    @contextmanager
    def shown(self, drill: Drill, is_held: bool) -> Iterator[None]:
        """A drill as a part of the page, with requests to what goes on serving if it ``is_held``."""
        if not self.page:
            yield
            return
        self.page.part(f"{drill.path}: {drill.name}")
        asked = requests(self.delivery, self.environment(drill.path)) if is_held else nullcontext()
        with watched(self.delivery), asked:
            yield

    def publish(self) -> None:
        """The version of the clone's commit, in the registry."""
        self.tasks.need(self.tasks.inv("image.push"))

    @contextmanager
    def published_change(self, path: str) -> Iterator[None]:
        """A commit with a harmless change of the app, its version in the registry."""
        with self._changed(path, lambda: app_change.write(self.config, self.repo, app_change.fresh_text())):
            self.publish()
            yield

    @contextmanager
    def faulty_overlay(self, path: str, edit: Edit, **resources: str) -> Iterator[None]:
        """A commit whose overlay is ``edit(text)``. resources: more manifests for it, by name."""

        def write() -> Path:
            file = self._overlay(path)
            for name, text in resources.items():
                (file.parent / f"{name}.yaml").write_text(text)
            added = faults.with_resources(*(f"{name}.yaml" for name in resources))
            file.write_text(added(edit(file.read_text())))
            return file.parent

        with self._changed(path, write):
            yield

    @contextmanager
    def _changed(self, path: str, write: Callable[[], Path]) -> Iterator[None]:
        """A commit with what ``write`` does to a file or folder; a second one takes it back afterwards."""
        run, repo = self.delivery.run, self.repo
        with self.release() if path == PULL else nullcontext():
            changed = write()
            run.run(worktree.add(repo, changed))
            workspace.commit(run, repo, f"Drill: change {changed.relative_to(repo)}")
            try:
                yield
            finally:
                workspace.take_back(run, repo)

    @contextmanager
    def release(self) -> Iterator[None]:
        """On the release branch, which is what the pull path delivers from."""
        run = self.delivery.run
        run.run(worktree.checkout(self.repo, self.release_branch))
        try:
            yield
        finally:
            run.run(worktree.checkout(self.repo, routes.develop(self.config)))


def _project(delivery: DeliveryContext, path: str) -> DrilledProject:
    """What runs where a path has delivered."""
    asked = get.all_of(delivery.cluster(_ENVIRONMENT[path](delivery.config)), _KINDS)

    def has_shell(image: str) -> bool:
        return delivery.run.run(docker.starts(ImageRef.parse(image), "sh", "-c", "exit")).code == 0

    return project.read(output.objects(delivery.run.run(asked).text), delivery.config, has_shell)
