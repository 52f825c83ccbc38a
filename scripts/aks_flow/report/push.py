"""Deliveries by push: what one would do, how it ended, what was delivered before."""

from dataclasses import fields

from aks_flow.core.steps import Step
from aks_flow.report import job_summary
from aks_flow.report.console import table
from aks_flow.report.json_document import document, others_beside
from aks_flow.report.text import say

_OF_PLAN = ("environment", "namespace", "image", "commit", "new_image", "contract", "checks")
_OF_BASIS = ("busy", "lock", "ending")
HISTORY = ("revision", "when", "who", "image", "digest", "commit", "verdict")
_SHORT = {"digest": 19, "commit": 12}  # characters that are shown of them


def show_plan(result, as_json: bool) -> None:
    """What a delivery would do; to a machine all but the manifest, which may hold what is secret."""
    job_summary.line(_intent(result))
    changes, notes = result.changes, result.notes
    job_summary.block(changes.diff, "diff")
    if as_json:
        return document(_facts(result))
    if not changes.empty:
        say(changes.diff.rstrip())
    for text in (*changes.beyond_diff, *notes.remarks, *notes.unvalidated, *notes.obstacles):
        say(text)
    return say(_intent(result))


def _facts(plan) -> dict[str, object]:
    """All on one level, without the objects and revisions that the plan was made from: they hold Secrets."""
    facts = {name: getattr(plan, name) for name in _OF_PLAN} | _fields(plan.changes) | _fields(plan.notes)
    facts |= {name: getattr(plan.basis, name) for name in _OF_BASIS}
    hooks = plan.hooks
    facts |= {"hooks": hooks.names_before, "hooks_after": hooks.names_after, "left_out": hooks.left_out}
    return facts | {"empty": plan.changes.empty} | others_beside(plan.image)


def _fields(part) -> dict[str, object]:
    return {field.name: getattr(part, field.name) for field in fields(part)}


def _intent(result) -> str:
    changes, hooks = result.changes, result.hooks
    if changes.empty:
        return f"{result.environment} is unchanged: it runs {result.image.tag}"
    ending = ", once the old one is gone" if result.basis.ending else ""
    new = [*([f"namespace{ending}"] if changes.new_namespace else []), *map(str, changes.secrets)]
    jobs = {"before that": hooks.names_before, "when all is healthy": hooks.names_after}
    parts = {"new": new, **jobs, **changes.leftovers.parts, "left out": hooks.left_out}
    rest = "".join(f"; {name}: {', '.join(items)}" for name, items in parts.items() if items)
    return f"would deliver {', '.join(map(str, result.image.members))} to {result.environment}{rest}"


def show_outcome(result, done: list[Step], as_json: bool) -> None:
    """The end of a delivery: what runs now and where."""
    text = _end(result)
    rows = [[step.name, f"{step.seconds:.2f}", step.note] for step in done]
    job_summary.table(text, ["step", "seconds", ""], rows)
    document({"outcome": result, "steps": done}) if as_json else say(text)


def _end(result) -> str:
    environment, image = result.environment, result.image
    if result.superseded_by:
        return f"{environment} is unchanged: {image.tag} is superseded by {result.superseded_by}"
    if result.waits:
        step = "the old version waits until `./inv push.promote` or `./inv push.reject`"
        return f"{environment} serves {image.tag} from its green; {step}"
    verb = "now runs" if result.changed else "is unchanged: it runs"
    where = f", {result.url}" if result.url else ""
    parts = {"removed": result.removed, "kept": result.kept}
    rest = "".join(f"; {what}: {', '.join(names)}" for what, names in parts.items() if names)
    return f"{environment} {verb} {image.tag} ({_digests(image)}){where}{rest}"


def _digests(image) -> str:
    """The digest; of several images each one's, under its name."""
    others = [f"{name} {other.digest[:19]}" for name, other in image.others.items()]
    return ", ".join([image.digest[:19], *others])


def show_restored(environment: str, result, as_json: bool) -> None:
    """The end of an undo."""
    text = f"{environment} is back at {result.revision}, as revision {result.number}{result.rest}"
    job_summary.line(text)
    if as_json:
        rest = {"put_back": result.put_back, "left": result.left}
        return document(
            {"environment": environment, "number": result.number, **_row(result.revision), **rest}
        )
    return say(text)


def show_rejected(environment: str, revision, restored, as_json: bool) -> None:
    """The end of a rejection: what went, and what is back."""
    if as_json:
        back = {"number": restored.number, **_row(restored.revision)} if restored else None
        return document({"environment": environment, "rejected": _row(revision), "restored": back})
    end = "is as it was left"
    if restored:
        end = f"is back at {restored.revision}, as revision {restored.number}{restored.rest}"
    text = f"{revision} is rejected; {environment} {end}"
    job_summary.line(text)
    return say(text[0].upper() + text[1:])


def show_history(past, as_json: bool) -> None:
    """An environment's revisions, the newest first."""
    rows = [_row(revision) for revision in reversed(past.revisions)]
    if as_json:
        return document(rows)
    if not rows:
        return say(f"{past.environment}: nothing was delivered with kubectl yet")
    cells = [[str(row[key])[: _SHORT.get(key)] for key in HISTORY] for row in rows]
    return table(f"what was delivered to {past.environment}", list(HISTORY), cells)


def _row(revision) -> dict[str, object]:
    back = f" (back to {revision.restores})" if revision.restores else ""
    return {
        "revision": revision.number,
        "when": revision.when,
        "who": revision.who,
        "run": revision.run,
        "image": revision.image.tag,
        "digest": revision.image.digest,
        "commit": revision.commit,
        "verdict": f"{revision.verdict}{back}",
    } | others_beside(revision.image)
