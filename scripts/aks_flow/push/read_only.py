"""Answers for whoever may only read: what the server withholds is named, and the rest goes on.

A server's dry run asks for the rights of the change itself. Without it, manifests are compared with what
was applied to the live objects before; Secrets, which may be kept from who reads, are left out.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from aks_flow.core import silence
from aks_flow.core.command import Command, Result
from aks_flow.core.runner import CommandFailed
from aks_flow.push.history import store
from aks_flow.push.history.history import History
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import Kubectl, apply, diff

SECRETS = "secrets"
_UNVALIDATED = (
    "the server did not validate it: who asks may only read, "
    "so the manifests were compared with what is there"
)
# The words of a right that lacks; a quota or an admission policy forbids in others.
_MAY_NOT = re.compile(
    r'^Error from server \(Forbidden\): (?P<kind>[\w.-]+)(?: "(?P<name>[^"]*)")? is forbidden: '
    r'User "[^"]*" cannot \w+ resource'
)
_FAILURE = re.compile(r"^[Ee]rror\b")


@dataclass(frozen=True)
class Withheld:
    """What whoever asks may not read: pairs of a kind, such as ``secrets``, and a name ("" for all)."""

    objects: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.objects)

    def __add__(self, other: "Withheld") -> "Withheld":
        return Withheld(tuple(dict.fromkeys((*self.objects, *other.objects))))

    @property
    def kinds(self) -> list[str]:
        return sorted({kind.partition(".")[0] for kind, _ in self.objects})

    @property
    def sentences(self) -> tuple[str, ...]:
        kinds = ", ".join(self.kinds)
        return (f"not read, since who asks may not: {kinds}; they were not compared",) if kinds else ()

    def others(self, objects: Iterable[dict]) -> list[dict]:
        """The objects that were not withheld."""
        return [item for item in objects if not any(_is(item, *withheld) for withheld in self.objects)]


def _is(item: dict, kind: str, name: str) -> bool:
    """kind: in the plural, as in an address of the API."""
    stem = item["kind"].lower().rstrip("y")
    return kind.startswith(stem) and name in ("", item["metadata"].get("name"))


def withheld_by(answer: Result) -> Withheld:
    """What a failed command had no right to; nothing if it failed of anything else."""
    failures = [line for line in answer.error_text.splitlines() if _FAILURE.match(line)]
    matches = [_MAY_NOT.match(line) for line in failures]
    if not all(matches):
        return Withheld()
    return Withheld(tuple((match["kind"], match["name"] or "") for match in matches))


def unvalidated(answer: Result) -> str:
    """A sentence on a dry run that needs a right which is lacking; "" if it failed of anything else."""
    if not withheld_by(answer):
        return ""
    said = next(line for line in answer.error_text.splitlines() if _FAILURE.match(line))
    return f"{_UNVALIDATED} ({said.partition(': ')[2]})"


def ask(
    context: DeliveryContext, command: Command, dispensable: Collection[str] | None = None
) -> tuple[str, Withheld]:
    """What a command prints, and what was withheld; CommandFailed for any other failure.

    dispensable: the kinds without which the rest is still an answer; None: any.
    """
    try:
        return context.run.run(command).text, Withheld()
    except CommandFailed as error:
        text, withheld = _part(error)
        if dispensable is not None and not set(withheld.kinds) <= set(dispensable):
            raise
        return text, withheld


def difference(context: DeliveryContext, cluster: Kubectl, manifest: str) -> tuple[str, tuple[str, ...]]:
    """The server's diff of a manifest, or none and a sentence for who may only read; else CommandFailed."""
    try:
        return context.run.run(diff.manifest(cluster, manifest)).text, ()
    except CommandFailed as error:
        if said := unvalidated(error.result):
            return "", (said,)
        if not (error.unanswered or silence.is_refused_for_now(error.result)):
            context.run.run(apply.dry_run(cluster, manifest))  # a diff tells the first refusal alone
        raise


def history(context: DeliveryContext, environment: str) -> tuple[History, Withheld]:
    """An environment's revisions; none where its Secrets are withheld."""
    try:
        return store.read(context, environment), Withheld()
    except CommandFailed as error:
        return History(environment), _part(error)[1]


def _part(error: CommandFailed) -> tuple[str, Withheld]:
    withheld = withheld_by(error.result)
    if not withheld:
        raise error
    return error.result.text, withheld
