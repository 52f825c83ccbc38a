"""A feature's way to production through the workflow files, and the bad days on it."""

import re

import pytest

from aks_flow.core import wait
from aks_flow.rehearsal.standins.github import pulls
from aks_flow.rehearsal.standins.github.api.merging import merge
from aks_flow.workflows import tree
from tests.e2e.github.team import Team


@pytest.fixture(scope="module")
def cycles(rehearsal) -> list[dict]:
    """By push, then by pull."""
    return rehearsal.document("rehearse", "--gitflow")


@pytest.fixture(scope="module")
def team(rehearsal, cycles, tmp_path_factory) -> Team:
    """A developer's clone, after both cycles: the repository delivers by pull."""
    return Team.of(rehearsal, tmp_path_factory.mktemp("team") / "a clone")


def images(cycle: dict) -> dict[str, str]:
    return {push["environment"]: push["image"] for push in cycle["pushes"] if push["environment"]}


@pytest.mark.parametrize("mode", ["push", "pull"])
def test_production_runs_the_digest_that_staging_ran_and_the_last_merge_builds_nothing(cycles, mode):
    cycle = next(cycle for cycle in cycles if cycle["mode"] == mode)
    reached = images(cycle)
    assert set(reached) == {"dev", "staging", "production"}
    assert reached["production"].partition("@")[2] == reached["staging"].partition("@")[2] != ""
    assert f":{cycle['version']}@" in reached["production"] and "-rc." in reached["staging"]
    assert cycle["builds"] == 0


@pytest.mark.parametrize("mode", ["push", "pull"])
def test_every_push_ran_the_workflows_of_its_branch(cycles, mode):
    cycle = next(cycle for cycle in cycles if cycle["mode"] == mode)
    started = [sorted(run["workflow"].rpartition("/")[2] for run in push["runs"]) for push in cycle["pushes"]]
    assert started == [["branch.yml"], ["deliver.yml"], ["deliver.yml"], ["deliver.yml"] * 3]


@pytest.mark.parametrize("mode", ["push", "pull"])
def test_the_tag_of_what_main_delivers_delivers_nothing_again(cycles, team, mode):
    cycle = next(cycle for cycle in cycles if cycle["mode"] == mode)
    (number,) = [
        run["number"] for run in cycle["pushes"][-1]["runs"] if run["event"]["ref"].startswith("refs/tags/")
    ]
    log = team.hub.runs.log(team.hub.runs.get(number))
    assert log.outputs["new_version"] == "false"
    assert not {"push", "pull"} & {job.name.rpartition("/")[2] for job in log.jobs.values() if job.steps}


def test_promote_undo_and_the_nightly_look_start_by_hand(rehearsal, team):
    """Pull delivery: what dev runs goes to staging, which then goes back and is held there."""
    before = team.image("staging")
    assert team.dispatch("promote", source="dev", target="staging").state == "success"
    assert team.image("staging").tag == team.image("dev").tag
    undone = team.dispatch("undo", environment="staging", reason="a drill")
    assert undone.state == "success" and team.image("staging").tag == before.tag
    looked = team.dispatch("nightly")
    assert looked.state == "success", looked.note
    assert "a drill" in team.hub.runs.log(looked).summary
    released = rehearsal.inv("gitops.release-hold", "--env", "staging")
    assert released.exit == 0, released.stderr


def test_a_proposed_promotion_changes_nothing_until_its_merge_delivers(rehearsal, team):
    team.hub.let_workflows_propose()
    before = team.image("staging")
    proposed = team.dispatch("promote", source="dev", target="staging", propose="true")
    assert proposed.state == "success", team.hub.runs.log(proposed).summary
    pull = pulls.all_of(team.hub)[-1]
    assert pull.head.startswith("promote/staging-") and team.image("staging") == before
    merge(team.hub, pull, "squash")
    wanted = team.image("dev").tag
    wait.until(lambda: team.image("staging").tag == wanted, f"{wanted} in staging", 60)
    for task in ("gitops.undo", "gitops.release-hold"):
        answer = rehearsal.inv(task, "--env", "staging")
        assert answer.exit == 0, answer.stderr


def test_a_failing_test_stops_the_delivery_and_the_push_that_mends_it_delivers(team):
    before = team.image("dev")
    team.on("develop").write("tests/unit/test_broken.py", "def test_that_fails():\n    assert 1 == 2\n")
    (run,) = team.push("develop")
    assert run.state == "failure" and "`./inv test --only unit` failed" in run.note
    log = team.hub.runs.log(run)
    assert [job.name for job in log.jobs.values() if job.state == "success"] == []
    assert "test_that_fails" in log.failed()[1].text
    assert team.image("dev") == before
    team.git("rm", "--quiet", "tests/unit/test_broken.py")
    team.git("commit", "--quiet", "-m", "test: remove the test that fails")
    (run,) = team.push("develop")
    assert run.state == "success" and team.image("dev") != before


def test_two_pushes_in_quick_succession_are_both_delivered_and_the_newer_wins(team):
    """The second candidate's number has one more digit: rc.10 is above rc.9, though not as text."""
    release = team.next_release()
    team.on("develop").git("checkout", "--quiet", "-b", f"release/{release}")
    while not _ends_in_nines(candidate := team.document("flow.version")["version"]):
        team.git("commit", "--quiet", "--allow-empty", "-m", "fix: one more")
    first = team.push_only(f"release/{release}")
    team.git("commit", "--quiet", "--allow-empty", "-m", "fix: the last one")
    runs = team.ended([*first, *team.push_only(f"release/{release}")])
    assert [run.state for run in runs] == ["success", "success"]
    number = int(candidate.rpartition(".")[2])
    assert team.image("staging").tag == f"{release}-rc.{number + 1}"
    said = [line for run in runs for line in team.hub.runs.log(run).summary.splitlines()]
    assert any(candidate in line for line in said)


def _ends_in_nines(candidate: str) -> bool:
    return not candidate.rpartition(".")[2].strip("9")


def test_a_bad_image_on_a_release_leaves_staging_on_the_old_version_with_the_verdict(team):
    before, release = team.image("staging"), team.next_release()
    team.git("checkout", "--quiet", f"release/{release}")
    team.write("app/vote/__main__.py", 'raise RuntimeError("this version does not start")\n')
    (run,) = team.push(f"release/{release}")
    assert run.state == "failure"
    summary = team.hub.runs.log(run).summary
    assert "crash-loop" in summary and "this version does not start" in summary
    assert team.served("staging")["version"] == before.tag


def test_the_same_by_push(team, cycles):
    """Production goes back to what was pushed there last; but first it is Argo CD's."""
    team.hub.set_variables({"DELIVERY": "push"})
    refused = team.dispatch("promote", target="production", version=cycles[1]["version"])
    assert refused.state == "failure"
    assert "of Argo CD manages the namespace" in team.hub.runs.log(refused).failed()[1].text
    team.kubectl.ok("-n", "argocd", "delete", "applications.argoproj.io", "--all")
    wanted, before = cycles[1]["version"], cycles[0]["version"]  # what the pull path has released since
    assert team.dispatch("promote", target="production", version=wanted).state == "success"
    assert team.served("production")["version"] == wanted
    assert team.dispatch("undo", environment="production").state == "success"
    assert team.served("production")["version"] == before
    team.kubectl.ok("-n", "vote-production", "scale", "deployment/front", "--replicas=1")
    looked = team.dispatch("nightly")
    assert looked.state == "failure" and "`./inv push.drift` failed" in looked.note


def test_a_tag_that_comes_late_delivers(team):
    """A merge that says nothing of a release is none yet: nobody is asked to take it to production."""
    release, before = team.next_release(), team.served("production")["version"]
    team.on("main").git("commit", "--quiet", "--allow-empty", "-m", "Bring it together")
    (run,) = team.push("main")
    assert run.state == "success", run.note
    assert "may go to dev, and not to staging, production" in team.hub.runs.log(run).summary
    assert team.served("production")["version"] == before
    team.git("tag", "--annotate", "-m", f"Release {release}", f"v{release}")
    (run,) = team.push(f"v{release}")
    assert run.state == "success", run.note
    assert team.served("production")["version"] == release


def test_a_merge_back_by_pull_request_is_finished_by_a_run(team, cycles):
    """The tag is there: the branch goes, and the release has its page, which the tag's own run has made."""
    tag = f"v{cycles[-1]['version']}"  # later ones have no release branch, or a bad one that is still open
    back, develop = f"back-merge/{tag}", team.hub.branch("develop")
    team.git("branch", back, tag)
    team.quietly(f"{back}:refs/heads/{back}")
    pull = pulls.add(team.hub, back, "develop", f"Merge {tag} into develop")
    team.on("develop").git("merge", "--quiet", "--no-ff", "-m", f"Merge {tag}", tag)
    team.quietly("develop:refs/heads/develop")
    pulls.close(team.hub, pull, team.hub.branch("develop"), develop)
    (run,) = team.ended([team.hub.runs.all()[-1].number])
    assert run.state == "success", (run.note, team.hub.runs.log(run).failed()[1].text)
    assert not team.hub.commit(f"refs/heads/{back}")
    assert f"{tag}: unchanged" in team.hub.runs.log(run).summary


# What asks the world's registries: the rehearsal's GitHub has IMAGE_DRIFT off.
OUTSIDE = {("images", "./inv image.drift")}


def test_every_run_step_of_the_workflows_was_exercised(team):
    """All that the tests above have run, step by step, compared with the files; a matrix numbers its jobs."""
    ran = {
        (re.sub(r"-\d+$", "", job.name.rpartition("/")[2]), step.name.strip())
        for run in team.hub.runs.all()
        for job in team.hub.runs.log(run).jobs.values()
        for step in job.steps.values()
        if step.state != "skipped"
    }
    written = {
        (name, step.text("run").strip())
        for file in sorted((team.repo / ".github" / "workflows").glob("*.yml"))
        for name, job in tree.read(file.name, file.read_text()).jobs.items()
        for step in tree.steps(job)
        if step.text("run")
    }
    assert sorted(written - ran - OUTSIDE) == []
