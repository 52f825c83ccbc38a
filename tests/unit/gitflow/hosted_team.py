"""A repository whose origin is the rehearsal's GitHub: protected, with the API that the real gh asks."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from aks_flow.core.command import Command, Result
from aks_flow.core.config.sections import Environment
from aks_flow.core.steps import Silent, Steps
from aks_flow.gitflow.by_request import finishing
from aks_flow.gitflow.by_request.finishing import FinishProgress
from aks_flow.gitflow.flow import Flow, open_flow
from aks_flow.rehearsal.standins.github import protection
from aks_flow.rehearsal.standins.github.api import listening
from aks_flow.rehearsal.standins.github.hub import Hub
from tests.unit.gitflow.repository import Quick, Repository

PROTECTED = {f"refs/heads/{name}": ("GH006", protection.BY_REQUEST) for name in ("main", "develop")}


@dataclass(frozen=True)
class AskingGitHub(Quick):
    """Runs gh with what tells it the way to the stand-in."""

    variables: dict

    def run(self, command: Command) -> Result:
        told = {**self.variables, **command.env} if command.argv[0] == "gh" else command.env
        return super().run(replace(command, env=told))


@dataclass(frozen=True)
class Overtaken(AskingGitHub):
    """Somebody else ``acts`` before the first command with these words runs."""

    words: str
    acts: Callable[[], object]
    seen: list[Command] = field(default_factory=list)

    def run(self, command: Command) -> Result:
        if self.words in str(command) and not self.seen:
            self.seen.append(command)
            self.acts()
        return super().run(command)


ENVIRONMENTS = {
    "qa": Environment("shop-qa", "any", ("develop",)),
    "preprod": Environment("shop-preprod", "candidate", ("release/*", "hotfix/*")),
    "live": Environment("shop-live", "final", ("main",)),
}


@dataclass(frozen=True)
class HostedTeam:
    """work: a developer's clone. hub: the GitHub. variables: gh's."""

    hub: Hub
    work: Repository
    variables: dict

    def flow(self, run: AskingGitHub | None = None) -> Flow:
        run = run or AskingGitHub(self.variables)
        return open_flow(run, self.work.path, {}, Steps(Silent()), ENVIRONMENTS)

    def overtaken(self, words: str, acts: Callable[[], object]) -> Flow:
        """As `flow`; see `Overtaken`."""
        return self.flow(Overtaken(self.variables, words, acts))

    def colleague(self) -> "HostedTeam":
        """Another clone of what is at origin."""
        return replace(self, work=Repository(self.hub.repository).clone("colleague"))

    def finish(self, kind: str, name: str = "") -> FinishProgress:
        return finishing.finish(self.flow(), kind, name)

    def gh(self, path: str, method: str = "GET", **values: str) -> subprocess.CompletedProcess:
        words = ["gh", "api", f"repos/{{owner}}/{{repo}}/{path}", f"--method={method}"]
        given = ["--input=-"] if method != "GET" else []
        command = Command((*words, *given), json.dumps(values) if given else None, ok=range(256))
        return AskingGitHub(self.variables).run(command)

    def merge(self, number: int, method: str = "merge") -> str:
        """The commit that a merge of a pull request made, as a person clicks it."""
        answer = self.gh(f"pulls/{number}/merge", "PUT", merge_method=method)
        assert answer.code == 0, answer.text + answer.error_text
        return json.loads(answer.text)["sha"]

    def request(self, number: int) -> dict:
        return json.loads(self.gh(f"pulls/{number}").text)

    def at_origin(self, *words: str) -> str:
        return Repository(self.hub.repository).git(*words)


@contextmanager
def hosted(repo: Repository, folder: Path) -> Iterator[HostedTeam]:
    """repo: gets the origin, which has all that it has."""
    hub = Hub(Quick(), folder / "origin.git", folder / "github")
    hub.state.mkdir()
    repo.git("clone", "--quiet", "--bare", repo.path, hub.repository)
    repo.git("remote", "add", "origin", hub.repository)
    repo.git("fetch", "--quiet", "origin")
    protection.protect(hub, PROTECTED)
    server = listening.listen(hub)
    try:
        yield HostedTeam(hub, repo, listening.told(hub))
    finally:
        listening.close(hub, server)
