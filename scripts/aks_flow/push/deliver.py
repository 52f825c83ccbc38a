"""A push from the commit to its outcome: the steps of `push` and then of `roll_out`, from top to bottom."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from aks_flow.manifests import render
from aks_flow.push.apply import apply_plan
from aks_flow.push.artifacts import build_artifacts
from aks_flow.push.definitions import establish
from aks_flow.push.failed_apply import failures_judged
from aks_flow.push.fields.takeover import take_over
from aks_flow.push.history import store
from aks_flow.push.history.auto_rollback import roll_back
from aks_flow.push.history.history import History
from aks_flow.push.history.revision import WAITS
from aks_flow.push.hooks import run_after, run_before
from aks_flow.push.lock.fence import hold_lock
from aks_flow.push.namespace_end import wait_for_end
from aks_flow.push.newer_version import find_newer
from aks_flow.push.no_op import confirm_unchanged
from aks_flow.push.outcome import PushOutcome
from aks_flow.push.plan import PushPlan
from aks_flow.push.planning import make_plan
from aks_flow.push.prefetch import Prefetch
from aks_flow.push.prune import Leftovers, prune
from aks_flow.push.request import PushRequest
from aks_flow.push.strategy import cluster_state
from aks_flow.push.strategy.run import run_strategy, withdraw
from aks_flow.push.validate import validate
from aks_flow.push.verify import Proof, verify
from aks_flow.rollout import namespace_secrets, version_skew
from aks_flow.rollout.verdict.verdict import GOOD
from aks_flow.rollout.watch.failure import BadVerdict
from aks_flow.target.api_proxy import through_proxy
from aks_flow.target.delivery import DeliveryContext


def push(
    context: DeliveryContext, request: PushRequest, check: Callable[[PushPlan], None] = lambda plan: None
) -> PushOutcome:
    """Build what was asked for and deliver it, under the environment's lock.

    check: is shown the plan before anything is changed, and raises what keeps it from being carried out.

    With nothing to do no lock is taken, unless somebody else delivers: then that is known only afterwards.
    Locked if the environment is not free in time. Refused and BadVerdict as of `roll_out`.
    """
    with through_proxy(context, request.environment) as quick:
        return _push(quick, request, check)


def _push(context: DeliveryContext, request: PushRequest, check: Callable[[PushPlan], None]) -> PushOutcome:
    with ThreadPoolExecutor() as pool:
        prefetch = Prefetch(pool, context, request)  # the cluster answers during the build
        artifacts = build_artifacts(context, request, prefetch.render)
        plan = make_plan(context, request, artifacts, prefetch)
    check(plan)
    if plan.changes.empty and not plan.basis.busy:
        return confirm_unchanged(context, plan, request.undo)
    wait_for_end(context, plan)
    namespace = render.namespace(plan.manifest, plan.namespace)
    with hold_lock(context, plan.environment, namespace) as lock:
        context = lock.context
        current = plan if plan.is_current(lock.replaced, lock.new_namespace) else None
        newer = "" if request.by_name else find_newer(context, plan.environment, artifacts.delivered, current)
        if newer:
            return PushOutcome(plan.environment, plan.image, plan.new_image, superseded_by=newer)
        plan = current or make_plan(context, request, artifacts)
        if plan.changes.empty:
            cluster_state.remove_twins(context, plan.environment)  # a killed delivery's
            return confirm_unchanged(context, plan, request.undo, locked=True)
        return roll_out(context, request, plan)


def roll_out(context: DeliveryContext, request: PushRequest, plan: PushPlan) -> PushOutcome:
    """Carry out a plan that changes something.

    Refused if the server's dry run does not take an object: then nothing has changed. BadVerdict if the new
    version is not healthy, or if a command fails after the first change; with ``request.undo`` the last good
    revision runs again by then.
    """
    run, cluster = context.run, context.cluster(plan.environment)
    establish(context, plan)
    validated = validate(context, plan, request.strategy)
    strategy = validated.strategy
    namespace_secrets.make(run, cluster, plan.changes.secrets)
    run_before(context, plan)
    history = store.record(context, plan.basis.history, plan, validated.created, validated.replaced)
    try:
        skew = version_skew.announced(run, cluster, partial(_remark, context))
        with failures_judged(context, plan), skew:
            if validated.foreign:
                take_over(context, plan.environment, plan.manifest)
            if strategy:
                proof = run_strategy(context, plan, strategy)
            else:
                proof = verify(context, plan, apply_plan(context, plan))
            if proof:
                run_after(context, plan)
    except BadVerdict as bad:
        back = partial(withdraw, context, plan, strategy) if strategy else None
        raise roll_back(context, plan, history, bad, request.undo, back) from bad
    left = prune(context, plan.environment, plan.changes.leftovers) if proof else Leftovers()
    store.conclude(context, history, GOOD if proof else WAITS)
    return _delivered(plan, history, proof, left)


def _delivered(plan: PushPlan, history: History, proof: Proof | None, left: Leftovers) -> PushOutcome:
    """proof: None for a version that waits beside the old one."""
    seen = proof or Proof()
    return PushOutcome(
        plan.environment,
        plan.image,
        plan.new_image,
        changed=True,
        served=seen.served,
        url=seen.url,
        revision=history.last.number,
        waits=proof is None,
        removed=left.removed,
        kept=left.kept,
    )


def _remark(context: DeliveryContext, text: str) -> None:
    with context.steps("kubectl") as step:
        step.note = text
