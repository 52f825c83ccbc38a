"""An environment's revisions, and which of them one can go back to. Pure."""

from dataclasses import dataclass

from aks_flow.core.errors import AksFlowError
from aks_flow.push.history.revision import Revision

KEPT = 10  # revisions; what one can go back to is kept in any case


@dataclass(frozen=True)
class History:
    """An environment's revisions, the oldest first."""

    environment: str
    revisions: tuple[Revision, ...] = ()

    @property
    def last(self) -> Revision | None:
        return self.revisions[-1] if self.revisions else None

    @property
    def numbers(self) -> list[int]:
        return [revision.number for revision in self.revisions]

    @property
    def next_number(self) -> int:
        return self.last.number + 1 if self.last else 1

    def good_before(self, manifest: str) -> Revision | None:
        """The newest good revision to go back to from ``manifest``; None if that is the same, or none."""
        newest = next((revision for revision in reversed(self.revisions) if revision.good), None)
        return newest if newest and newest.packed and not newest.same(manifest) else None

    def previous(self) -> Revision:
        """The newest good revision before the one that was applied or restored last; AksFlowError if none."""
        last = self.last
        running = (last.restores or last.number) if last else 0
        for revision in reversed(self.revisions):
            usable = revision.good and revision.packed and revision.digest != last.digest
            if usable and revision.number < running:
                return revision
        what = f"{self.environment} has no earlier good delivery to go back to, and nothing was changed"
        step = f"`./inv push.history --env {self.environment}` shows what it had."
        raise AksFlowError(what, next_step=step)

    def get(self, number: int) -> Revision:
        """AksFlowError if it is not there, or was too large to be kept."""
        revision = next((revision for revision in self.revisions if revision.number == number), None)
        if revision is None:
            what = f"{self.environment} has no revision {number} in its history, and nothing was changed"
            step = f"`./inv push.history --env {self.environment}` shows those that are."
            raise AksFlowError(what, next_step=step)
        if not revision.packed:
            what = f"revision {number} of {self.environment} was too large to be kept"
            step = "Deliver its version again: `./inv push.deploy VERSION`."
            raise AksFlowError(f"{what}, and nothing was changed", next_step=step)
        return revision

    def chosen(self, number: str) -> Revision:
        """The revision of a number as a person writes it, "" for the good one before the last.

        AksFlowError if it is not there.
        """
        if not number:
            return self.previous()
        if not (number.isascii() and number.isdecimal()):
            step = f"`./inv push.history --env {self.environment}` shows the numbers."
            raise AksFlowError(f"{number!r} is no revision's number, and nothing was changed", next_step=step)
        return self.get(int(number))

    def since(self, number: int) -> list[Revision]:
        """The later revisions."""
        return [revision for revision in self.revisions if revision.number > number]

    def created_since(self, number: int) -> set[str]:
        """The objects that later deliveries made, as `kubectl get --output=name` calls them."""
        return {name for revision in self.since(number) for name in revision.created}

    def surplus(self) -> list[Revision]:
        """Too old to be kept: but for the newest good one, and the newest good one that differs from it."""
        newest = {revision.digest: revision.number for revision in self.revisions if revision.good}
        kept = sorted(newest.values())[-2:]
        return [revision for revision in self.revisions[:-KEPT] if revision.number not in kept]
