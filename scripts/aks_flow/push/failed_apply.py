"""A command that fails after the first change: the environment is half changed, and that is a bad verdict."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed
from aks_flow.manifests import render
from aks_flow.push.fields.applied import is_applied
from aks_flow.push.plan import PushPlan
from aks_flow.push.refusal import in_words
from aks_flow.rollout.verdict.reasons import APPLY_FAILED
from aks_flow.rollout.watch.failure import BadVerdict, RolloutFinding, command_failure, is_no_verdict
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import get, output


@contextmanager
def failures_judged(context: DeliveryContext, plan: PushPlan) -> Iterator[None]:
    """BadVerdict for a command that fails inside the block, which applies the plan or a part of it."""
    try:
        yield
    except CommandFailed as error:
        raise BadVerdict(plan.environment, _findings(context, plan, error)) from error


def _findings(context: DeliveryContext, plan: PushPlan, error: CommandFailed) -> tuple[RolloutFinding, ...]:
    """What the server refused, an object each, and what it took."""
    if is_no_verdict(error):
        return (command_failure("the cluster", error),)
    try:
        present = context.run.run(get.of_manifest(context.cluster(plan.environment), plan.manifest))
    except AksFlowError as unread:
        return (command_failure("kubectl", error, f"what went in is not known: {unread.in_one_line}"),)
    return findings(render.objects(plan.manifest), output.objects(present.text), error)


def findings(objects: list[dict], live: list[dict], error: CommandFailed) -> tuple[RolloutFinding, ...]:
    """Of a manifest's ``objects`` those that the server refused, ``live`` being what it has."""
    present = {output.object_name(item): item for item in live}
    missing = {
        output.object_name(item): item
        for item in objects
        if not is_applied(item, present.get(output.object_name(item)))
    }
    tried = _tried(error)
    parts = {
        "went in": [name for item in objects if (name := output.object_name(item)) not in missing],
        "not applied any more": [name for name in missing if tried and name not in tried],
    }
    notes = [f"{what}: {', '.join(names)}" for what, names in parts.items() if names]
    refused = [
        RolloutFinding(APPLY_FAILED, name, _words_about(item, error))
        for name, item in missing.items()
        if name not in parts["not applied any more"]
    ]
    if not refused:
        return (command_failure("kubectl", error, *notes),)
    return (replace(refused[0], notes=tuple(notes)), *refused[1:])


def _tried(error: CommandFailed) -> set[str]:
    """What the failed command was to apply: the waves behind it were not begun. Empty if not known."""
    text = error.command.stdin
    return render.names_of(text) if isinstance(text, str) and "apply" in error.command.argv else set()


def _words_about(item: dict, error: CommandFailed) -> str:
    """The lines of the answer that name an object; all of them if none does."""
    name = f'"{item["metadata"]["name"]}"'
    said = list(dict.fromkeys(in_words(error.result.error_text).splitlines()))  # a webhook says it of each
    return " ".join(" ".join([line for line in said if name in line] or said).split())
