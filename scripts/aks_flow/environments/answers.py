"""What is asked about the environments, all of it at once. What does not answer is missing, and said."""

import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from aks_flow.core.errors import AksFlowError
from aks_flow.gitops import status
from aks_flow.gitops.branch import history
from aks_flow.gitops.branch.branch import MissingBranch
from aks_flow.gitops.status import PullAnswers
from aks_flow.image import names
from aks_flow.push import drift, read_only
from aks_flow.push.drift import Drift
from aks_flow.push.history.history import History
from aks_flow.push.lock import lease
from aks_flow.push.lock.lease import Lease
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.git.past_commits import PastCommit
from aks_flow.tools.kubectl import get, kinds, output

Value = TypeVar("Value")
_KINDS = [kind for kind in kinds.WATCHED if kind != "ControllerRevision"]
_RESOURCES = ",".join([*map(kinds.resource, _KINDS), "leases.coordination.k8s.io"])
_DISPENSABLE = {"events", "leases"}  # to a look of whoever may not see them
_AT_ONCE = 16  # questions


@dataclass(frozen=True)
class Reply(Generic[Value]):
    """An answer, or why there is none."""

    value: Value
    unread: str = ""


@dataclass(frozen=True)
class PullFacts:
    """answers: None without a branch. line: its commits, the newest first. commits: by environment."""

    answers: PullAnswers | None = None
    line: Sequence[str] = ()
    commits: dict[str, list[PastCommit]] = field(default_factory=dict)


@dataclass(frozen=True)
class PushFacts:
    """What was delivered with kubectl; drift: as of an empty history if that is not known, with the lock."""

    past: History
    drift: Drift | None = None


@dataclass(frozen=True)
class EnvironmentAnswers:
    """What was said of one environment.

    tags: of the app's repository. items: what its namespace has, which tells the lock, too.
    """

    context: DeliveryContext
    pull: Reply[PullFacts]
    tags: Reply[list[str]]
    push: Reply[PushFacts]
    items: Reply[list[dict]]

    @property
    def unread(self) -> tuple[str, ...]:
        readings = (self.pull, self.tags, self.push, self.items)
        return tuple(reading.unread for reading in readings if reading.unread)


def ask(contexts: Sequence[DeliveryContext]) -> dict[str, EnvironmentAnswers]:
    """By environment, in no particular order. contexts: one for each target."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        asked = [_ask_target(pool, context) for context in contexts]
        return {name: _answers(*futures) for target in asked for name, futures in target.items()}


def _ask_target(pool: ThreadPoolExecutor, context: DeliveryContext) -> dict[str, tuple]:
    """The questions, by environment; those about the whole target are asked once."""

    def submit(what: str, ask_one: Callable, without: object, *words: object) -> Future:
        return pool.submit(_tried, what, ask_one, without, *words)

    pull = submit("the branch", _pull, PullFacts(), context)
    tags = submit("the registry", _tags, [], context)
    return {
        name: (
            context,
            pull,
            tags,
            submit("the history", _push, PushFacts(History(name)), context, name),
            submit("the cluster", _items, [], context, name),
        )
        for name in context.config.environments_here
    }


def _answers(context: DeliveryContext, *asked: Future) -> EnvironmentAnswers:
    pull, tags, push, items = (future.result() for future in asked)
    return EnvironmentAnswers(context, pull, tags, _with_lock(push, items.value), items)


def _with_lock(push: Reply[PushFacts], items: Iterable[dict]) -> Reply[PushFacts]:
    seen = push.value.drift or Drift(push.value.past.environment, None, "", None)
    return replace(push, value=replace(push.value, drift=replace(seen, lock=_lock(items))))


def _lock(items: Iterable[dict]) -> Lease | None:
    locks = [item for item in items if (item["kind"], item["metadata"]["name"]) == ("Lease", lease.NAME)]
    return lease.parse(json.dumps(locks[0]) if locks else "")


def _tried(what: str, ask_one: Callable[..., Value], without: Value, *words: object) -> Reply[Value]:
    try:
        return Reply(ask_one(*words))
    except AksFlowError as error:
        return Reply(without, f"{what}: {error.in_one_line}")


def _pull(context: DeliveryContext) -> PullFacts:
    try:
        answers = status.ask(context)
    except MissingBranch:
        return PullFacts()
    line = history.line(answers.branch, answers.tip)
    delivered = [name for name, state in answers.states.items() if state.image]
    return PullFacts(answers, line.hashes, {name: line.history(name) for name in delivered})


def _tags(context: DeliveryContext) -> list[str]:
    home = context.home
    return home.registry.tags(names.app_repository(home.config))


def _push(context: DeliveryContext, environment: str) -> PushFacts:
    past, withheld = read_only.history(context, environment)
    if withheld:
        what = f"who asks may not read {', '.join(withheld.kinds)}"
        raise AksFlowError(what, where=environment, next_step="Ask as somebody who may.")
    return PushFacts(past, drift.without_lock(context, past))


def _items(context: DeliveryContext, environment: str) -> list[dict]:
    question = get.all_of(context.cluster(environment), _RESOURCES)
    return output.objects(read_only.ask(context, question, _DISPENSABLE)[0])
