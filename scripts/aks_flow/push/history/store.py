"""An environment's revisions where they are kept: Secrets in its namespace."""

import json
import os
import time
from collections.abc import Iterable
from dataclasses import replace

from aks_flow.core import actor
from aks_flow.core.errors import AksFlowError
from aks_flow.core.moment import rfc3339
from aks_flow.core.runner import CommandFailed
from aks_flow.push.history import revision
from aks_flow.push.history.generated import last_named_by
from aks_flow.push.history.history import History
from aks_flow.push.history.revision import Revision
from aks_flow.push.plan import PushPlan
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import Kubectl, annotate, create, delete, get, output


def read(context: DeliveryContext, environment: str) -> History:
    """Empty where there is no namespace yet, too. AksFlowError for a Secret that is no revision."""
    answer = context.run.run(get.labelled(context.cluster(environment), "secrets", revision.LABELS))
    revisions = [revision.parse(item) for item in output.objects(answer.text)]
    return History(environment, tuple(sorted(revisions, key=lambda kept: kept.number)))


def record(
    context: DeliveryContext,
    history: History,
    plan: PushPlan,
    created: Iterable[str] = (),
    replaced: list[dict] | None = None,
    restores: int = 0,
) -> History:
    """Write down what is about to be applied, as a new revision without a verdict yet.

    created: the objects that were not there before. replaced: how those were that no good revision has.
    restores: the number of the revision gone back to, or 0.
    """
    packed = revision.pack(plan.manifest)
    new = Revision(
        number=history.next_number,
        when=rfc3339(time.time(), "seconds"),
        who=actor.name(os.environ),
        run=actor.run_url(os.environ),
        image=plan.image,
        commit=plan.commit,
        restores=restores,
        created=tuple(sorted(created)),
        packed=packed,
        digest=revision.digest(plan.manifest),
        contract=plan.contract,
        checks=plan.checks,
        kept=revision.pack(json.dumps(replaced), packed) if replaced else "",
    )
    if replaced and not new.kept:
        with context.steps("history") as step:
            names = ", ".join(map(output.object_name, replaced))
            step.note = f"too large to be kept, and not put back if the delivery is bad: {names}"
    return append(context, history, new)


def append(context: DeliveryContext, history: History, new: Revision) -> History:
    """Write a revision down."""
    cluster = context.cluster(history.environment)
    try:
        context.run.run(create.secret(cluster, revision.secret(new, cluster.namespace)))
    except CommandFailed as error:
        if output.refusal(error.result) != "AlreadyExists" or not _is_kept(context, cluster, new):
            raise
    return replace(history, revisions=(*history.revisions, new))


def _is_kept(context: DeliveryContext, cluster: Kubectl, new: Revision) -> bool:
    """Whether the server took a revision whose answer was lost: then the second try finds it there."""
    return revision.parse(output.only(context.run.run(get.by_name(cluster, "secret", new.name)).text)) == new


def conclude(context: DeliveryContext, history: History, verdict: str) -> History:
    """Write down the verdict on the last revision; what is too old to be kept goes.

    If that fails, a step says so: no delivery hangs on it.
    """
    last = history.last
    if last.verdict == verdict:
        return history
    ended = rfc3339(time.time(), "seconds")
    notes = (f"{revision.VERDICT}={verdict}", f"{revision.CONCLUDED}={ended}")
    concluded = replace(last, verdict=verdict, concluded=ended)
    noted = replace(history, revisions=(*history.revisions[:-1], concluded))
    try:
        context.run.run(annotate.annotate(context.cluster(history.environment), "secret", last.name, *notes))
        return _without_surplus(context, noted)
    except AksFlowError as error:
        with context.steps("history") as step:
            step.note = f"{verdict!r} could not be written down for {last}: {error.in_one_line}"
        return history


def _without_surplus(context: DeliveryContext, history: History) -> History:
    """Delete the revisions that are too old to be kept, and first what kustomize generated for them alone."""
    surplus, cluster = history.surplus(), context.cluster(history.environment)
    if not surplus:
        return history
    kept = tuple(revision for revision in history.revisions if revision not in surplus)
    if names := last_named_by(surplus, kept):
        context.run.run(delete.objects(cluster, *names))
    context.run.run(delete.by_name(cluster, "secret", *(old.name for old in surplus)))
    return replace(history, revisions=kept)
