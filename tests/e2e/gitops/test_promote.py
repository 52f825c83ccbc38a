"""From one environment to the next: the same digest, the manifests of the same source commit."""

import json

import pytest

from aks_flow.core.command import Command, Result
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from aks_flow.gitops import promote
from aks_flow.gitops.deliver import deliver
from aks_flow.gitops.propose import propose
from aks_flow.gitops.undo import undo
from tests.e2e.gitops.world import World, copy, git


def stage(world: World) -> None:
    """staging has rc.2; production has 0.1.0; two source commits lie between."""
    world.publish("0.1.0")
    deliver(world.context, "production")
    world.commit("Paint the page")
    world.commit("Turn the page", manifests__base__front__front_env="")
    world.publish("0.2.0-rc.2")
    deliver(world.context, "staging")


@pytest.fixture(scope="module")
def stage_template(template) -> World:
    return template(stage)[0]


@pytest.fixture
def staged(stage_template, tmp_path) -> World:
    return copy(stage_template, tmp_path)


def test_a_promotion_carries_digest_and_manifests_and_shows_them(staged):
    promotion = promote.read(staged.context, "staging", "production")
    shown = promote.show(promotion)
    assert '+    newTag: "0.2.0-rc.2"' in shown.diff and '-    newTag: "0.1.0"' in shown.diff
    assert [line.split(" ", 1)[1] for line in shown.commits] == ["Turn the page", "Paint the page"]
    assert promote.write(promotion).status == "written"
    assert staged.pin("production") == staged.pin("staging") == "0.2.0-rc.2"
    both = [
        git(staged.remote, "rev-parse", f"refs/heads/gitops:{name}/base")
        for name in ("staging", "production")
    ]
    assert both[0] == both[1]
    assert git(staged.remote, "log", "-1", "--format=%s", "refs/heads/gitops") == (
        "Promote 0.2.0-rc.2 from staging to production"
    )


def test_a_promotion_again_is_unchanged(staged):
    promote.write(promote.read(staged.context, "staging", "production"))
    tip = staged.tip()
    assert promote.write(promote.read(staged.context, "staging", "production")).status == "unchanged"
    assert staged.tip() == tip


def test_the_source_commit_is_fetched_where_it_is_not_here(staged):
    staged.commit("Later")
    other = staged.cloned("shallow", "--depth=1")
    assert promote.write(promote.read(other.context, "staging", "production")).status == "written"
    assert staged.pin("production") == "0.2.0-rc.2"


def test_a_held_environment_takes_no_promotion_and_the_way_on_is_named(staged):
    staged.publish("0.1.1")
    deliver(staged.context, "production")
    undo(staged.context, "production", "it loses votes")
    with pytest.raises(AksFlowError, match="production is held: it loses votes.*release-hold production"):
        promote.write(promote.read(staged.context, "staging", "production"))


def test_an_older_version_is_not_promoted_over_a_newer(staged):
    staged.publish("0.3.0")
    deliver(staged.context, "production")
    with pytest.raises(AksFlowError, match="production has 0.3.0, newer than 0.2.0-rc.2 of staging.*undo"):
        promote.write(promote.read(staged.context, "staging", "production"))


def test_an_empty_environment_has_nothing_to_promote(staged):
    with pytest.raises(AksFlowError, match="dev has no version yet"):
        promote.read(staged.context, "dev", "production")


class Hub(Local):
    """Runs git, and answers gh as a hub does that keeps one pull request a branch."""

    def __init__(self):
        self.requests, self.created, self.named = {}, [], set()

    def run(self, command: Command) -> Result:
        if command.argv[0] != "gh":
            return super().run(command)
        self.named.add((command.env or {}).get("GH_REPO"))
        if command.stdin is None:
            known = [body for head, body in self.requests.items() if f":{head}&" in command.argv[2]]
            return Result(0, json.dumps(known).encode(), b"")
        asked = json.loads(command.stdin)
        own = {"sha": "0" * 40, "repo": {"full_name": "team/vote"}}
        sides = {name: {"ref": asked[name], **own} for name in ("head", "base")}
        said = {"number": 1, "html_url": "https://hub.example/pull/1", "state": "open", "merged_at": None}
        self.requests[asked["head"]] = {**said, **sides, "merge_commit_sha": None}
        self.created.append(asked)
        return Result(0, json.dumps(self.requests[asked["head"]]).encode(), b"")


def test_a_proposal_is_a_branch_and_a_pull_request_and_the_branch_stays_as_it_is(staged):
    staged.run = Hub()
    tip = staged.tip()
    address = propose(staged.context, promote.read(staged.context, "staging", "production"))
    assert (address, staged.tip()) == ("https://hub.example/pull/1", tip)
    branch = "refs/heads/promote/production-0.2.0-rc.2"
    assert git(staged.remote, "rev-parse", f"{branch}^") == tip
    [created] = staged.run.created
    assert "- " in created["body"] and "Paint the page" in created["body"] and created["base"] == "gitops"


@pytest.mark.parametrize("origin", ["", "https://hub.example/team/vote"])
def test_gh_is_told_the_repository_only_where_origin_leads_elsewhere(staged, origin):
    """It knows where origin leads; a path, which it does not take, may be the same."""
    git(staged.clone, "remote", "set-url", "origin", origin or staged.remote)
    staged.run = Hub()
    propose(staged.context, promote.read(staged.context, "staging", "production"))
    assert staged.run.named == {str(staged.remote) if origin else None}


def test_a_proposal_again_finds_the_one_before(staged):
    staged.run = Hub()
    for _ in range(2):
        propose(staged.context, promote.read(staged.context, "staging", "production"))
    assert len(staged.run.created) == 1


def test_a_proposal_that_lost_its_request_makes_it_now(staged):
    staged.run = Hub()
    propose(staged.context, promote.read(staged.context, "staging", "production"))
    staged.run.requests.clear()
    propose(staged.context, promote.read(staged.context, "staging", "production"))
    assert len(staged.run.created) == 2
