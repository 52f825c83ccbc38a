"""What a person or a machine reads: steps as they happen, then the outcome. The only importer of rich.

On a terminal a spinner and colours, elsewhere plain lines, with `--json` one document at the end.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from aks_flow.core.errors import AksFlowError
from aks_flow.core.steps import Silent, Step, Steps
from aks_flow.report import job_summary

if TYPE_CHECKING:
    from aks_flow.rollout.watch.failure import BadVerdict

WIDTH = 120  # columns where there is no terminal to ask


def console():
    """A rich console; imported late, since rich costs more than most tasks take."""
    from rich.console import Console

    width = None if _is_watched() else WIDTH
    return Console(highlight=False, soft_wrap=True, width=width)


class Plain:
    """A line for each step when it has ended, and for what a long one waits for."""

    def begin(self, step: Step) -> None:
        pass

    def progress(self, step: Step) -> None:
        say(f"{'...':6} {step.name:<12} {time.time() - step.started:6.2f} s  {step.note}".rstrip())

    def end(self, step: Step, failed: bool) -> None:
        say(f"{'failed' if failed else 'ok':6} {step.name:<12} {step.seconds:6.2f} s  {step.note}".rstrip())


class Live:
    """A spinner while a step runs, a line when it has ended."""

    def __init__(self):
        self._console, self._status = console(), None

    def begin(self, step: Step) -> None:
        self._status = self._console.status(step.name)
        self._status.start()

    def progress(self, step: Step) -> None:
        from rich.text import Text

        self._status.update(Text(f"{step.name}: {step.note}"))

    def end(self, step: Step, failed: bool) -> None:
        self._status.stop()
        mark = "[red]✗[/]" if failed else "[green]✓[/]"
        self._console.print(f"{mark} [bold]{step.name:<12}[/] [dim]{step.seconds:6.2f} s[/]  ", end="")
        self._console.print(step.note, markup=False)


def steps(as_json: bool = False) -> Steps:
    """Steps that tell whoever reads this run."""
    if as_json:
        return Steps(Silent())
    return Steps(Live() if _is_watched() else Plain())


def _is_watched() -> bool:
    """A person looks on. A workflow's log is read later, even where its runner lends a terminal (act)."""
    return sys.stdout.isatty() and not os.environ.get("CI")


def say(text: str) -> None:
    """One line on standard output."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def heading(title: str) -> None:
    """A line that begins a part of a longer run."""
    say(f"\n{title}")


def note(text: str) -> None:
    """One line about what is going on, kept apart from the answer."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def failure(error: AksFlowError) -> None:
    """The one place that shows an error."""
    from aks_flow.rollout.watch.failure import BadVerdict

    if isinstance(error, BadVerdict) and sys.stderr.isatty():
        _evidence(error)
    else:
        note(f"error: {error}")
    job_summary.error(str(error))
    job_summary.block(f"error: {error}")


def _evidence(bad: "BadVerdict") -> None:
    """A bad verdict on a terminal: what failed, and beneath it what the cluster has to say."""
    from rich.console import Console
    from rich.text import Text
    from rich.tree import Tree

    tree = Tree(Text(f"✗ {bad.environment} is bad: {bad.reason}", style="bold red"))
    for one in bad.findings:
        head, *rest = one.lines()
        branch = tree.add(Text(head, style="bold"))
        for line in rest:
            branch.add(Text(line.strip(), style="dim" if line.strip().startswith("event:") else ""))
    err = Console(stderr=True, highlight=False)
    err.print(tree)
    err.print(Text(bad.next_step))


def finding(text: str, file: str, line: int) -> None:
    """A fault of a file, on standard output and beside its line."""
    say(text)
    job_summary.error(text, file, line)


def document(value: Any) -> None:
    """JSON on standard output; dataclasses become objects, values that have a text form become texts."""
    say(json.dumps(value, indent=2, default=_plain))


def _plain(value: Any) -> Any:
    """One level: `json` asks again for what is inside."""
    if is_dataclass(value) and type(value).__str__ is object.__str__:
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return str(value)


def table(title: str, columns: list[str], rows: list[list[object]]) -> None:
    """A table; on a terminal with rich, elsewhere too, without colour."""
    from rich.table import Table

    job_summary.table(title, columns, rows)
    grid = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        grid.add_column(column, overflow="fold")
    for row in rows:
        grid.add_row(*(str(cell) for cell in row))
    console().print(grid)


def outcome(result, done: list[Step], as_json: bool) -> None:
    """The end of a delivery: what runs now and where."""
    text = _end(result)
    job_summary.table(
        text, ["step", "seconds", ""], [[step.name, f"{step.seconds:.2f}", step.note] for step in done]
    )
    document({"outcome": result, "steps": done}) if as_json else say(text)


def _end(result) -> str:
    if result.superseded_by:
        return (
            f"{result.environment} is unchanged: {result.image.tag} is superseded by {result.superseded_by}"
        )
    if result.waits:
        step = "the old version waits until `./inv push.promote` or `./inv push.reject`"
        return f"{result.environment} serves {result.image.tag} from its green; {step}"
    verb = "now runs" if result.changed else "is unchanged: it runs"
    where = f", {result.url}" if result.url else ""
    return f"{result.environment} {verb} {result.image.tag} ({result.image.digest[:19]}){where}"


@contextmanager
def verdicts(done: list[Step], as_json: bool) -> Iterator[None]:
    """A bad verdict inside the block is a document too; in words it is an error, and shown as one."""
    from aks_flow.rollout.watch.failure import (
        BadVerdict,  # late: what tells of a rollout costs as much as Invoke
    )

    try:
        yield
    except BadVerdict as bad:
        if as_json:
            place = {"verdict": bad.reason, "environment": bad.environment}
            document({**place, "findings": bad.findings, "undone": bad.undone, "steps": done})
        raise


def restored(environment: str, result, as_json: bool) -> None:
    """The end of an undo."""
    text = f"{environment} is back at {result.revision}, as revision {result.number}"
    job_summary.line(text)
    if as_json:
        return document({"environment": environment, "number": result.number, **_row(result.revision)})
    return say(text)


def rejected(environment: str, revision, restored, as_json: bool) -> None:
    """The end of a rejection: what went, and what is back."""
    if as_json:
        back = {"number": restored.number, **_row(restored.revision)} if restored else None
        return document({"environment": environment, "rejected": _row(revision), "restored": back})
    end = (
        f"is back at {restored.revision}, as revision {restored.number}" if restored else "is as it was left"
    )
    text = f"{revision} is rejected; {environment} {end}"
    job_summary.line(text)
    return say(text[0].upper() + text[1:])


HISTORY = ("revision", "when", "who", "image", "digest", "commit", "verdict")


def history(found, as_json: bool) -> None:
    """An environment's revisions, the newest first."""
    rows = [_row(one) for one in reversed(found.revisions)]
    if as_json:
        return document(rows)
    if not rows:
        return say(f"{found.environment}: nothing was delivered with kubectl yet")
    short = {"digest": 19, "commit": 12}
    cells = [[str(row[key])[: short.get(key)] for key in HISTORY] for row in rows]
    return table(f"what was delivered to {found.environment}", list(HISTORY), cells)


def _row(one) -> dict[str, object]:
    verdict = f"{one.verdict} (back to {one.restores})" if one.restores else one.verdict
    return {
        **{"revision": one.number, "when": one.when, "who": one.who, "run": one.run},
        **{"image": one.image.tag, "digest": one.image.digest, "commit": one.commit, "verdict": verdict},
    }


def image(built, as_json: bool) -> None:
    """An image and whether it was built now."""
    text = f"{built.image}: {'built now' if built.new else 'unchanged, the registry holds this tree'}"
    job_summary.line(text)
    for name, value in {"version": built.image.tag, "digest": built.image.digest}.items():
        job_summary.output(name, value)
    job_summary.output("built", str(built.new).lower())
    document(built) if as_json else say(text)


def planned_image(reference, as_json: bool) -> None:
    """The reference that an image has (with its digest) or would get."""
    if as_json:
        return document({"image": reference, "published": bool(reference.digest)})
    return say(f"{reference}: {'the registry holds this tree' if reference.digest else 'would be built'}")


def plan(result, as_json: bool) -> None:
    """What a delivery would do."""
    job_summary.line(_intent(result))
    job_summary.block(result.diff, "diff")
    if as_json:
        return document(result)
    if not result.empty:
        say(result.diff.rstrip())
    return say(_intent(result))


def diff(text: str) -> None:
    """What two states differ in; nothing if they do not."""
    if text:
        job_summary.block(text, "diff")
        say(text.rstrip())


def _intent(result) -> str:
    if result.empty:
        return f"{result.environment} is unchanged: it runs {result.image.tag}"
    new = [
        name
        for name, is_new in (("namespace", result.new_namespace), ("password", result.new_secret))
        if is_new
    ]
    parts = (("new", new), ("before that", result.hooks), ("left out", result.left_out))
    said = "".join(f"; {name}: {', '.join(found)}" for name, found in parts if found)
    return f"would deliver {result.image} to {result.environment}{said}"
