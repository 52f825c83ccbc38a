"""The way back, the hold, and what automation makes of it."""

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.gitops.deliver import deliver
from aks_flow.gitops.undo import release, undo
from tests.e2e.gitops.world import git


def test_undo_is_the_previous_state_and_a_hold_in_one_commit(delivered):
    before = delivered.commits()
    outcome = undo(delivered.context, "dev", "it loses votes")
    assert (outcome.status, delivered.pin(), delivered.commits()) == ("written", "0.1.0-alpha.2", before + 1)
    assert delivered.show("dev/hold.yaml") == "reason: it loses votes"
    same = git(delivered.remote, "diff", "--stat", "refs/heads/gitops~2:dev", "refs/heads/gitops:dev")
    assert "hold.yaml" in same and "1 file changed" in same


def test_after_an_undo_two_new_builds_write_nothing_until_the_release_then_the_newest_wins(delivered):
    undo(delivered.context, "dev", "it loses votes")
    tip = delivered.tip()
    for number in (4, 5):
        delivered.publish(f"0.1.0-alpha.{number}")
        assert str(deliver(delivered.context, "dev")) == "dev: held: it loses votes"
    assert delivered.tip() == tip
    assert release(delivered.context, "dev").status == "written"
    assert delivered.pin() == "0.1.0-alpha.2"
    deliver(delivered.context, "dev")
    assert delivered.pin() == "0.1.0-alpha.5"


def test_undo_again_changes_nothing_so_that_a_killed_one_can_be_repeated(delivered):
    undo(delivered.context, "dev")
    tip = delivered.tip()
    outcome = undo(delivered.context, "dev")
    assert str(outcome) == (
        "dev: unchanged: it was taken back to 0.1.0-alpha.2 and is held (0.1.0-alpha.3 was undone)"
    )
    assert delivered.tip() == tip


def test_undo_after_a_release_goes_further_back_and_not_forward_to_what_was_undone(delivered):
    undo(delivered.context, "dev")
    release(delivered.context, "dev")
    undo(delivered.context, "dev")
    assert delivered.pin() == "0.1.0-alpha.1"


def test_undo_keeps_the_trailers_of_what_it_restores(delivered):
    first = git(delivered.clone, "rev-parse", "HEAD")
    delivered.commit("Later")
    delivered.publish("0.1.0-alpha.4")
    deliver(delivered.context, "dev")
    undo(delivered.context, "dev")
    assert f"Source-Commit: {first}" in delivered.trailers()
    assert f"Restores: {git(delivered.remote, 'rev-parse', 'refs/heads/gitops~2')}" in delivered.trailers()


def test_undo_works_in_a_shallow_clone(delivered):
    delivered.commit("Second")
    other = delivered.cloned("shallow", "--depth=1")
    undo(other.context, "dev")
    assert delivered.pin() == "0.1.0-alpha.2"
    assert git(other.clone, "rev-list", "--count", "HEAD") == "1"


def test_without_an_earlier_version_undo_says_so(world):
    with pytest.raises(AksFlowError, match="dev has no version yet"):
        undo(world.context, "dev")
    world.publish("0.1.0-alpha.1")
    deliver(world.context, "dev")
    with pytest.raises(AksFlowError, match="dev has had no version but 0.1.0-alpha.1"):
        undo(world.context, "dev")


def test_a_release_without_a_hold_is_unchanged(delivered):
    tip = delivered.tip()
    assert str(release(delivered.context, "dev")) == "dev: unchanged: there is no hold"
    assert delivered.tip() == tip


def test_a_dry_undo_writes_nothing_and_shows_the_difference(delivered):
    tip = delivered.tip()
    outcome = undo(delivered.context, "dev", dry=True)
    assert outcome.status == "planned" and '-    newTag: "0.1.0-alpha.3"' in outcome.diff
    assert delivered.tip() == tip
