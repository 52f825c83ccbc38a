"""Which environment a branch reaches, and that the rehearsal's runner takes the files."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from aks_flow.workflows import tree
from aks_flow.workflows.patterns import matches

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / ".github" / "workflows"
ACT = Path(sys.executable).parent / "act"
TAGGED = "github.ref_type == 'tag' && 'production' || "
CHOICE = re.compile(r"github\.ref_name == '(\S+)' && '(\S+)' \|\| ")
FILES = sorted(file.name for file in FOLDER.glob("*.yml"))


def workflow(name: str) -> tree.Workflow:
    return tree.read(name, (FOLDER / name).read_text())


def environment(branch: str) -> str:
    """What the expression in deliver.yml gives for a branch: `branch == … && environment || …`."""
    text = workflow("deliver.yml").jobs["publish"].text("outputs", "environment").replace(TAGGED, "")
    otherwise = re.fullmatch(r"'(\S+)'", CHOICE.sub("", text.removeprefix("${{ ").removesuffix(" }}")))
    return dict(CHOICE.findall(text)).get(branch, otherwise[1])


@pytest.mark.parametrize(
    ("branch", "expected"),
    [("develop", "dev"), ("release/1.5.0", "staging"), ("hotfix/1.4.1", "staging"), ("main", "production")],
)
def test_a_branch_reaches_its_environment(branch, expected):
    filters = workflow("deliver.yml").root.get("on", "push", "branches")
    assert any(matches(item.text(), branch) for item in filters.items)
    assert environment(branch) == expected
    assert expected in yaml.safe_load((ROOT / "invoke.yaml").read_text())["environments"]


@pytest.mark.parametrize(
    ("tag", "starts"),
    [("v1.5.0", True), ("v10.0.12", True), ("v1.5.0-rc.1", False), ("v1", False), ("1.5.0", False)],
)
def test_a_release_s_tag_reaches_production(tag, starts):
    filters = workflow("deliver.yml").root.get("on", "push", "tags")
    assert any(matches(item.text(), tag) for item in filters.items) == starts
    assert TAGGED in workflow("deliver.yml").jobs["publish"].text("outputs", "environment")


def test_a_tag_delivers_what_comes_by_it_alone():
    read = yaml.safe_load((FOLDER / "deliver.yml").read_text())["jobs"]
    said = read["publish"]["outputs"]["deliver"]
    assert "github.ref_type != 'tag' || steps.image.outputs.new_version == 'true'" in said
    assert all("needs.publish.outputs.deliver == 'true'" in read[job]["if"] for job in ("push", "pull"))


def test_the_way_back_waits_for_no_reviewers_of_production():
    jobs = yaml.safe_load((FOLDER / "undo.yml").read_text())["jobs"].values()
    places = {job["environment"]["name"] for job in jobs}
    assert places == {"${{ inputs.environment == 'production' && 'production-undo' || inputs.environment }}"}
    others = yaml.safe_load((ROOT / "invoke.yaml").read_text())["azure"]["github"]["environments"]
    assert others["production-undo"] == "undo"


@pytest.mark.parametrize("branch", ["feature/dark-mode", "gitops", "main-old", "release"])
def test_other_branches_deliver_nothing(branch):
    filters = workflow("deliver.yml").root.get("on", "push", "branches")
    assert not any(matches(item.text(), branch) for item in filters.items)


@pytest.mark.parametrize("name", FILES)
def test_the_rehearsals_runner_takes_the_file(name):
    asked = [ACT, "--list", "--no-cache-server", "--workflows", FOLDER / name]
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True)
    assert listed.returncode == 0, listed.stderr
    assert set(workflow(name).jobs) <= set(listed.stdout.split())


@pytest.mark.parametrize(("job", "task"), [("push", "push"), ("pull", "gitops.deliver")])
def test_what_was_published_is_what_is_delivered(job, task):
    read = yaml.safe_load((FOLDER / "deliver.yml").read_text())["jobs"]
    told = {name: f"${{{{ needs.publish.outputs.{name.lower()} }}}}" for name in ("VERSION", "DIGEST")}
    assert read[job]["env"].items() >= told.items()
    assert (
        read["publish"]["outputs"].items()
        >= {name.lower(): f"${{{{ steps.image.outputs.{name.lower()} }}}}" for name in told}.items()
    )
    lines = [step.get("run", "") for step in read[job]["steps"]]
    assert f'./inv {task} --env="$ENVIRONMENT" --version="$VERSION" --digest="$DIGEST"' in lines
