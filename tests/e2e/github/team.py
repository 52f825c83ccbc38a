"""A developer of the team: a clone whose origin is the rehearsal's GitHub, and a look at what runs."""

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from aks_flow.core import wait
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import Local
from aks_flow.gitflow.version import Version, next_minor
from aks_flow.rehearsal.standins.github.dispatch import dispatch
from aks_flow.rehearsal.standins.github.hub import Hub
from aks_flow.rehearsal.standins.github.runs import ENDED, Run
from aks_flow.tools.git import remotes
from tests.e2e.kubectl import Kubectl
from tests.e2e.project import Project


@dataclass(frozen=True)
class Team(Project):
    """hub: what the pushes reach. kubectl: the rehearsal's cluster."""

    hub: Hub = field(kw_only=True)
    kubectl: Kubectl = field(kw_only=True)

    @classmethod
    def of(cls, rehearsal: Project, folder: Path) -> "Team":
        state = rehearsal.repo / ".rehearsal"
        hub = Hub(Local(), state / "origin.git", state / "github")
        subprocess.run(["git", "clone", "--quiet", hub.repository, folder], check=True)
        return cls(folder, hub=hub, kubectl=Kubectl(state / "kubeconfig", folder.with_name("kube-cache")))

    def on(self, branch: str) -> "Team":
        self.git("fetch", "--quiet", "--tags", "origin")
        self.git("checkout", "--quiet", branch)
        self.git("merge", "--quiet", "--ff-only", f"origin/{branch}")
        return self

    def write(self, file: str, text: str) -> None:
        self.commit(file, text)

    def push_only(self, *references: str) -> list[int]:
        """The numbers of the runs that the push started."""
        before = {run.number for run in self.hub.runs.all()}
        self.git("push", "--quiet", "origin", *references)
        return [run.number for run in self.hub.runs.all() if run.number not in before]

    def push(self, *references: str) -> list[Run]:
        """The runs that the push started, once they have ended."""
        return self.ended(self.push_only(*references))

    def dispatch(self, workflow: str, **inputs: str) -> Run:
        """A run started by hand on main, once it has ended."""
        (run,) = self.ended([dispatch(self.hub, workflow, "main", inputs).number])
        return run

    def ended(self, numbers: list[int]) -> list[Run]:
        def over() -> list[Run] | None:
            runs = [self.hub.runs.get(number) for number in numbers]
            return runs if all(run.state in ENDED for run in runs) else None

        return wait.until(over, f"the end of the runs {numbers}", 180)

    def image(self, environment: str) -> ImageRef:
        text = self.kubectl.ok("-n", f"vote-{environment}", "get", "deployment", "front", "-o", "json")
        return ImageRef.parse(json.loads(text)["spec"]["template"]["spec"]["containers"][0]["image"])

    def served(self, environment: str) -> dict:
        path = f"/api/v1/namespaces/vote-{environment}/services/http:front:http/proxy/version"
        return json.loads(self.kubectl.ok("get", "--raw", path))

    def quietly(self, refspec: str) -> None:
        """Bring something there without a push, so that no workflow starts."""
        self.hub.run.run(remotes.fetch_refs(self.hub.repository, str(self.repo), refspec))

    def next_release(self) -> str:
        """The next minor version."""
        return str(next_minor(self.last_release()))

    def last_release(self) -> Version:
        tags = self.git("tag", "--list", "v*").split()
        return max(Version.parse(tag.removeprefix("v")) for tag in tags)
