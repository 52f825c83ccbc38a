"""Previews that are to go: of closed pull requests, and those that are too old."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from aks_flow.core.config import previews
from aks_flow.preview import pull_request
from aks_flow.push.history import store
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import Kubectl, get, output


@dataclass(frozen=True)
class Preview:
    """One that is there. why: it is to go, "" if it stays."""

    number: int
    why: str

    @property
    def name(self) -> str:
        return previews.name(self.number)


def read(context: DeliveryContext, now: datetime, folders: Mapping[int, datetime] | None) -> list[Preview]:
    """All that are there, by number; AksFlowError if GitHub does not tell of a pull request.

    folders: when those of the GitOps branch were written last, by number; None where deliveries are pushes.
    """
    written, made = folders or {}, dict(_present(context))
    return [
        Preview(number, _why(of_number(context, number), number, written.get(number) or made[number], now))
        for number in sorted({*written, *made})
    ]


def of_number(context: DeliveryContext, number: int) -> DeliveryContext:
    """The context with a pull request's environment."""
    return replace(context, config=context.config.with_preview(number))


def _present(context: DeliveryContext) -> Iterator[tuple[int, datetime]]:
    """Number and time of birth of each namespace that is a preview's, and not going already."""
    cluster = Kubectl.at(context.config.destination, "")
    for item in output.objects(context.run.run(get.all_of(cluster, "namespaces")).text):
        metadata = item["metadata"]
        number = context.config.previews.number(metadata["name"])
        if number and not metadata.get("deletionTimestamp"):
            yield number, _moment(metadata["creationTimestamp"])


def _why(context: DeliveryContext, number: int, known: datetime, now: datetime) -> str:
    """known: when it was made or written; a push may have come since."""
    request = pull_request.read(context, number)
    if not request.open:
        return f"pull request {number} is {'merged' if request.merged else 'closed'}"
    history, hours = store.read(context, previews.name(number)), context.config.previews.hours
    last = max(known, _moment(history.last.when)) if history.revisions else known
    return f"its last delivery is older than {hours} hours" if now - last > timedelta(hours=hours) else ""


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
