"""An environment's revisions, kept in its namespace."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from aks_flow.core import actor
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.push.history import revision
from aks_flow.push.history.revision import Revision
from aks_flow.push.plan import Plan
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools import kubectl
from aks_flow.tools.kubectl import Kubectl

KEPT = 10  # revisions; the newest good one is kept in any case


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
        return [one.number for one in self.revisions]

    @property
    def next_number(self) -> int:
        return self.last.number + 1 if self.last else 1

    def good_before(self, manifest: str) -> Revision | None:
        """The newest good revision that can be gone back to from ``manifest``; None if there is none."""
        newest = next((one for one in reversed(self.revisions) if one.good), None)
        return newest if newest and newest.packed and not newest.same(manifest) else None

    def previous(self) -> Revision:
        """The newest good revision before the one that was applied or restored last; AksFlowError if none."""
        last = self.last
        before = (last.restores or last.number) if last else 0
        older = (one for one in reversed(self.revisions) if one.number < before and one.good and one.packed)
        found = next((one for one in older if one.digest != last.digest), None)
        if found is None:
            what = f"{self.environment} has no earlier good delivery to go back to, and nothing was changed"
            raise AksFlowError(
                what, next_step=f"`./inv push.history --env {self.environment}` shows what it had."
            )
        return found

    def get(self, number: int) -> Revision:
        """AksFlowError if it is not there, or was too large to be kept."""
        found = next((one for one in self.revisions if one.number == number), None)
        step = f"`./inv push.history --env {self.environment}` shows those that are."
        if found is None:
            what = f"{self.environment} has no revision {number} in its history, and nothing was changed"
            raise AksFlowError(what, next_step=step)
        if not found.packed:
            what = (
                f"revision {number} of {self.environment} was too large to be kept, and nothing was changed"
            )
            raise AksFlowError(what, next_step="Deliver its version again: `./inv push.deploy VERSION`.")
        return found

    def created_since(self, number: int) -> set[str]:
        """What deliveries after a revision made anew, as `kubectl get --output=name` calls it."""
        return {name for one in self.revisions if one.number > number for name in one.created}

    def surplus(self) -> list[Revision]:
        """The revisions that are not kept any more."""
        good = [one.number for one in self.revisions if one.good][-1:]
        return [one for one in self.revisions[:-KEPT] if one.number not in good]


def read(run: Runner, cluster: Kubectl, environment: str) -> History:
    """Empty where there is no namespace yet, too."""
    answer = run.run(cluster.labelled("secrets", revision.LABELS))
    found = (revision.parse(item) for item in kubectl.parse_objects(answer.text))
    return History(environment, tuple(sorted(found, key=lambda one: one.number)))


def of(context: DeliveryContext, environment: str) -> History:
    return read(context.run, context.cluster(environment), environment)


def chosen(history: History, number: str) -> Revision:
    """The revision of that number, by default the good one before; AksFlowError if it is not there."""
    if not number:
        return history.previous()
    if not (number.isascii() and number.isdecimal()):
        step = f"`./inv push.history --env {history.environment}` shows the numbers."
        raise AksFlowError(f"{number!r} is no revision's number, and nothing was changed", next_step=step)
    return history.get(int(number))


def plan_of(environment: str, namespace: str, again: Revision) -> Plan:
    """The plan that brings a revision again, whose manifest was kept."""
    return Plan(
        *(environment, namespace, again.image, again.manifest, "", False, False),
        commit=again.commit,
        checks=again.checks,
    )


def draft(history: History, plan: Plan, created: Iterable[str] = (), restores: int = 0) -> Revision:
    """The revision that a plan becomes."""
    return Revision(
        number=history.next_number,
        when=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        who=actor.name(os.environ),
        run=actor.run_url(os.environ),
        image=plan.image,
        commit=plan.commit,
        restores=restores,
        created=tuple(sorted(created)),
        packed=revision.pack(plan.manifest),
        digest=revision.digest(plan.manifest),
        checks=plan.checks,
    )


def record(run: Runner, cluster: Kubectl, history: History, new: Revision) -> History:
    """Write a revision down; what is too old to be kept goes."""
    run.run(cluster.create(revision.secret(new, cluster.namespace)))
    grown = replace(history, revisions=(*history.revisions, new))
    surplus = grown.surplus()
    if surplus:
        run.run(cluster.delete("secret", *(one.name for one in surplus)))
    return replace(grown, revisions=tuple(one for one in grown.revisions if one not in surplus))


def conclude(run: Runner, cluster: Kubectl, history: History, verdict: str) -> History:
    """Write down what came of the last revision."""
    last = history.last
    if last.verdict == verdict:
        return history
    run.run(cluster.annotate("secret", last.name, f"{revision.VERDICT}={verdict}"))
    return replace(history, revisions=(*history.revisions[:-1], replace(last, verdict=verdict)))
