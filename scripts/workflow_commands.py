"""What the workflows' task does: read the files, check, report."""

from pathlib import Path

from invoke import Collection
from invoke.exceptions import ParseError
from invoke.parser import Parser
from invoke.program import Program

from scripts import report
from scripts.errors import AksFlowError
from scripts.workflows.check import findings
from scripts.workflows.finding import Finding
from scripts.workflows.scripts import Refusal

FOLDER = Path(".github/workflows")


def check(root: Path, tasks: Collection, as_json: bool) -> None:
    """Compare the workflows with GitHub's syntax, the rules and the tasks; AksFlowError if one disagrees."""
    files = _files(root)
    found = [finding for file in files for finding in _findings(root, file, refusal(tasks))]
    if as_json:
        report.document(found)
    for finding in [] if as_json else found:
        report.finding(str(finding), finding.file, finding.line)
    if found:
        raise AksFlowError(f"{len(found)} findings", next_step="Each one says what removes it.")
    if not as_json:
        report.say(f"{', '.join(file.name for file in files)}: nothing found")


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


def _findings(root: Path, file: Path, refused: Refusal) -> list[Finding]:
    return findings(str(file.relative_to(root)), file.read_text(), refused)
