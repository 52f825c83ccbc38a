"""What act would fetch from GitHub and the rehearsal has a stand-in for."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import yaml

from aks_flow.core.runner import Bare
from aks_flow.rehearsal.standins.github import local_actions
from aks_flow.tools import act

ROOT = Path(__file__).resolve().parents[5]
ACT = Path(sys.executable).with_name("act")


def workflow(folder: Path, name: str, text: str) -> None:
    file = folder / ".github" / "workflows" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_each_version_that_a_file_uses_is_answered(tmp_path):
    workflow(tmp_path, "a.yml", "- uses: actions/cache@abc # v5\n- uses:  actions/cache@v4\n")
    workflow(tmp_path, "b.yaml", "- uses: actions/cache@abc\n- uses: actions/checkout@def\n- uses: ./x\n")
    assert [*local_actions.answered(tmp_path)] == ["actions/cache@abc", "actions/cache@v4"]


def test_a_clone_without_workflows_uses_none(tmp_path):
    assert local_actions.answered(tmp_path) == {}


def test_our_own_files_use_nothing_that_act_would_have_to_fetch():
    answered = local_actions.answered(ROOT)
    used = set()
    for file in (ROOT / ".github" / "workflows").iterdir():
        for job in yaml.safe_load(file.read_text())["jobs"].values():
            used |= {step["uses"] for step in job.get("steps", []) if "uses" in step}
    here = ("actions/checkout@", "./")  # the runner's own, and the repository's
    assert {action for action in used if not action.startswith(here)} == answered.keys()


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
    asked = act.run(tmp_path, file, "push", tmp_path / "event.json", tmp_path / "jobs", {}, {}, actions, {})
    said = Bare().run(replace(asked, argv=(str(ACT), *asked.argv[1:]), ok=range(256)))
    log = act.parse(said.text.splitlines())
    assert log.jobs["ci.yml/check"].state == "success", said.text
    assert "hit: false" in said.text
