"""The project's own workflows: nothing to find in them."""

import json
import subprocess
from pathlib import Path

import pytest

from aks_flow.adopt.content.workflows import TEMPLATES
from aks_flow.cli.workflows import LEFT_OUT, check, tasks_of
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from aks_flow.tools import zizmor
from aks_flow.workflows import files
from aks_flow.workflows.tree import steps

ROOT = Path(__file__).resolve().parents[3]
TASKS = tasks_of(ROOT)


def test_our_workflows_have_no_findings(capsys):
    check(Local(), ROOT, TASKS, json=False)
    said = capsys.readouterr().out
    assert (
        "branch.yml, ci.yml, deliver.yml, finish.yml, nightly.yml, promote.yml, undo.yml: nothing found"
        in said
    )


def test_an_auditor_finds_nothing_without_a_reason():
    """Of ours and of those that `adopt` writes; why some audits are left out stands beside their names."""
    others = (TEMPLATES / name for name in ("preview.yml", "login.yml"))
    audited = ("zizmor", "--offline", "--no-progress", "--no-exit-codes", "--persona=auditor")
    words = (*audited, "--format=json-v1", ".github/workflows", ".github/actions", *others)
    ran = subprocess.run(words, cwd=ROOT, capture_output=True, check=True, text=True)
    found = [fault for fault in zizmor.parse(ran.stdout) if fault.rule not in LEFT_OUT]
    assert found == []


def test_no_job_with_an_identity_takes_anything_from_a_cache():
    jobs = [(file.file, name, job) for file in files.read_all(ROOT) for name, job in file.jobs.items()]
    cached = {
        (file, name): job.text("permissions", "id-token")
        for file, name, job in jobs
        if any(step.text("uses").startswith("actions/cache") for step in steps(job))
    }
    assert cached == {(".github/workflows/ci.yml", "check"): ""}


def test_a_folder_without_workflows_is_an_error(tmp_path):
    with pytest.raises(AksFlowError, match="no workflow file"):
        check(Local(), tmp_path, TASKS, json=False)


def test_findings_as_json_are_objects(tmp_path, capsys):
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "a.yml").write_text("[./inv lint]")
    with pytest.raises(AksFlowError, match="1 findings"):
        check(Local(), tmp_path, TASKS, json=True)
    (finding,) = json.loads(capsys.readouterr().out)
    assert (finding["file"], finding["line"], finding["rule"]) == (".github/workflows/a.yml", 1, "syntax")


def test_findings_name_file_line_and_what_to_do(tmp_path, capsys):
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "a.yml").write_text(
        "on: push\npermissions: {}\njobs:\n  a: {runs-on: ubuntu-latest, steps: [{run: ./inv lint}]}\n"
    )
    with pytest.raises(AksFlowError, match="2 findings"):
        check(Local(), tmp_path, TASKS, json=False)
    assert capsys.readouterr().out.splitlines() == [
        ".github/workflows/a.yml:1: branches: commits that CI writes to gitops start it. "
        "Name the branches of GitFlow in `branches:`.",
        ".github/workflows/a.yml:4: timeout: job a has no timeout: a hanging step runs for six hours. "
        "Add `timeout-minutes:`.",
    ]
