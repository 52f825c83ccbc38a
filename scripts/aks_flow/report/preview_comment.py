"""What a pull request's comment says of its preview, in Markdown."""

from collections.abc import Iterable

from aks_flow.report import foreign

_LONGEST = 30_000  # characters of a plan: half of what a comment can hold, and more than anybody reads


def delivered(version: str, url: str, plan, hours: int) -> str:
    """It is there. plan: what the delivery was to change. hours: how long it stays without another one."""
    rows = {
        "address": url or "none outside of the cluster",
        "environment": f"{plan.environment}, namespace {plan.namespace}",
        "version": version,
        "commit": plan.commit[:12],
    }
    end = f"It goes when the pull request closes, or {hours} hours after its last delivery."
    return "\n".join(["### Preview", "", *_table(rows), "", *_plan(plan), "", end])


def failed(environment: str, words: str) -> str:
    """It did not come about: the delivery's own words."""
    return "\n".join(["### Preview", "", f"{environment} was not delivered:", "", _block(words)])


def removed(environment: str, why: str) -> str:
    return f"### Preview\n\n{environment} is removed: {foreign.in_markdown(why)}."


def _table(rows: dict[str, str]) -> list[str]:
    cells = [f"| {name} | {_shown(value)} |" for name, value in rows.items()]
    return ["| | |", "|---|---|", *cells]


def _shown(value: str) -> str:
    """An address is to become a link."""
    return value if value.startswith(("http://", "https://")) else foreign.in_markdown(value)


def _plan(plan) -> Iterable[str]:
    summary = foreign.in_markdown(f"The plan: {plan}")
    text = plan.changes.diff if not plan.changes.new_namespace else ""
    if not text.strip():
        return [summary]
    return ["<details>", f"<summary>{summary}</summary>", "", _block(text, "diff"), "", "</details>"]


def _block(text: str, language: str = "") -> str:
    shown = foreign.visible(text.rstrip())
    if len(shown) > _LONGEST:
        shown = f"{shown[:_LONGEST]}\n… and {len(shown) - _LONGEST} characters more; the run's log has them"
    return foreign.fenced(shown, language)
