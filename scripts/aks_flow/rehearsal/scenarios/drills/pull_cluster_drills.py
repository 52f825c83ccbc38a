"""The pull path's drills of a cluster that refuses, that is away, and that others have changed."""

import threading
from dataclasses import replace

from aks_flow.core.wait import until
from aks_flow.gitops.wait.arrival import EVIDENCE
from aks_flow.rehearsal.scenarios.drills import faults
from aks_flow.rehearsal.scenarios.drills.cluster_drills import (
    AWAY,
    GONE,
    REMOVED,
    SLOW,
    TWO_CONFIG_MAPS,
    away_from,
    gate_before,
    idle_deployment,
    patch_by_hand,
    room_for_one,
)
from aks_flow.rehearsal.scenarios.drills.context import DrillContext
from aks_flow.rehearsal.scenarios.drills.drill import PULL, Drill, Expected, TaskAnswer
from aks_flow.rehearsal.scenarios.drills.gate import Gate
from aks_flow.rehearsal.scenarios.drills.pull_delivery import deliver, delivered, repair, repaired, wait
from aks_flow.rehearsal.scenarios.drills.workload_drills import SHORT, lacks_deployment, lacks_overlay
from aks_flow.rollout.verdict import reasons
from aks_flow.tools.kubectl import get

_WATCHED = 5  # connections: the wait has asked once, and watches


def _quota(context: DrillContext) -> TaskAnswer:
    """Room for one of two new objects: Argo CD's sync ends in the middle."""
    with room_for_one(context, PULL):
        return delivered(context, TWO_CONFIG_MAPS)


def _away_at_verdict(context: DrillContext) -> TaskAnswer:
    """The version is bad, and from the moment that is known nobody answers; it is taken back all the same."""
    image = faults.missing_image(context.config.destination.registry)
    edit = faults.in_helper(context.projects[PULL].answering, image)
    environment = context.environment(PULL)
    with repaired(context), context.faulty_overlay(PULL, edit):
        context.publish()
        context.tasks.need(deliver(context))
        answer = away_from(context, EVIDENCE, "gitops.wait", environment, "--undo")
        context.tasks.need(context.tasks.inv("gitops.release-hold", environment))
        return answer


def _away_at_deadline(context: DrillContext) -> TaskAnswer:
    """A good version that is not done yet; nobody answers the wait until its deadline has passed."""
    place = context.projects[PULL].answering
    edit = faults.with_patch(place.kind, place.workload, SLOW)
    with repaired(context), context.faulty_overlay(PULL, edit):
        context.publish()
        context.tasks.need(deliver(context))
        gate, way = gate_before(context)
        closing = threading.Thread(target=_close_once_watched, args=(gate,))
        closing.start()
        answer = wait(context, **way, **SHORT)
        closing.join()
        gate.close()
        return answer


def _close_once_watched(gate: Gate) -> None:
    until(lambda: gate.taken >= _WATCHED, "the wait's watches", seconds=60)
    gate.closed_for(AWAY).join()


def _hand_made_patch(context: DrillContext) -> TaskAnswer:
    """Somebody changes a Deployment by hand; Argo CD puts back what the branch says of it."""
    with repaired(context):
        patch_by_hand(context, PULL)
        return wait(context)


def _removed_deployment(context: DrillContext) -> TaskAnswer:
    """A Deployment of a good commit leaves the branch, and Argo CD removes it."""
    with context.faulty_overlay(PULL, faults.unchanged, **{REMOVED: idle_deployment(context)}):
        context.publish()
        context.tasks.need(deliver(context))
        context.tasks.need(wait(context))
    answer = repair(context)
    left = context.delivery.run.run(get.existing(context.cluster(PULL), *GONE)).text.split()
    return replace(answer, document={"outcome": {"removed": [name for name in GONE if name not in left]}})


_BACK = "It is back at"
_WITHDRAWN = Expected(reasons.EXIT_CODES[reasons.IMAGE_NOT_FOUND], 120, error=_BACK)

DRILLS = (
    Drill("quota", PULL, Expected.verdict(reasons.APPLY_FAILED, 60), _quota, lacks_overlay),
    Drill("away-at-verdict", PULL, _WITHDRAWN, _away_at_verdict, lacks_deployment),
    Drill("away-at-deadline", PULL, Expected(0, 90), _away_at_deadline, lacks_deployment),
    Drill("hand-made-patch", PULL, Expected(0, 60), _hand_made_patch, lacks_deployment),
    Drill("removed-deployment", PULL, Expected(0, 60, removed=GONE), _removed_deployment, lacks_overlay),
)
