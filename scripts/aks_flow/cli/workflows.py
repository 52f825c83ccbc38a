"""What the tasks `workflows.…` do: read the files, check, report."""

from pathlib import Path

from invoke import Collection, FilesystemLoader
from invoke.exceptions import ParseError
from invoke.parser import Parser
from invoke.program import Program

from aks_flow import report
from aks_flow.cli.check_cache import open_cache
from aks_flow.cli.context import TaskContext
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from aks_flow.workflows import files
from aks_flow.workflows.check import findings
from aks_flow.workflows.fidelity import left_out
from aks_flow.workflows.finding import Finding
from aks_flow.workflows.scripts import Refusal


def check_task(task: TaskContext, json: bool) -> None:
    """Compare the workflows with GitHub's syntax, the rules and the tasks; AksFlowError if one disagrees."""
    cache = open_cache(Local(), task.root)
    reads = cache.all_but("app")
    if not json and cache.has_passed("workflows", reads):
        return report.say("workflows: unchanged, they passed with this tree")
    check(task.root, tasks_of(task.root), json)
    return cache.remember("workflows", reads)


def tasks_of(root: Path) -> Collection:
    """The tasks of a project, a team's own among them, as Invoke loads them."""
    module, _ = FilesystemLoader(start=str(root)).load()
    return Collection.from_module(module)


def check(root: Path, tasks: Collection, json: bool) -> None:
    """Show every finding; AksFlowError if there is one."""
    paths = files.paths(root)
    refused = refusal(tasks)
    found = [finding for file in paths for finding in _findings(root, file, refused)]
    if json:
        report.document([vars(finding) for finding in found])
    for finding in [] if json else found:
        report.finding(str(finding), finding.file, finding.line)
    if found:
        raise AksFlowError(f"{len(found)} findings", next_step="Each one says what removes it.")
    if not json:
        report.say(f"{', '.join(file.name for file in paths)}: nothing found")


def fidelity_task(task: TaskContext, json: bool) -> None:
    """Show what a run with act passes over, by file and line."""
    found = [
        Finding(workflow.file, *fault)
        for workflow in files.read_all(task.root)
        for fault in sorted(left_out(workflow))
    ]
    if json:
        return report.document([vars(finding) for finding in found])
    for finding in found:
        report.say(str(finding))
    return report.say(f"{len(found)} keys say nothing in a local run")


def refusal(tasks: Collection) -> Refusal:
    """Why Invoke's own parser, given these tasks, refuses the words of a call; "" if it takes them."""
    contexts, core = tasks.to_contexts(), Program().initial_context

    def why(words: list[str]) -> str:
        try:
            called = Parser(contexts=contexts, initial=core).parse_argv(words)
        except ParseError as error:
            return str(error)
        return f"no task named {called.unparsed[0]!r}" if called.unparsed else ""

    return why


def _findings(root: Path, file: Path, refused: Refusal) -> list[Finding]:
    return findings(str(file.relative_to(root)), file.read_text(), refused)
