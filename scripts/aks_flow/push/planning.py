"""From what was asked for to a plan: everything is read, nothing is changed."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from aks_flow.core.config.secrets import EXISTING, GENERATED
from aks_flow.core.errors import AksFlowError
from aks_flow.manifests import render
from aks_flow.manifests.sync_waves import Order, order, together
from aks_flow.manifests.unpinned import check_pinned
from aks_flow.push import definitions, managed, prune, read_only
from aks_flow.push.artifacts import Artifacts, read_artifacts
from aks_flow.push.fields import server_defaults, unvalidated
from aks_flow.push.fields.foreign import beyond_diff, foreign_fields, replaced
from aks_flow.push.history.history import History
from aks_flow.push.obstacles import obstacles, refuse
from aks_flow.push.plan import PlanBasis, PlannedChanges, PlannedHooks, PlanNotes, PushPlan
from aks_flow.push.prefetch import Prefetch, Present, rendering
from aks_flow.push.read_only import Withheld
from aks_flow.push.refusal import Refused
from aks_flow.push.remarks import remarks, unmarked
from aks_flow.push.request import PushRequest
from aks_flow.rollout import namespace_secrets
from aks_flow.rollout.namespace_secrets import SecretLack
from aks_flow.rollout.verdict import tolerance
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import get, output


def read_plan(context: DeliveryContext, request: PushRequest) -> PushPlan:
    """What a push would do, from the registry and the cluster as they are; nothing is built."""
    with ThreadPoolExecutor() as pool:
        prefetch = Prefetch(pool, context, request)
        return _compare(context, request, read_artifacts(context, request, prefetch.render), prefetch)


def make_plan(
    context: DeliveryContext, request: PushRequest, artifacts: Artifacts, prefetch: Prefetch | None = None
) -> PushPlan:
    """What a push of these artifacts does, as a step of the run. prefetch: what of it was begun before.

    Refused if the server cannot diff it; AksFlowError if something that people stopped would keep it from
    ending, and for whoever may only read.
    """
    with context.steps("plan") as step, ThreadPoolExecutor() as pool:
        plan = _compare(context, request, artifacts, prefetch or Prefetch(pool, context, request))
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


def _compare(
    context: DeliveryContext, request: PushRequest, artifacts: Artifacts, prefetch: Prefetch
) -> PushPlan:
    """Render the environment as it is to be, and compare that with the cluster."""
    environment, namespace = request.environment, context.cluster(request.environment).namespace
    ordered = _render(context, request, artifacts, prefetch)
    manifest, objects = _checked(context, environment, ordered, artifacts)
    existing, (history, unread) = prefetch.present.result(), prefetch.history.result()
    made = definitions.read(context, environment, objects)
    compared = _differing(context, environment, manifest, made.names, existing.namespace)
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


@dataclass(frozen=True)
class Compared:
    """diff: in which objects of kinds that are made now are whole. live: what the server has of the rest.

    unvalidated: a sentence if the diff is not the server's. withheld: what may not be read.
    """

    diff: str
    live: list[dict]
    unvalidated: tuple[str, ...] = ()
    withheld: Withheld = Withheld()


def _differing(
    context: DeliveryContext, environment: str, manifest: str, made: tuple[str, ...], has_namespace: bool
) -> Compared:
    """By the server's diff, or without it where it asks for rights that are lacking."""
    if not has_namespace:
        return Compared(manifest, [])
    known, waiting = definitions.split(manifest, made)
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(read_only.ask, context, get.of_manifest(context.cluster(environment), known))
        difference, said = _by_server(context, environment, known, asked)
    text, withheld = asked.result()
    live = output.objects(text)
    if not said:
        return Compared(difference + waiting, live, withheld=withheld)
    told = unvalidated.difference(withheld.others(render.objects(known)), live)
    return Compared(told + waiting, live, said, withheld)


def _by_server(
    context: DeliveryContext, environment: str, known: str, asked: Future[tuple[str, Withheld]]
) -> tuple[str, tuple[str, ...]]:
    """As `definitions.difference`. Objects that the server refuses only for stale defaults of its own are
    compared without it."""
    try:
        return definitions.difference(context, environment, known)
    except Refused as error:
        live, documents = output.objects(asked.result()[0]), render.documents(known)
        names = server_defaults.refused_for_strategy(str(error))
        pairs = output.pairs([item.object for item in documents], live)
        hidden = [
            item
            for item, there in pairs
            if output.object_name(item) in names and server_defaults.stale_defaults(item, there)
        ]
        if not hidden:
            raise
        rest = together(item for item in documents if item.object not in hidden)
        told = unvalidated.difference(hidden, live)
        difference, said = definitions.difference(context, environment, rest) if rest else ("", ())
        return told + difference, said
