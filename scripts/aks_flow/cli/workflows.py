"""What the tasks `workflows.…` do: read the files, check, report."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from invoke import Collection
from invoke.exceptions import ParseError
from invoke.parser import Parser
from invoke.program import Program

from aks_flow import collection, report
from aks_flow.cli import team_tasks
from aks_flow.cli.check_cache import open_cache
from aks_flow.cli.context import TaskContext
from aks_flow.cli.first_flags import with_first_flags
from aks_flow.core.config import Config
from aks_flow.core.config.branches import GITFLOW
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local, Runner
from aks_flow.tools import act, actionlint, zizmor
from aks_flow.workflows import files
from aks_flow.workflows.action_versions import by_version
from aks_flow.workflows.check import findings
from aks_flow.workflows.fidelity import left_out
from aks_flow.workflows.finding import WorkflowFinding
from aks_flow.workflows.scripts import Refusal
from aks_flow.workflows.triggers import OF_GITFLOW, ProjectBranches

# zizmor's audits that are not asked for: jobs are called by their keys; our own check of concurrency looks at
# the jobs that deliver, and at what a third run would do.
LEFT_OUT = ("anonymous-definition", "concurrency-limits")
ACTIONLINT = "https://github.com/rhysd/actionlint/blob/main/docs/checks.md"
UNREADABLE = ("syntax", "syntax-check")  # rules whose findings leave a file that the next program refuses
# Rule -> those that say the same of a line.
SAME = {"unsound-condition": {"if-cond"}}


def check_task(task: TaskContext, json: bool) -> None:
    """Compare the workflows with GitHub's syntax, the rules and the tasks; AksFlowError if one disagrees."""
    cache = open_cache(Local(), task.root)
    reads = cache.all_but("app")
    if not json and cache.has_passed("workflows", reads):
        return report.say("workflows: unchanged, they passed with this tree")
    check(task.runner(), task.root, tasks_of(task.root), json, branches_of(task.config()))
    return cache.remember("workflows", reads)


def tasks_of(root: Path) -> Collection:
    """The tasks of a project, a team's own among them, as Invoke loads them."""
    if not (root / "tasks.py").is_file():
        return collection()
    return team_tasks.with_ours(team_tasks.load(root))


def branches_of(config: Config) -> ProjectBranches:
    """Those that the project has, as its configuration calls them."""
    own = (pattern for environment in config.environments.values() for pattern in environment.branches)
    return ProjectBranches(GITFLOW | config.branches, tuple(own), config.gitops.branch)


def check(
    run: Runner, root: Path, tasks: Collection, json: bool, branches: ProjectBranches = OF_GITFLOW
) -> None:
    """Show every finding; AksFlowError if there is one."""
    faults = find(run, root, tasks, branches)
    if json:
        report.document([vars(fault) for fault in faults])
    for fault in [] if json else faults:
        report.finding(str(fault), fault.file, fault.line)
    if faults:
        raise AksFlowError(f"{len(faults)} findings", next_step="Each one says what removes it.")
    if not json:
        _say_which(root)


def _say_which(root: Path) -> None:
    """Those in which nothing was found, and those in which nothing was looked for."""
    paths = files.paths(root)
    alone = [file.name for file in paths if files.is_team_s(file)]
    report.say(f"{', '.join(file.name for file in paths if file.name not in alone)}: nothing found")
    if alone:
        report.say(f"{', '.join(alone)}: left alone, no task is called there")


def find(
    run: Runner, root: Path, tasks: Collection, branches: ProjectBranches = OF_GITFLOW
) -> list[WorkflowFinding]:
    """What our own checks, actionlint, act and zizmor find, by file and line.

    Each is asked about the files that those before it could read, and heard where they are silent.
    """
    contents = read_files(root)
    faults = own_findings(root, contents, tasks, branches)
    for more in (_linted, _validated, _audited):
        broken = {fault.file for fault in faults if fault.rule in UNREADABLE}
        texts = {file: content.decode() for file, content in contents.items() if file not in broken}
        faults += [fault for fault in more(run, root, texts) if not _is_told(fault, faults)]
    once = {(fault.file, fault.line, fault.rule, fault.what): fault for fault in faults}
    return [once[place] for place in sorted(once)]


def own_findings(
    root: Path, contents: Mapping[str, bytes], tasks: Collection, branches: ProjectBranches
) -> list[WorkflowFinding]:
    """What our own checks find in workflow files, and in the repository's actions: no program is asked."""
    return findings(contents, _contents(root, files.actions(root)), refusal(tasks), branches)


def read_files(root: Path) -> dict[str, bytes]:
    """The workflow files that deliver, by their paths from ``root``; a team's own are left alone."""
    return _contents(root, [file for file in files.paths(root) if not files.is_team_s(file)])


def _contents(root: Path, paths: Iterable[Path]) -> dict[str, bytes]:
    return {str(file.relative_to(root)): file.read_bytes() for file in paths}


def _is_told(fault: WorkflowFinding, faults: list[WorkflowFinding]) -> bool:
    """Another says it of that line already; what act refuses, actionlint mostly has said in better words."""
    others = {other.rule for other in faults if (other.file, other.line) == (fault.file, fault.line)}
    return bool(others if fault.rule == "act" else others & SAME.get(fault.rule, set()))


def _linted(run: Runner, root: Path, texts: Mapping[str, str]) -> Iterator[WorkflowFinding]:
    for file, text in texts.items():
        for fault in actionlint.parse(run.run(actionlint.lint(root, file, by_version(text))).text):
            yield WorkflowFinding(file, fault.line, fault.rule, fault.what, f"See {ACTIONLINT}.")


def _validated(run: Runner, root: Path, texts: Mapping[str, str]) -> Iterator[WorkflowFinding]:
    for file in texts:
        for line, what in act.refused(run.run(act.validate(root, file)).error_text):
            yield WorkflowFinding(file, line, "act", what, "A rehearsal cannot run it: write it otherwise.")


def _audited(run: Runner, root: Path, texts: Mapping[str, str]) -> Iterator[WorkflowFinding]:
    named = [*texts, *(str(file.relative_to(root)) for file in files.actions(root))]
    audited = zizmor.parse(run.run(zizmor.audit(root, named)).text) if texts else []
    for fault in audited:
        if fault.rule not in LEFT_OUT:
            yield WorkflowFinding(fault.file, fault.line, fault.rule, fault.what, f"See {fault.url}.")


def fidelity_task(task: TaskContext, json: bool) -> None:
    """Show what a run with act ignores, by file and line."""
    faults = [
        WorkflowFinding(workflow.file, *fault)
        for workflow in files.read_all(task.root)
        for fault in sorted(left_out(workflow))
    ]
    if json:
        return report.document([vars(finding) for finding in faults])
    for finding in faults:
        report.say(str(finding))
    return report.say(f"{len(faults)} keys have no effect in a local run")


def refusal(tasks: Collection) -> Refusal:
    """Why Invoke's own parser, given these tasks, refuses the words of a call; "" if it takes them."""
    contexts, core = tasks.to_contexts(), Program().initial_context

    def why(words: list[str]) -> str:
        try:
            called = Parser(contexts=contexts, initial=core).parse_argv(with_first_flags(tasks, words))
        except ParseError as error:
            return str(error)
        return f"no task named {called.unparsed[0]!r}" if called.unparsed else ""

    return why
