"""What the task `adopt` does: read a repository, ask, and write what it lacks to be a project."""

import sys
from pathlib import Path

from aks_flow import report
from aks_flow.adopt.adoption import Adoption, plan_adoption
from aks_flow.adopt.asking import Given
from aks_flow.adopt.plan import FileState, PlannedFile
from aks_flow.adopt.todo import LeftToDo, left_to_do
from aks_flow.adopt.upgrade import upgradable
from aks_flow.adopt.write import write
from aks_flow.cli import team_tasks
from aks_flow.cli.context import TaskContext
from aks_flow.core.runner import Runner

_WRITTEN = (FileState.MISSING, FileState.LINES)


def adopt_task(task: TaskContext, path: str, upgrade: bool, yes: bool, json: bool, **flags) -> None:
    """The files first, then what is left to do; under --dry each file with what it is to hold."""
    given = Given(
        **{name: tuple(value) if isinstance(value, list) else value for name, value in flags.items()}
    )
    ask = nobody if yes or json or not sys.stdin.isatty() else a_person
    adoption = plan_adoption(task.runner(), Path(path), given, ask)
    chosen = _chosen(task.runner(), adoption, upgrade)
    todo = left_to_do(adoption.tree, adoption.answers, chosen, _hidden(adoption.tree.root))
    if not task.dry:
        write(adoption.tree.root, chosen)
    if json:
        return report.document({"files": _rows(adoption.files, chosen), "todo": todo})
    for file in adoption.files:
        _show(file, file in chosen, task.dry)
    return _show_todo(todo)


def _chosen(run: Runner, adoption: Adoption, upgrade: bool) -> list[PlannedFile]:
    """The files that are written."""
    missing = [file for file in adoption.files if file.state in _WRITTEN]
    return missing + (upgradable(run, adoption) if upgrade else [])


def a_person(question: str, proposal: str) -> str:
    """What is typed."""
    hint = f" [{proposal}]" if proposal else ""
    sys.stderr.write(f"{question}{hint}: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def nobody(question: str, proposal: str) -> str:
    return proposal


def _hidden(root: Path) -> list[str]:
    """Our tasks that the team's own tasks.py hides; none if it cannot be loaded here."""
    if not (root / "tasks.py").is_file():
        return []
    try:
        return team_tasks.hidden_by(team_tasks.load(root))
    except Exception:  # whatever it says will be said by ./inv
        return []


def _rows(files: list[PlannedFile], chosen: list[PlannedFile]) -> list[dict]:
    return [{"path": file.path, "state": file.state, "written": file in chosen} for file in files]


def _show(file: PlannedFile, is_chosen: bool, dry: bool) -> None:
    """One line; below it what differs, or what is to be written by a run that only shows."""
    if file.state is FileState.SAME:
        return report.say(f"unchanged   {file.path}")
    if file.state is FileState.DIFFERS:
        report.say(
            f"upgraded    {file.path}" if is_chosen else f"differs     {file.path} (it stays as it is)"
        )
        return report.diff(file.diff)
    report.say(f"{'new' if file.before is None else 'more lines':<11} {file.path}")
    return report.say(_indented(file)) if dry else None


def _indented(file: PlannedFile) -> str:
    try:
        text = file.content.decode()
    except UnicodeDecodeError:
        return f"    ({len(file.content)} bytes)"
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())


def _show_todo(todo: list[LeftToDo]) -> None:
    report.heading("Left to do")
    for number, item in enumerate(todo, 1):
        report.say(f"{number}. {item.what}:\n       {item.command}")
