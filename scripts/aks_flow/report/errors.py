"""Failures: an expected one is a sentence, a bad verdict is its evidence."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from aks_flow.core.errors import AksFlowError
from aks_flow.core.steps import Step
from aks_flow.report import foreign, job_summary
from aks_flow.report.console import style
from aks_flow.report.json_document import document
from aks_flow.report.text import note
from aks_flow.rollout.watch.failure import BadVerdict


def failure(error: AksFlowError) -> None:
    """The one place that shows an error."""
    if isinstance(error, BadVerdict) and sys.stderr.isatty():
        _evidence(error)
    else:
        note(f"error: {error}")
    job_summary.error(str(error))
    job_summary.block(f"error: {error}")


def _evidence(bad: BadVerdict) -> None:
    """On a terminal: what failed, and beneath it what the cluster has to say."""
    from rich.console import Console
    from rich.text import Text
    from rich.tree import Tree

    tree = Tree(Text(f"✗ {bad.environment} is bad: {bad.reason}", style="bold red"))
    for finding in bad.findings:
        head, *details = (foreign.shown(line.strip()) for line in finding.lines())
        branch = tree.add(Text(head, style="bold"))
        for detail in details:
            branch.add(Text(detail, style="dim" if detail.startswith("event:") else ""))
    console = Console(stderr=True, highlight=False, **style())
    console.print(tree)
    console.print(Text(foreign.shown(bad.next_step)))


@contextmanager
def verdicts(done: list[Step], as_json: bool) -> Iterator[None]:
    """A bad verdict inside the block is a document too; in words it is an error, and shown as one."""
    try:
        yield
    except BadVerdict as bad:
        if as_json:
            document(
                {
                    "verdict": bad.reason,
                    "environment": bad.environment,
                    "findings": bad.findings,
                    "undone": bad.undone,
                    "steps": done,
                }
            )
        raise
