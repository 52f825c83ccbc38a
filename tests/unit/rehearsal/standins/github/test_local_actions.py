"""What act would fetch from GitHub and the rehearsal has a stand-in for."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import yaml

from aks_flow.core.runner import Bare
from aks_flow.rehearsal.standins.github import local_actions
from aks_flow.tools import act
from tests.unit.gitflow.conftest import alone  # noqa: F401
from tests.unit.gitflow.repository import Repository

ROOT = Path(__file__).resolve().parents[5]
ACT = Path(sys.executable).with_name("act")


def workflow(folder: Path, name: str, text: str) -> None:
    file = folder / ".github" / "workflows" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_each_version_that_a_file_uses_is_answered(tmp_path):
    workflow(tmp_path, "a.yml", "- uses: actions/cache@abc # v5\n- uses:  actions/cache@v4\n")
    workflow(tmp_path, "b.yaml", "- uses: actions/cache@abc\n- uses: actions/setup-node@def\n- uses: ./x\n")
    assert [*local_actions.answered(tmp_path)] == ["actions/cache@abc", "actions/cache@v4"]


def test_a_clone_without_workflows_uses_none(tmp_path):
    assert local_actions.answered(tmp_path) == {}


def test_our_own_files_use_nothing_that_act_would_have_to_fetch():
    answered = local_actions.answered(ROOT)
    used = set()
    for file in (ROOT / ".github" / "workflows").iterdir():
        for job in yaml.safe_load(file.read_text())["jobs"].values():
            used |= {step["uses"] for step in job.get("steps", []) if "uses" in step}
    assert {action for action in used if not action.startswith("./")} == answered.keys()


def test_act_takes_the_stand_in(tmp_path):
    file = ".github/workflows/ci.yml"
    written = yaml.safe_load((ROOT / file).read_text())
    [cache] = [step for step in written["jobs"]["check"]["steps"] if "cache" in step.get("uses", "")]
    steps = [{**cache, "id": "cache"}, {"run": "echo hit: ${{ steps.cache.outputs.cache-hit }}"}]
    job = {"runs-on": "ubuntu-latest", "steps": steps}
    workflow(tmp_path, "ci.yml", yaml.safe_dump({"on": "push", "jobs": {"check": job}}))
    (tmp_path / "event.json").write_text("{}")
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    actions = local_actions.answered(tmp_path)
    asked = act.run(
        tmp_path, file, "push", tmp_path / "event.json", tmp_path / "jobs", act.Provided(actions=actions)
    )
    said = Bare().run(replace(asked, argv=(str(ACT), *asked.argv[1:]), ok=range(256)))
    log = act.parse(said.text.splitlines())
    assert log.jobs["ci.yml/check"].state == "success", said.text
    assert "hit: false" in said.text


def test_a_job_can_check_out_another_branch_than_the_run_s_own(alone, tmp_path):  # noqa: F811
    file, work = ".github/workflows/ci.yml", tmp_path / "work"
    checkout = {"uses": "actions/checkout@v6", "with": {"ref": "develop", "fetch-depth": 0}}
    steps = [checkout, {"run": "git branch --show-current; cat here"}]
    job = {"runs-on": "ubuntu-latest", "steps": steps}
    workflow(work, "ci.yml", yaml.safe_dump({"on": "push", "jobs": {"check": job}}))
    (tmp_path / "event.json").write_text("{}")
    origin = Repository(tmp_path / "origin")
    subprocess.run(["git", "init", "--quiet", "--initial-branch=develop", origin.path], check=True)
    origin.commit("here", "of develop\n")
    subprocess.run(["git", "init", "--quiet", work], check=True)
    actions = local_actions.answered(work)
    asked = act.run(
        work, file, "push", tmp_path / "event.json", tmp_path / "jobs", act.Provided(actions=actions)
    )
    told = asked.with_env(AKSFLOW_ORIGIN=str(origin.path))
    said = Bare().run(replace(told, argv=(str(ACT), *told.argv[1:]), ok=range(256)))
    assert act.parse(said.text.splitlines()).jobs["ci.yml/check"].state == "success", said.text
    assert "of develop" in said.text
