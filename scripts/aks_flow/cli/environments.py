"""What the task `environments` does: read, and show."""

import time
from pathlib import Path

from aks_flow import report
from aks_flow.cli import connect
from aks_flow.cli.context import TaskContext
from aks_flow.core.errors import AksFlowError
from aks_flow.environments.look import look
from aks_flow.report.environments import show
from aks_flow.report.environments_page import environments_page


def environments_task(task: TaskContext, html: str, json: bool) -> None:
    """html: the file that a page is written to; AksFlowError if it cannot be."""
    now = time.time()
    contexts = connect.deliveries(task)
    views = look(contexts, now)
    show(views, json)
    if html:
        _write(task, Path(html), environments_page(views, contexts[0].config.app.name, now))


def _write(task: TaskContext, file: Path, text: str) -> None:
    if task.dry:
        return report.note(f"would write {file}")
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        step = "Name a file in a folder that is there and that you may write to."
        raise AksFlowError(
            f"the page cannot be written ({error.strerror})", where=str(file), next_step=step
        ) from error
    return report.note(f"written: {file}")
