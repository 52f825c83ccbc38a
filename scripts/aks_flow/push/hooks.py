"""Jobs that run to their end: before anything else changes, such as a migration, or after, such as a test."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

from aks_flow.core.runner import CommandFailed, Runner
from aks_flow.manifests.sync_waves import ManifestDocument, Wave, together
from aks_flow.push.plan import PushPlan
from aks_flow.push.wait_healthy import wait_healthy
from aks_flow.rollout.verdict.goal import applied_goal
from aks_flow.rollout.watch.failure import AGAIN, BadVerdict, command_failure
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import Kubectl, create, delete, get, output

_GONE_WITHIN = 60  # seconds, for the Job of the delivery before
_UNCHANGED = f"Nothing else was changed. {AGAIN}"
SUCCEEDED, FAILED = "HookSucceeded", "HookFailed"  # delete policies


def run_before(context: DeliveryContext, plan: PushPlan) -> None:
    """BadVerdict with the Job's evidence if one fails; then nothing else has changed."""
    _run_all(context, plan, plan.hooks.before, _UNCHANGED)


def run_after(context: DeliveryContext, plan: PushPlan) -> None:
    """BadVerdict with the Job's evidence if one fails."""
    _run_all(context, plan, plan.hooks.after, AGAIN)


def _run_all(context: DeliveryContext, plan: PushPlan, waves: tuple[Wave, ...], next_step: str) -> None:
    for wave in waves:
        with context.steps("hook") as step:
            _run(context, plan, wave, partial(context.steps.progress, step), next_step)
            step.note = ", ".join(hook.ref for hook in wave.documents)


def _run(
    context: DeliveryContext, plan: PushPlan, wave: Wave, tell: Callable[[str], None], next_step: str
) -> None:
    """Make the Jobs anew, since applying one that has run does not run it again; wait for their end."""
    cluster = context.cluster(plan.environment)
    try:
        _delete(context, plan, [hook for hook in wave.documents if "name" in hook.object["metadata"]])
        made = applied_goal(plan.namespace, _make(context.run, cluster, wave.manifest))
        wait_healthy(context, plan.environment, made, tell, next_step)
        _delete(context, plan, [hook for hook in wave.documents if SUCCEEDED in hook.policies])
    except CommandFailed as error:
        refs = ", ".join(hook.ref for hook in wave.documents)
        raise BadVerdict(plan.environment, (command_failure(refs, error),), next_step) from error
    except BadVerdict:
        with suppress(CommandFailed):  # the evidence is worth more
            _delete(context, plan, [hook for hook in wave.documents if FAILED in hook.policies])
        raise


def _make(run: Runner, cluster: Kubectl, manifest: str) -> list[dict]:
    """The Jobs as they were made: one that is there is of a try whose answer was lost, as none was left."""
    try:
        text = run.run(create.manifest_and_show(cluster, manifest)).text
    except CommandFailed as error:
        if not output.all_exist(error.result):
            raise
        text = run.run(get.of_manifest(cluster, manifest)).text
    return output.objects(text)


def _delete(context: DeliveryContext, plan: PushPlan, hooks: list[ManifestDocument]) -> None:
    if hooks:
        cluster = context.cluster(plan.environment)
        context.run.run(delete.manifest(cluster, together(hooks), _GONE_WITHIN))
