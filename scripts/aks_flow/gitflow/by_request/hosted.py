"""What origin has at this moment: its branches and tags, and the pull requests between them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from aks_flow.core.command import Command
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.gitflow.choosing import by_request
from aks_flow.gitflow.flow import ORIGIN, Flow
from aks_flow.tools.gh import pull_requests
from aks_flow.tools.gh.pull_requests import PullRequest, Requests
from aks_flow.tools.gh.refusals import refusal
from aks_flow.tools.git import ANY, reason, remote_refs, remotes

_EXISTS = "A pull request already exists"  # GitHub's words
_AGAIN = "Correct what it says, then run this again."


@dataclass(frozen=True)
class Hosted:
    """refs: what origin has, by full name; of an annotated tag the tag's own object. said: for the report."""

    flow: Flow
    requests: Requests
    refs: Mapping[str, str]
    said: list[str] = field(default_factory=list)

    def tip(self, branch: str) -> str:
        """The branch's commit at origin, "" if it is not there."""
        return self.refs.get(f"refs/heads/{branch}", "")

    def has_tag(self, tag: str) -> bool:
        return f"refs/tags/{tag}" in self.refs

    def between(self, head: str, base: str) -> list[PullRequest]:
        """The newest first."""
        return pull_requests.parse_all(answered(self.flow.run, self.requests.between(head, base)))

    def merged_into(self, base: str) -> list[PullRequest]:
        """Those that were merged lately."""
        closed = pull_requests.parse_all(answered(self.flow.run, self.requests.into(base)))
        return [request for request in closed if request.merged]

    def last(self, branch: str) -> str:
        """The branch's last commit, here or else at origin; "" if it is gone."""
        return self.flow.here(branch) or self.tip(branch)

    def is_in(self, branch: str, commits: list[str]) -> bool:
        """Whether these commits have all that the branch has, here and at origin; so it is if it is gone."""
        tips = filter(None, (self.flow.here(branch), self.tip(branch)))
        return all(any(self._has(commit, tip) for commit in commits) for tip in tips)

    def open(self, head: str, base: str, title: str, body: str) -> str:
        """Open a request; its address, "" in a dry run."""
        with self.flow.steps("pull request") as step:
            step.note = f"{head} into {base}"
            return opened(self.flow.run, self.requests, head, base, title, body)

    def wait_for(self, address: str, branch: str, base: str) -> None:
        """Say what is open, and how the finish of a branch goes on."""
        self.said.append(f"{address or 'the pull request'} is open, into {base}")
        self.said.append(f"once it is merged, go on with {by_request(self.flow, branch)}")

    def _has(self, commit: str, tip: str) -> bool:
        """The commit is fetched if it is not here: a deleted branch's may not be."""
        if not self.flow.commit(commit):
            self.flow.run.run(remotes.fetch_commit(self.flow.repo, ORIGIN, commit))
        return bool(self.flow.commit(commit)) and self.flow.contains(commit, tip)


def answered(run: Runner, command: Command) -> str:
    """What gh answers; AksFlowError with GitHub's words if it refuses."""
    answer = run.run(command)
    if answer.code:
        raise refusal(command, answer)
    return answer.text


def waiting(run: Runner, requests: Requests, head: str, base: str) -> str:
    """The address of the request that is open between two branches, "" for none."""
    return pull_requests.waiting(pull_requests.parse_all(answered(run, requests.between(head, base))))


def opened(run: Runner, requests: Requests, head: str, base: str, title: str, body: str) -> str:
    """Open a request, or find the one that somebody else has just opened; its address, "" in a dry run."""
    create = requests.create(head, base, title, body)
    answer = run.run(create)
    if not answer.code:
        return pull_requests.parse(answer.text).address if answer.text else ""
    address = waiting(run, requests, head, base) if _EXISTS in answer.text else ""
    if not address:
        raise refusal(create, answer)
    return address


def ask(flow: Flow) -> Hosted:
    """Fetch, and see what is there now; AksFlowError if origin does not answer."""
    fetch = replace(remotes.fetch(flow.repo, ORIGIN), reads=True)
    with flow.steps("fetch"):
        for command in (fetch, remote_refs.all_refs(flow.repo, ORIGIN)):
            answer = flow.run.run(replace(command, ok=ANY))
            if answer.code:
                what = f"{ORIGIN} cannot be asked: {reason(answer)}"
                raise AksFlowError(what, where=str(flow.repo), next_step=_AGAIN)
    return Hosted(flow, requests_of(flow.run, flow.repo), remote_refs.parse_all_refs(answer.text))


def requests_of(run: Runner, repo: Path, remote: str = ORIGIN) -> Requests:
    """The pull requests of the repository that a remote leads to. gh finds origin's by itself.

    remote: a remote's name, or an address.
    """
    origin = run.run(remotes.origin(repo)).text.strip()
    address = "" if remote in (ORIGIN, origin) else remote
    host = remote_refs.parse_host(address or origin)
    return Requests(repo, address, host if "." in host else "")
