"""From what was asked for to a plan: everything is read, nothing is changed."""

from concurrent.futures import ThreadPoolExecutor

from aks_flow.core.config.secrets import EXISTING, GENERATED
from aks_flow.core.errors import AksFlowError
from aks_flow.manifests import render
from aks_flow.manifests.sync_waves import Order, order, together
from aks_flow.manifests.unpinned import check_pinned
from aks_flow.push import definitions, managed, prune, read_only
from aks_flow.push.artifacts import Artifacts, read_artifacts
from aks_flow.push.comparison import compare
from aks_flow.push.fields.foreign import beyond_diff, foreign_fields, replaced
from aks_flow.push.history.history import History
from aks_flow.push.obstacles import obstacles, refuse
from aks_flow.push.plan import PlanBasis, PlannedChanges, PlannedHooks, PlanNotes, PushPlan
from aks_flow.push.prefetch import Prefetch, Present, rendering
from aks_flow.push.remarks import remarks, unmarked
from aks_flow.push.request import PushRequest
from aks_flow.rollout import namespace_secrets
from aks_flow.rollout.namespace_secrets import SecretLack
from aks_flow.rollout.verdict import tolerance
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import output


def read_plan(context: DeliveryContext, request: PushRequest) -> PushPlan:
    """What a push would do, from the registry and the cluster as they are; nothing is built."""
    with ThreadPoolExecutor() as pool:
        prefetch = Prefetch(pool, context, request)
        return _planned(context, request, read_artifacts(context, request, prefetch.render), prefetch)


def make_plan(
    context: DeliveryContext, request: PushRequest, artifacts: Artifacts, prefetch: Prefetch | None = None
) -> PushPlan:
    """What a push of these artifacts does, as a step of the run. prefetch: what of it was begun before.

    Refused if the server cannot diff it; AksFlowError if something that people stopped would keep it from
    ending, and for whoever may only read.
    """
    with context.steps("plan") as step, ThreadPoolExecutor() as pool:
        plan = _planned(context, request, artifacts, prefetch or Prefetch(pool, context, request))
        step.note = str(plan)
        _refuse_readers(plan)
        refuse(plan.environment, plan.notes.obstacles)
    return plan


def _refuse_readers(plan: PushPlan) -> None:
    """AksFlowError if whoever delivers may only read."""
    if plan.notes.unvalidated:
        what = f"whoever signed in may not deliver to {plan.environment}, and nothing was changed: "
        step = f"Sign in as somebody who may; `./inv push.plan --env {plan.environment}` goes on without."
        raise AksFlowError(what + "; ".join(plan.notes.unvalidated), next_step=step)


def _checked(
    context: DeliveryContext, environment: str, ordered: Order, artifacts: Artifacts
) -> tuple[str, list[dict]]:
    """The manifest of all waves and its objects; AksFlowError if it may not be delivered as it is."""
    manifest = together(document for wave in ordered.waves for document in wave.documents)
    _check_namespace(manifest, context.cluster(environment).namespace, environment)
    _check_images(context, ordered, artifacts, environment)
    objects = render.objects(manifest)
    tolerance.check(objects)
    return manifest, objects


def _planned(
    context: DeliveryContext, request: PushRequest, artifacts: Artifacts, prefetch: Prefetch
) -> PushPlan:
    """Render the environment as it is to be, and compare that with the cluster."""
    environment, namespace = request.environment, context.cluster(request.environment).namespace
    ordered = _render(context, request, artifacts, prefetch)
    manifest, objects = _checked(context, environment, ordered, artifacts)
    existing, (history, unread) = prefetch.present.result(), prefetch.history.result()
    made = definitions.read(context, environment, objects)
    compared = compare(context, environment, manifest, made.names, existing.namespace)
    live, unread = compared.live, existing.withheld + unread + made.withheld + compared.withheld
    past = History(environment) if existing.ending else history  # which goes with its namespace
    foreign, app = foreign_fields(objects, live), context.config.app.name
    return PushPlan(
        environment,
        namespace,
        artifacts.image,
        manifest,
        commit=artifacts.source.commit,
        new_image=artifacts.new,
        contract=context.config.contract,
        checks=context.config.smoke,
        changes=PlannedChanges(
            diff=compared.diff,
            new_namespace=not existing.namespace,
            secrets=_secrets(context, environment, existing),
            definitions=made.names,
            beyond_diff=(*beyond_diff(objects, live, foreign),),
            leftovers=prune.read(context, past, _names(ordered)),
        ),
        hooks=PlannedHooks(ordered.before, ordered.after, tuple(hook.ref for hook in ordered.left_out)),
        notes=PlanNotes(
            remarks=(*replaced(foreign), *remarks(objects, live, namespace), *unmarked(objects, app)),
            obstacles=(*managed.obstacles(context, environment, live), *obstacles(objects, live, namespace)),
            unvalidated=(*(compared.unvalidated or made.unvalidated), *unread.sentences),
        ),
        basis=PlanBasis((*live,), past, existing.busy, existing.lock, existing.ending),
    )


def _names(ordered: Order) -> set[str]:
    """All that the manifests have, hooks too."""
    waves = [*ordered.before, *ordered.waves, *ordered.after]
    documents = [*ordered.left_out, *(document for wave in waves for document in wave.documents)]
    named = (document.object for document in documents if "name" in document.object["metadata"])
    return {output.object_name(item) for item in named}


def _secrets(context: DeliveryContext, environment: str, existing: Present) -> tuple[SecretLack, ...]:
    """Those to be made, none if they may not be read; AksFlowError if one lacks that others have to make."""
    if read_only.SECRETS in existing.withheld.kinds:
        return ()
    config, cluster = context.config, context.cluster(environment)
    others = namespace_secrets.lacks(config.secrets_from(EXISTING), existing.secrets)
    namespace_secrets.refuse(others, cluster, not existing.namespace)
    return namespace_secrets.lacks(config.secrets_from(GENERATED), existing.secrets)


def _render(
    context: DeliveryContext, request: PushRequest, artifacts: Artifacts, prefetch: Prefetch
) -> Order:
    asked, marks = rendering(context, request, artifacts)
    return order(
        render.documents(prefetch.rendered(asked.images) or render.render(context.run, asked, marks))
    )


def _check_namespace(manifest: str, namespace: str, environment: str) -> None:
    """The manifests and the configuration must mean the same place."""
    other = {item["metadata"].get("namespace", namespace) for item in render.objects(manifest)} - {namespace}
    if other:
        what = f"the manifests are for namespace {', '.join(sorted(other))}, and invoke.yaml says {namespace}"
        where = f"environments.{environment}.namespace"
        raise AksFlowError(what, where=where, next_step="Make the two agree.")


def _check_images(context: DeliveryContext, ordered: Order, artifacts: Artifacts, environment: str) -> None:
    """The hooks' too, which may run before anything else."""
    waves = (*ordered.before, *ordered.waves, *ordered.after)
    objects = [document.object for wave in waves for document in wave.documents]
    check_pinned(objects, artifacts.image.members, artifacts.copies, context.config, environment)
