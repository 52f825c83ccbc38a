"""What the workflows' task does: read the files, check, report."""

from pathlib import Path

from invoke import Collection
from invoke.exceptions import ParseError
from invoke.parser import Parser
from invoke.program import Program

from aks_flow.cli.check_cache import open_passed
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from aks_flow.report import report
from aks_flow.workflows import files
from aks_flow.workflows.check import findings
from aks_flow.workflows.fidelity import left_out
from aks_flow.workflows.finding import Finding
from aks_flow.workflows.scripts import Refusal


def check(root: Path, tasks: Collection, as_json: bool) -> None:
    """Compare the workflows with GitHub's syntax, the rules and the tasks; AksFlowError if one disagrees."""
    passed = open_passed(Local(), root)
    key = ("workflows", passed.but("app"))
    if not as_json and passed.held(*key):
        return report.say("workflows: unchanged, they passed with this tree")
    read = files.paths(root)
    found = [finding for file in read for finding in _findings(root, file, refusal(tasks))]
    if as_json:
        report.document([vars(finding) for finding in found])
    for finding in [] if as_json else found:
        report.finding(str(finding), finding.file, finding.line)
    if found:
        raise AksFlowError(f"{len(found)} findings", next_step="Each one says what removes it.")
    if not as_json:
        report.say(f"{', '.join(file.name for file in read)}: nothing found")
    return passed.note(*key)


def fidelity(root: Path, as_json: bool) -> None:
    """Show what a run with act passes over, by file and line."""
    found = [
        Finding(workflow.file, *fault)
        for workflow in files.read_all(root)
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


def _findings(root: Path, file: Path, refused: Refusal) -> list[Finding]:
    return findings(str(file.relative_to(root)), file.read_text(), refused)
