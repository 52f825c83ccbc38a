"""What the workflows' task does: read the files, check, report."""

from pathlib import Path

from invoke import Collection
from invoke.exceptions import ParseError
from invoke.parser import Parser
from invoke.program import Program

from scripts import report
from scripts.errors import AksFlowError
from scripts.workflows import tree
from scripts.workflows.check import findings
from scripts.workflows.fidelity import left_out
from scripts.workflows.finding import Finding
from scripts.workflows.scripts import Refusal

FOLDER = Path(".github/workflows")


def check(root: Path, tasks: Collection, as_json: bool) -> None:
    """Compare the workflows with GitHub's syntax, the rules and the tasks; AksFlowError if one disagrees."""
    files = _files(root)
    found = [finding for file in files for finding in _findings(root, file, refusal(tasks))]
    if as_json:
        report.document([vars(finding) for finding in found])
    for finding in [] if as_json else found:
        report.finding(str(finding), finding.file, finding.line)
    if found:
        raise AksFlowError(f"{len(found)} findings", next_step="Each one says what removes it.")
    if not as_json:
        report.say(f"{', '.join(file.name for file in files)}: nothing found")


def fidelity(root: Path, as_json: bool) -> None:
    """Show what a run with act passes over, by file and line."""
    found = [
        Finding(workflow.file, *fault)
        for workflow in _workflows(root)
        for fault in sorted(left_out(workflow))
    ]
    if as_json:
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


def _files(root: Path) -> list[Path]:
    found = sorted(file for kind in ("*.yml", "*.yaml") for file in (root / FOLDER).glob(kind))
    if not found:
        raise AksFlowError("no workflow file", where=str(FOLDER), next_step="Add one, or restore the folder.")
    return found


def _workflows(root: Path) -> list[tree.Workflow]:
    return [tree.read(str(file.relative_to(root)), file.read_text()) for file in _files(root)]


def _findings(root: Path, file: Path, refused: Refusal) -> list[Finding]:
    return findings(str(file.relative_to(root)), file.read_text(), refused)
