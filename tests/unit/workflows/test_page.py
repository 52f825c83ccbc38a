"""docs/workflows.md says of each workflow file what starts it, what its jobs call and what it reads."""

import re
from pathlib import Path

import pytest

from aks_flow.cli.workflow_variables import AZURE
from aks_flow.workflows import files
from aks_flow.workflows.tree import Workflow, WorkflowNode, steps
from tests.markdown import code, rows

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "workflows.md").read_text()
WORKFLOWS = {Path(workflow.file).name: workflow for workflow in files.read_all(ROOT)}
TABLE = {code(file)[0]: (starts, calls) for file, starts, calls in rows(PAGE, "| file |")}
SETTINGS = [name for _, names, _ in rows(PAGE, "| where |") for name in code(names)]
SIGN_IN = {"login", "logout"}  # a sentence below the table says where they are called
TASK = re.compile(r"\./inv ([\w.-]+)")


def events(workflow: Workflow) -> set[str]:
    """What starts a file: the events, with the branches and inputs that they name."""
    texts = set(workflow.events)
    for event in workflow.events.values():
        for filtered in event.mapping.get("branches", WorkflowNode([], 0)).items:
            texts.add(filtered.text())
        texts |= event.mapping.get("inputs", WorkflowNode({}, 0)).mapping.keys()
    return texts


def calls(workflow: Workflow) -> list[str]:
    """A file's jobs and, after each, the tasks or the file that it calls."""
    names = []
    for name, job in workflow.jobs.items():
        scripts = [step.text("run") for step in steps(job)]
        tasks = [task for script in scripts for task in TASK.findall(script) if task not in SIGN_IN]
        names += [name, *tasks, *([Path(job.text("uses")).name] if job.get("uses") else [])]
    return names


def test_the_table_has_every_file():
    assert TABLE.keys() == WORKFLOWS.keys()


@pytest.mark.parametrize("file", WORKFLOWS)
def test_the_table_says_what_starts_a_file(file):
    named = set(code(TABLE[file][0])) - WORKFLOWS.keys()
    assert named == events(WORKFLOWS[file])


@pytest.mark.parametrize("file", WORKFLOWS)
def test_the_table_has_the_jobs_and_their_tasks_in_the_order_of_the_file(file):
    assert code(TABLE[file][1]) == calls(WORKFLOWS[file])


def test_the_settings_are_the_variables_and_environments_that_the_files_read():
    texts = [workflow.text for workflow in WORKFLOWS.values()]
    read = {name for text in texts for name in re.findall(r"(?:vars|secrets)\.(\w+)", text)}
    jobs = [job for workflow in WORKFLOWS.values() for job in workflow.jobs.values()]
    named = {job.text("environment") for job in jobs if job.text("environment").isidentifier()}
    examples = {name for name in SETTINGS if name.startswith(("INVOKE_TARGETS_", "INVOKE_…"))}
    assert read | AZURE.keys() == {name for name in SETTINGS if name.isupper()} - examples
    assert named <= set(SETTINGS)
