"""The branches that the rehearsal's story works on, beside what the team has pushed."""

from aks_flow.rehearsal.scenarios.push_and_pull import workspace
from tests.unit.gitflow.repository import Quick, Repository

RELEASE = "release/1.5.0"


def candidate(repo: Repository) -> int:
    return int(repo.version().rpartition("-rc.")[2])


def branch_off(story: Repository, origin: Repository) -> None:
    story.git("checkout", "--quiet", "develop")
    workspace.branch_off(Quick(), story.path, origin.path, RELEASE)


def test_a_release_that_nobody_has_begins_at_develop(repo):
    story = repo.clone("story")
    branch_off(story, repo)
    assert story.git("rev-parse", RELEASE) == repo.git("rev-parse", "develop")


def test_a_release_goes_on_above_the_team_s_candidates_with_develop_s_files(repo):
    """The team's last candidate does not even start: its files must not come along."""
    story = repo.clone("story")
    repo.git("checkout", "--quiet", "-b", RELEASE)
    for count in range(3):
        repo.commit("broken", f"{count}\n", "fix: number")
    branch_off(story, repo)
    assert candidate(story) > candidate(repo)
    assert story.git("diff", "develop", RELEASE) == "" == story.git("status", "--porcelain")


def test_a_release_goes_on_above_the_story_s_own_candidates(repo):
    story = repo.clone("story")
    branch_off(story, repo)
    story.commit("app", "a change of the story\n")
    before = candidate(story)
    branch_off(story, repo)
    assert candidate(story) > before
    assert story.git("diff", "develop", RELEASE) == ""


def test_a_release_goes_on_above_the_candidates_of_another_clone(repo):
    """Drills follow a story, and a story drills: each in a clone of its own, to the same environment."""
    story, drills = repo.clone("story"), repo.clone("drills")
    branch_off(drills, repo)
    drills.commit("app", "a change of a drill\n")
    branch_off(story, repo)
    story.commit("app", "a change of the story\n")
    assert candidate(story) > candidate(drills)
