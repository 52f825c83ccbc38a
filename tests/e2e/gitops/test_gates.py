"""Gates: what an environment asks for before a promotion or a delivery writes it."""

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.gitops import promote
from aks_flow.gitops.deliver import deliver
from aks_flow.gitops.gates.approvals import approve
from aks_flow.gitops.promote import Promotion
from aks_flow.gitops.propose import propose
from aks_flow.gitops.undo import undo
from tests.e2e.gitops.world import World, copy, git

RC = "0.2.0-rc.2"
DAY = 86_400


def stage(world: World) -> None:
    """staging has rc.2, production 0.1.0."""
    world.publish("0.1.0")
    deliver(world.context, "production")
    world.commit("Paint the page")
    world.publish(RC)
    deliver(world.context, "staging")


@pytest.fixture(scope="module")
def stage_template(template) -> World:
    return template(stage)[0]


@pytest.fixture
def staged(stage_template, tmp_path) -> World:
    return copy(stage_template, tmp_path)


def read(world: World) -> Promotion:
    return promote.read(world.context, "staging", "production")


def bring(world: World) -> str:
    return promote.write(read(world)).status


def as_person(patch: pytest.MonkeyPatch, name: str) -> None:
    patch.setenv("GITHUB_ACTOR", name)


def test_a_version_that_is_too_new_in_the_environment_before_stays_there(staged):
    staged.gates["production"] = {"soak": {"in": "staging", "seconds": DAY}}
    tip = staged.tip()
    with pytest.raises(AksFlowError, match=rf"closed for {RC}: it is in staging since .*1 day, 0:00:00 are"):
        bring(staged)
    assert staged.tip() == tip


def test_a_version_that_had_its_time_goes_on(staged, monkeypatch):
    staged.gates["production"] = {"soak": {"in": "staging", "seconds": DAY}}
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z")
    staged.publish("0.2.0-rc.3")
    deliver(staged.context, "staging")
    monkeypatch.delenv("GIT_COMMITTER_DATE")
    assert (bring(staged), staged.pin("production")) == ("written", "0.2.0-rc.3")


def test_a_hold_and_an_approval_do_not_begin_the_time_anew(staged, monkeypatch):
    staged.gates["production"] = {"soak": {"in": "staging", "seconds": DAY}}
    staged.gates["staging"] = {"approvals": 1}
    approve(staged.context, "staging", RC, "seen")
    with pytest.raises(AksFlowError, match="it is in staging since"):
        bring(staged)


def test_a_closed_gate_keeps_automatic_deliveries_and_proposals_away_too(staged):
    staged.gates["production"] = {"soak": {"in": "staging", "seconds": DAY}}
    staged.publish("0.3.0")
    tip = staged.tip()
    with pytest.raises(AksFlowError, match="closed for 0.3.0: it was never in staging"):
        deliver(staged.context, "production")
    with pytest.raises(AksFlowError, match="gates that are closed"):
        propose(staged.context, read(staged))
    with pytest.raises(AksFlowError, match="gates that are closed"):
        promote.write(read(staged), dry=True)
    assert staged.tip() == tip


def test_what_is_there_already_and_the_way_back_ask_no_gate(staged):
    bring(staged)
    staged.gates["production"] = {"commands": ["false"], "checks": ["never"], "approvals": 9}
    assert bring(staged) == "unchanged"
    assert undo(staged.context, "production").status == "written"


def test_all_that_is_missing_is_said_at_once(staged):
    staged.gates["production"] = {
        "soak": {"in": "dev", "seconds": 5},
        "commands": ["sh -c 'echo it is Friday; exit 3'"],
        "approvals": 2,
    }
    with pytest.raises(AksFlowError) as refused:
        bring(staged)
    said = str(refused.value)
    assert "never in dev" in said and "exit code 3: it is Friday" in said and "0 of 2 approvals" in said


def test_a_command_is_told_the_version_and_lets_it_in(staged):
    staged.gates["production"] = {"commands": [f"sh -c 'test \"$GATE_VERSION\" = {RC}'"]}
    assert bring(staged) == "written"


def test_a_person_writes_down_who_and_why_and_no_file_changes(staged, monkeypatch):
    staged.gates["production"] = {"approvals": 1}
    with pytest.raises(AksFlowError, match=rf"0 of 1 approvals: .*gitops.approve production {RC}"):
        bring(staged)
    as_person(monkeypatch, "ann")
    outcome = approve(staged.context, "production", RC, "tested by hand")
    assert str(outcome).startswith(f"production: {RC} is approved by ann (tested by hand), commit ")
    assert git(staged.remote, "diff", "refs/heads/gitops~1", "refs/heads/gitops") == ""
    assert "Approved-By: ann" in staged.trailers() and "Reason: tested by hand" in staged.trailers()
    assert bring(staged) == "written"


def test_a_person_counts_once(staged, monkeypatch):
    staged.gates["production"] = {"approvals": 2}
    as_person(monkeypatch, "ann")
    approve(staged.context, "production", RC, "tested")
    assert approve(staged.context, "production", RC, "again").status == "unchanged"
    with pytest.raises(AksFlowError, match=r"1 of 2 approvals \(by ann since 20.*Z\)"):
        bring(staged)
    as_person(monkeypatch, "bob")
    approve(staged.context, "production", RC, "read the notes")
    assert bring(staged) == "written"


def test_an_approval_is_of_one_version_in_one_environment(staged, monkeypatch):
    staged.gates |= {"production": {"approvals": 1}, "staging": {"approvals": 1}}
    staged.publish("0.2.0-rc.3")
    approve(staged.context, "production", "0.2.0-rc.3", "another version")
    approve(staged.context, "staging", RC, "another environment")
    with pytest.raises(AksFlowError, match="0 of 1 approvals"):
        bring(staged)


def test_an_environment_that_nothing_was_delivered_to_is_approved_for_too(staged):
    staged.gates["dev"] = {"approvals": 1}
    approve(staged.context, "dev", RC, "first")
    assert git(staged.remote, "ls-tree", "refs/heads/gitops", "dev") == ""
    assert promote.write(promote.read(staged.context, "staging", "dev")).status == "written"


@pytest.mark.parametrize(
    ("version", "reason", "gates", "said"),
    [
        (RC, "x", {}, "production asks for no approval"),
        (RC, " ", {"approvals": 1}, "an approval needs a reason"),
        ("9.9.9", "x", {"approvals": 1}, "has no version 9.9.9"),
    ],
)
def test_an_approval_that_means_nothing_is_refused(staged, version, reason, gates, said):
    staged.gates["production"] = gates
    with pytest.raises(AksFlowError, match=said):
        approve(staged.context, "production", version, reason)


def test_a_dry_approval_writes_nothing(staged):
    staged.gates["production"] = {"approvals": 1}
    tip = staged.tip()
    assert approve(staged.context, "production", RC, "x", dry=True).status == "planned"
    assert staged.tip() == tip
