"""What starts runs: a push, a pull request, a person. Their payloads as workflows read them.

https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

REPOSITORY = "rehearsal/aks-flow"
SERVER = "https://github.localhost"  # answers nowhere (RFC 6761): a run's address is a name here
PUSH, PULL_REQUEST, DISPATCH = "push", "pull_request", "workflow_dispatch"
NOTHING = "0" * 40
OPENED, SYNCHRONIZE, CLOSED = "opened", "synchronize", "closed"  # what becomes of a pull request
BRANCH, TAG = "refs/heads/", "refs/tags/"


@dataclass(frozen=True)
class Event:
    """name: push, pull_request or workflow_dispatch. ref: what is checked out. before: where it was.

    number, head, base: a pull request's number, its branch and the branch that it goes into. action: what
    became of it (opened, synchronize, closed). merged: whether it was merged.
    """

    name: str
    ref: str
    commit: str
    before: str = NOTHING
    number: int = 0
    head: str = ""
    base: str = ""
    action: str = ""
    merged: bool = False
    inputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def branch(self) -> str:
        """The branch that it is of, or the tag."""
        return self.head or self.ref.removeprefix(BRANCH).removeprefix(TAG)


def payload(event: Event, default_branch: str) -> dict:
    """The webhook's body, as far as workflows are known to read it."""
    owner, _, name = REPOSITORY.partition("/")
    repository = {"full_name": REPOSITORY, "name": name, "owner": {"login": owner}}
    body: dict = {"ref": event.ref, "repository": {**repository, "default_branch": default_branch}}
    if event.name == PUSH:
        body |= {"before": event.before, "after": event.commit, "created": event.before == NOTHING}
    if event.name == DISPATCH:
        body["inputs"] = dict(event.inputs)
    if event.name == PULL_REQUEST:
        own = {"repo": {"full_name": REPOSITORY, "fork": False}}
        sides = {"head": {"ref": event.head, **own}, "base": {"ref": event.base, **own}}
        about = {"number": event.number, "merged": event.merged, **sides}
        body |= {"action": event.action, "number": event.number, "pull_request": about}
    return body
