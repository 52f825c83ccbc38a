"""Which environment a branch reaches, and that the rehearsal's runner takes the files."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from aks_flow.rehearsal.standins.github.event import PULL_REQUEST, PUSH, Event
from aks_flow.rehearsal.standins.github.matching import starts
from aks_flow.workflows import expression, tree
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


def test_a_plan_of_a_branch_without_a_request_gets_its_secrets():
    """A called file has no secrets that its caller does not hand over: actions/runner#1490."""
    assert "secrets.KUBECONFIG" in (FOLDER / "ci.yml").read_text()
    assert workflow("branch.yml").jobs["ci"].text("secrets") == "inherit"


@pytest.mark.parametrize(
    ("file", "job"), [("deliver.yml", "pull"), ("promote.yml", "pull"), ("promote.yml", "propose")]
)
def test_who_commits_may_read_the_checks_that_gates_ask_for(file, job):
    """Of a private repository a token reads them by these permissions alone: rest/checks/runs."""
    granted = workflow(file).jobs[job].get("permissions")
    assert (granted.text("checks"), granted.text("statuses")) == ("read", "read")


def test_no_pull_request_ends_the_checks_of_another():
    """A hotfix's branch has two, and forks' branches may be called the same."""
    group = workflow("ci.yml").root.text("concurrency", "group")
    assert "github.event.number ||" in group and "head_ref" not in group


@pytest.mark.parametrize(("who", "plans"), [("ann", True), ("dependabot[bot]", False)])
def test_what_dependabot_proposes_is_not_planned(who, plans):
    """Its runs get none of the secrets of Actions: code-security/dependabot/troubleshooting-dependabot."""
    facts = {
        "vars.INVOKE_TARGET": "cluster",
        "github.ref": "refs/pull/1/merge",
        "github.event_name": "pull_request",
        "github.event.pull_request.head.repo.fork": False,
        "github.event.pull_request.user.login": who,
    }
    condition = expression.parse(workflow("ci.yml").jobs["plan"].text("if"))
    assert (expression.truth_of(expression.value(condition, facts)) is not False) is plans


def test_a_tag_delivers_what_comes_by_it_alone():
    read = yaml.safe_load((FOLDER / "deliver.yml").read_text())["jobs"]
    said = read["publish"]["outputs"]["deliver"]
    assert "github.ref_type != 'tag' || steps.image.outputs.new_version == 'true'" in said
    assert all("needs.publish.outputs.deliver == 'true'" in read[job]["if"] for job in ("push", "pull"))


def test_no_environment_that_does_not_admit_a_version_asks_its_reviewers_for_it():
    """A first push to main, or a squash under a title of its own, is no release until it is tagged."""
    read = yaml.safe_load((FOLDER / "deliver.yml").read_text())["jobs"]
    outputs = read["publish"]["outputs"]
    assert outputs["admitting"] == "${{ steps.image.outputs.admitting }}"
    asked = "contains(fromJSON(needs.publish.outputs.admitting), needs.publish.outputs.environment)"
    assert all(read[job]["if"].endswith(asked) for job in ("push", "pull"))


def test_the_way_back_waits_for_no_reviewers_of_production():
    jobs = yaml.safe_load((FOLDER / "undo.yml").read_text())["jobs"].values()
    places = {job["environment"]["name"] for job in jobs}
    assert places == {"${{ inputs.environment == 'production' && 'production-undo' || inputs.environment }}"}
    others = yaml.safe_load((ROOT / "invoke.yaml").read_text())["azure"]["github"]["environments"]
    assert others["production-undo"] == "undo"


FEATURE = "feature/dark-mode"
STARTED = [
    (Event(PUSH, f"refs/heads/{FEATURE}", "c"), {"branch.yml"}),
    (
        Event(PULL_REQUEST, "refs/pull/1/merge", "c", head=FEATURE, base="develop", action="opened"),
        {"ci.yml"},
    ),
    (
        Event(PULL_REQUEST, "refs/pull/1/merge", "c", head=FEATURE, base="develop", action="synchronize"),
        {"ci.yml"},
    ),
    (Event(PULL_REQUEST, "refs/pull/1/merge", "c", head=FEATURE, base="feature/all", action="opened"), set()),
    (
        Event(PULL_REQUEST, "refs/pull/1/merge", "c", head=FEATURE, base="develop", action="closed"),
        {"finish.yml"},
    ),
    (
        Event(PULL_REQUEST, "refs/pull/1/merge", "c", head="hotfix/1.0.1", base="main", action="closed"),
        {"finish.yml"},
    ),
    (Event(PUSH, "refs/heads/develop", "c"), {"deliver.yml"}),
    (Event(PUSH, "refs/heads/main", "c"), {"deliver.yml"}),
    (Event(PUSH, "refs/tags/v1.5.0", "c"), {"deliver.yml"}),
]


@pytest.mark.parametrize(("event", "files"), STARTED)
def test_each_event_starts_one_file(event, files):
    assert {name for name in FILES if starts(workflow(name), event, list)} == files


def test_a_push_to_a_branch_that_is_proposed_is_left_to_its_pull_request():
    """The checks of both must differ in name: one that is skipped counts as passed where it is required."""
    jobs = yaml.safe_load((FOLDER / "branch.yml").read_text())["jobs"]
    assert jobs["proposed"]["permissions"]["pull-requests"] == "read"
    assert jobs["ci"]["if"] == "needs.proposed.outputs.proposed != 'true'"
    assert jobs["ci"]["uses"] == "./.github/workflows/ci.yml" and "ci" not in workflow("ci.yml").jobs


def test_what_was_merged_is_finished_and_only_the_jobs_that_release_may_write_releases():
    finish = yaml.safe_load((FOLDER / "finish.yml").read_text())["jobs"]["finish"]
    assert "pull_request.merged && !github.event.pull_request.head.repo.fork" in finish["if"]
    release = yaml.safe_load((FOLDER / "deliver.yml").read_text())["jobs"]["release"]
    assert (release["if"], release["permissions"]) == ("github.ref_type == 'tag'", {"contents": "write"})


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
