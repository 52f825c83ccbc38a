"""The one comment of a preview, at a GitHub of the rehearsal's kind, with the real gh."""

import json
from dataclasses import replace

import pytest

from aks_flow.core.image_ref import ImageRef
from aks_flow.core.steps import Silent, Steps
from aks_flow.preview import comment, pull_request
from aks_flow.push.plan import PlannedChanges, PushPlan
from aks_flow.rehearsal.standins.github.api.tokens import WORKFLOW
from aks_flow.report import preview_comment
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.gh import comments
from tests.unit.gitflow.conftest import alone, repo  # noqa: F401
from tests.unit.gitflow.hosted_team import AskingGitHub, HostedTeam, hosted
from tests.unit.planned import DIGEST

IMAGE = ImageRef("localhost:5050", "front", "1.5.0-feature-x.2", DIGEST)
PLAN = PushPlan("preview-1", "vote-preview-1", IMAGE, "", "c" * 40, changes=PlannedChanges("-old\n+new\n"))
ADDRESS = "http://127.0.0.1:30080"


@pytest.fixture
def team(repo, tmp_path):  # noqa: F811
    with hosted(repo, tmp_path) as made:
        repo.git("checkout", "--quiet", "-b", "feature/x")
        repo.commit("x", "one\n", "feat: x")
        repo.git("push", "--quiet", "origin", "feature/x")
        opened = made.gh("pulls", "POST", title="X", head="feature/x", base="develop")
        assert opened.code == 0, opened.error_text
        yield made


def context(team: HostedTeam, config, **told: str) -> DeliveryContext:
    run = AskingGitHub({**team.variables, **told})
    return DeliveryContext(run, None, replace(config, root=team.work.path), Steps(Silent()))


def bodies(team: HostedTeam) -> list[str]:
    return [entry["body"] for entry in json.loads(team.gh("issues/1/comments").text)]


def note(made: DeliveryContext) -> str:
    return made.steps.done[-1].note


def test_a_pull_request_of_a_branch_is_read_and_may_have_a_preview(team, config):
    made = context(team, config)
    request = pull_request.read(made, 1)
    assert (request.head, request.base, request.open, request.fork) == ("feature/x", "develop", True, False)
    pull_request.check(made, request)


def test_there_is_one_comment_which_is_edited(team, config):
    team.gh("issues/1/comments", "POST", body="A person's words")
    made = context(team, config)
    for text, what in (("first", "written"), ("second", "edited"), ("second", "unchanged")):
        comment.write(made, 1, text)
        assert note(made).startswith(what)
    assert bodies(team) == ["A person's words", f"{comment.MARK}\nsecond"]


def test_a_workflow_finds_its_own(team, config):
    made = context(team, config, GH_TOKEN=WORKFLOW)
    comment.write(made, 1, "first")
    comment.write(made, 1, "second")
    assert bodies(team) == [f"{comment.MARK}\nsecond"]


def test_it_is_found_behind_many_others(team, config, monkeypatch):
    made = context(team, config)
    for number in range(3):
        team.gh("issues/1/comments", "POST", body=f"Words {number}")
    comment.write(made, 1, "first")
    monkeypatch.setattr(comments, "PAGE", 2)
    comment.write(made, 1, "second")
    assert len(bodies(team)) == 4 and bodies(team)[-1].endswith("second")


def test_where_there_is_none_none_is_written_of_an_end(team, config):
    made = context(team, config)
    comment.amend(made, 1, "gone")
    assert bodies(team) == [] and note(made) == "there is none"
    comment.write(made, 1, "here")
    comment.amend(made, 1, "gone")
    assert bodies(team) == [f"{comment.MARK}\ngone"]


def test_what_github_refuses_is_said_and_no_fault_of_the_preview(team, config):
    made = context(team, config, GH_TOKEN="other")
    comment.write(made, 1, "first")
    assert note(made).startswith("not written: GitHub does not know this login")


@pytest.mark.parametrize(
    ("who", "trusted"),
    [
        ({"author_association": "NONE", "user": {"type": "Bot"}}, True),
        ({"author_association": "OWNER", "user": {"type": "User"}}, True),
        ({"author_association": "COLLABORATOR", "user": None}, True),
        ({"author_association": "CONTRIBUTOR", "user": {"type": "User"}}, False),
        ({"author_association": "NONE", "user": {"type": "User"}}, False),
        ({"author_association": "NONE", "user": None}, False),
    ],
)
def test_a_stranger_s_copy_of_the_mark_is_not_taken_for_ours(who, trusted):
    entry = {"id": 1, "body": comment.MARK, **who}
    assert [item.trusted for item in comments.parse(json.dumps([entry]))] == [trusted]


def test_the_comment_has_address_version_and_plan():
    text = preview_comment.delivered(IMAGE.tag, ADDRESS, PLAN, 72)
    for words in (
        "| http://127.0.0.1:30080 |",
        "1.5.0-feature-x.2",
        "vote-preview-1",
        "cccccccccccc",
        "72 hours",
    ):
        assert words in text.replace("\\", "")
    assert "```diff\n-old\n+new\n```" in text


def test_a_first_plan_is_said_and_not_shown_whole():
    manifest = "apiVersion: v1\nkind: Namespace\nmetadata: {name: vote-preview-1}\n"
    first = replace(PLAN, manifest=manifest, changes=PlannedChanges(manifest, new_namespace=True))
    text = preview_comment.delivered(IMAGE.tag, ADDRESS, first, 72)
    assert "a first delivery: 1 objects" in text and "```" not in text


@pytest.mark.parametrize("words", ["x" * 100_000, "```\n" * 20_000, "\x1b[31m" * 20_000])
def test_whatever_a_delivery_says_fits_into_a_comment(team, config, words):
    made = context(team, config)
    comment.write(made, 1, preview_comment.failed("preview-1", words))
    assert note(made).startswith("written") and len(bodies(team)) == 1


def test_what_a_failure_quotes_ends_no_block():
    text = preview_comment.failed("preview-1", "a\n```\n<img src=x>")
    assert text.count("````") == 2
