"""The push path's drills of a cluster that refuses, that is away, and that others have changed."""

from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.scenarios.drills import extra_objects, faults, quota
from aks_flow.rehearsal.scenarios.drills.context import DrillContext
from aks_flow.rehearsal.scenarios.drills.drill import PUSH, Drill, Expected, TaskAnswer
from aks_flow.rehearsal.scenarios.drills.gate import Gate, through_gate
from aks_flow.rehearsal.scenarios.drills.push_task import delivered_again, push, push_words
from aks_flow.rehearsal.scenarios.drills.workload_drills import (
    SHORT,
    lacks_deployment,
    lacks_overlay,
    lacks_own_image,
)
from aks_flow.rollout.verdict import reasons
from aks_flow.tools.kubectl import get, patch

AWAY = 20  # seconds
SLOW = {"minReadySeconds": 10}
REMOVED = "drill-removed"
TWO_CONFIG_MAPS = faults.with_config_maps("drill-a", "drill-b")


def _quota(context: DrillContext) -> TaskAnswer:
    """Room for one of two new objects: a dry run is not charged, so that only the apply finds out."""
    with room_for_one(context, PUSH), context.faulty_overlay(PUSH, TWO_CONFIG_MAPS):
        return push(context)


def room_for_one(context: DrillContext, path: str) -> AbstractContextManager[None]:
    """A quota that one more ConfigMap fits in, in force where a path delivers to."""
    run, cluster = context.delivery.run, context.cluster(path)
    there = len(run.run(get.names(cluster, "configmaps")).text.split())
    return quota.in_force(run, cluster, configmaps=there + 1)


def _away_at_verdict(context: DrillContext) -> TaskAnswer:
    """The version is bad, and the moment that is known nobody answers."""
    image = faults.missing_image(context.config.destination.registry)
    edit = faults.in_container(context.projects[PUSH].answering, image)
    with context.faulty_overlay(PUSH, edit):
        return away_from(context, "failed rollout", *push_words(context))


def _away_at_deadline(context: DrillContext) -> TaskAnswer:
    """A good version that is not done yet; nobody answers until its deadline has passed."""
    place = context.projects[PUSH].answering
    edit = faults.with_patch(place.kind, place.workload, SLOW)
    with delivered_again(context), context.faulty_overlay(PUSH, edit):
        return away_from(context, "ok     apply", *push_words(context), **SHORT)


def away_from(context: DrillContext, moment: str, *words: str, **settings: str) -> TaskAnswer:
    """A task to which nobody answers for a while, from the line of its output that holds the ``moment``."""
    gate, way = gate_before(context)
    closed = []

    def hear(line: str) -> None:
        if moment in line:
            closed.append(gate.closed_for(AWAY))

    settings |= way
    answer = context.tasks.heard(hear, *words, **settings)
    for opened in closed:
        opened.join()
    gate.close()
    if not closed:
        what = f"the delivery did not come to {moment!r}"
        raise AksFlowError(what, next_step=f"Its output is in {context.log}.")
    return answer


def gate_before(context: DrillContext) -> tuple[Gate, dict[str, str]]:
    """A gate before the API server, and the settings with which a task goes through it."""
    target, copy = context.config.destination, context.log.with_name("gate.kubeconfig")
    gate = through_gate(Path(target.kubeconfig), copy, target.context)
    return gate, {"INVOKE_TARGETS_CLUSTER_KUBECONFIG": str(copy)}


def patch_by_hand(context: DrillContext, path: str) -> None:
    """Somebody gives a Deployment another image, and a field that the manifests may not have."""
    run, cluster, place = context.delivery.run, context.cluster(path), context.projects[path].answering
    image = faults.missing_image(context.config.destination.registry).fields["image"]
    operations = [
        {"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": image},
        {"op": "add", "path": "/spec/minReadySeconds", "value": 1},
    ]
    run.run(patch.json_patch(cluster, place.kind, place.workload, *operations))


def _hand_made_patch(context: DrillContext) -> TaskAnswer:
    """Somebody changes a Deployment by hand; what compares has to say so, and a push puts it right."""
    patch_by_hand(context, PUSH)
    compared = context.tasks.heard(lambda line: None, "push.drift")
    answer = push(context)
    seconds = compared.seconds + answer.seconds
    return replace(answer, error=f"{compared.error} {answer.error}", seconds=seconds)


def _removed_deployment(context: DrillContext) -> TaskAnswer:
    """A Deployment of a good delivery leaves the manifests."""
    with context.faulty_overlay(PUSH, faults.unchanged, **{REMOVED: idle_deployment(context)}):
        context.tasks.need(push(context))
    return push(context)


def idle_deployment(context: DrillContext) -> str:
    """The manifest of one more Deployment, which has no pods."""
    nowhere = faults.missing_image(context.config.destination.registry).fields["image"]
    return extra_objects.deployment_without_pods(REMOVED, nowhere)


def _job_with_ttl(context: DrillContext) -> TaskAnswer:
    """A Job that is gone before anybody has seen its end."""
    job = extra_objects.job_gone_at_its_end(_JOB, context.projects[PUSH].image)
    with delivered_again(context), context.faulty_overlay(PUSH, faults.unchanged, **{_JOB: job}):
        return push(context)


_JOB = "drill-job"
_BACK = "It is back at revision"
_WITHDRAWN = Expected(reasons.EXIT_CODES[reasons.IMAGE_NOT_FOUND], 90, error=_BACK)
GONE = (f"deployment.apps/{REMOVED}",)

DRILLS = (
    Drill("quota", PUSH, Expected.verdict(reasons.APPLY_FAILED, 60), _quota, lacks_overlay),
    Drill("away-at-verdict", PUSH, _WITHDRAWN, _away_at_verdict, lacks_deployment),
    Drill("away-at-deadline", PUSH, Expected(0, 90), _away_at_deadline, lacks_deployment),
    Drill("hand-made-patch", PUSH, Expected(0, 60, error="differs from"), _hand_made_patch, lacks_deployment),
    Drill("removed-deployment", PUSH, Expected(0, 60, removed=GONE), _removed_deployment, lacks_overlay),
    Drill("job-ttl", PUSH, Expected(0, 60), _job_with_ttl, lacks_own_image),
)
