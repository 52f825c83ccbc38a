"""What the repository on GitHub lacks becomes lines of a plan; a repository that lacks nothing gets none."""

import json
from dataclasses import replace

import pytest

from aks_flow.azure.identity import github, unguarded
from aks_flow.azure.identity.github import GitHubEnvironment, GitHubFacts
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed
from aks_flow.tools.gh.repository import Repository
from tests.unit.planned import Planned, Result

REPOSITORY = Repository("Octo/vote")
ALL = ("develop", "hotfix/*", "hotfix/**/*", "main", "release/*", "release/**/*")
TAGS = (("tag", "v*"),)
PATTERNS = {"protected_branches": False, "custom_branch_policies": True}


def place(
    name: str,
    branches: tuple[str, ...] = (),
    reviewers: tuple[int, ...] = (),
    tags=(),
    rules=(),
    policy=PATTERNS,
) -> GitHubEnvironment:
    people = [{"type": "User", "reviewer": {"id": number}} for number in reviewers]
    asked = (
        [{"type": "required_reviewers", "prevent_self_review": False, "reviewers": people}] if people else []
    )
    answer = {"name": name, "protection_rules": [*asked, *rules]}
    answer["deployment_branch_policy"] = policy if branches else None
    patterns = (*(("branch", name) for name in branches), *tags)
    return GitHubEnvironment(answer, patterns, {"AZURE_CLIENT_ID": f"client-aks-flow-{name}"})


@pytest.fixture
def ready() -> GitHubFacts:
    return GitHubFacts(
        {
            "INVOKE_TARGET": "azure",
            "AZURE_TENANT_ID": "tenant",
            "AZURE_SUBSCRIPTION_ID": "11111111-2222-3333-4444-555555555555",
        },
        {
            "dev": place("dev"),
            "staging": place("staging", ALL),
            "production": place("production", ("main",), (7,), TAGS),
            "publish": place("publish", ALL, tags=TAGS),
            "nightly": place("nightly", ("develop", "main")),
            "plan": place("plan"),
            "production-undo": place("production-undo", ("develop", "main")),
        },
        {"ann": 7},
    )


def due(config, complete, facts) -> list:
    return [line for line in github.lines(config, REPOSITORY, complete, facts) if not line.settled]


def test_a_repository_that_lacks_nothing_gets_no_change(config, complete, ready):
    assert due(config, complete, ready) == []


def test_an_empty_repository_gets_everything(config, complete, ready):
    empty = GitHubFacts({}, dict.fromkeys(ready.environments, GitHubEnvironment()), ready.reviewers)
    lines = due(config, complete, empty)
    shown = [str(line.command) for line in lines]
    assert "gh variable set INVOKE_TARGET --repo=Octo/vote --body=azure" in shown
    assert "gh variable set AZURE_CLIENT_ID --repo=Octo/vote --env=dev --body=client-aks-flow-dev" in shown
    [made] = [line for line in lines if line.thing == "environment production"]
    assert str(made.command) == "gh api repos/Octo/vote/environments/production --method=PUT --input=-"
    reviewers = [{"type": "User", "id": 7}]
    assert json.loads(made.command.stdin) == {"reviewers": reviewers, "deployment_branch_policy": PATTERNS}
    assert {line.thing for line in lines if line.thing.startswith(("branches", "tags"))} == {
        "branches main of production",
        *("tags v* of production", "tags v* of publish"),
        *(
            f"branches {name} of {where}"
            for name in ("develop", "main")
            for where in ("nightly", "production-undo")
        ),
        *(f"branches {name} of {where}" for name in ALL for where in ("staging", "publish")),
    }


def test_nothing_is_asked_for_that_a_plan_may_not_have_unless_it_is_configured(config, complete, ready):
    """A private repository without Enterprise: 422 for `wait_timer`, even 0 (backstage/backstage#28977)."""
    empty = GitHubFacts({}, dict.fromkeys(ready.environments, GitHubEnvironment()), {})
    bodies = [
        set(json.loads(line.command.stdin))
        for line in due(config, complete, empty)
        if line.thing.startswith("environment ")
    ]
    assert bodies == [{"deployment_branch_policy"}] * len(ready.environments)


TEAM = {"type": "Team", "reviewer": {"id": 3}}
WAIT = {"type": "wait_timer", "wait_timer": 30}


def asked(*reviewers: dict) -> dict:
    return {"type": "required_reviewers", "prevent_self_review": True, "reviewers": list(reviewers)}


def test_what_others_have_set_stays_when_a_reviewer_is_added(config, complete, ready):
    ready.environments["production"] = place("production", ("main",), tags=TAGS, rules=(asked(TEAM), WAIT))
    [line] = due(config, complete, ready)
    assert line.why == "lacks configured reviewers; the others stay"
    assert json.loads(line.command.stdin) == {
        "wait_timer": 30,
        "prevent_self_review": True,
        "reviewers": [{"type": "Team", "id": 3}, {"type": "User", "id": 7}],
        "deployment_branch_policy": PATTERNS,
    }


def test_reviewers_that_nobody_configured_stay(config, complete, ready):
    ready.environments["production"] = place("production", ("main",), tags=TAGS, rules=(asked(TEAM),))
    assert due(config, complete, replace(ready, reviewers={})) == []


def test_an_environment_for_protected_branches_stays_so(config, complete, ready):
    only = {"protected_branches": True, "custom_branch_policies": False}
    ready.environments["production"] = replace(place("production", ("main",), (7,), policy=only), patterns=())
    assert due(config, complete, ready) == []


def test_more_reviewers_than_github_takes_stand_in_the_way(config, complete, ready):
    many = tuple({"type": "User", "reviewer": {"id": number}} for number in range(20, 26))
    ready.environments["production"] = place("production", ("main",), tags=TAGS, rules=(asked(*many),))
    [line] = due(config, complete, ready)
    assert (line.verb, line.why) == ("impossible", "would have 7 reviewers")


def test_production_without_reviewers_is_said_loudly(config, ready):
    assert list(unguarded.sentences(config, ready)) == []
    nobody = replace(config, azure=replace(config.azure, github=replace(config.azure.github, reviewers=())))
    ready.environments["production"] = place("production", ("main",), tags=TAGS)
    [said, private] = unguarded.sentences(nobody, replace(ready, private=True))
    assert said.startswith("production ASKS NOBODY") and "Enterprise only" in private


@pytest.mark.parametrize(
    ("private", "words", "what"),
    [
        (
            True,
            "gh: Failed to create the environment protection rule. Please ensure the billing plan supports "
            "the required reviewers protection rule. (HTTP 422)",
            "plan has no such rule for a private repository",
        ),
        (True, "gh: Not Found (HTTP 404)", "plan has no environments for a private repository"),
        (False, "gh: Not Found (HTTP 404)", ""),
        (True, "gh: Resource not accessible by personal access token (HTTP 403)", ""),
    ],
)
def test_what_a_plan_has_not_is_one_sentence(private, words, what):
    refused = CommandFailed(REPOSITORY.protect("production", {}), Result(1, b"", words.encode()))
    said = unguarded.without_plan(refused, private)
    assert what in str(said) if what else said is None


def test_an_identity_that_does_not_exist_yet_stands_in_the_way(config, complete, ready):
    lines = due(config, replace(complete, identities={}), ready)
    assert {line.verb for line in lines} == {"impossible"}
    assert lines[0].do == "Run ./inv azure.up first."


@pytest.mark.parametrize("form", ["Octo@1/vote@2", "Octo/vote", ""])
def test_github_says_which_form_its_subjects_have(form):
    prefix = {"sub_claim_prefix": f"repo:{form}"} if form else {}
    programs = Planned({str(REPOSITORY.subjects()): json.dumps({"use_default": True, **prefix})})
    assert github.subjects(programs, REPOSITORY) == form


def test_customised_subjects_are_refused():
    answer = {"use_default": False, "include_claim_keys": ["repo", "ref"]}
    programs = Planned({str(REPOSITORY.subjects()): json.dumps(answer)})
    with pytest.raises(AksFlowError, match=r"customised \(repo, ref\)"):
        github.subjects(programs, REPOSITORY)


def test_another_form_than_the_configured_one_stands_in_the_way(config, complete, ready):
    [line] = due(config, complete, replace(ready, subjects="Octo@1/vote@2"))
    assert (line.verb, line.why) == (
        *("impossible", "begin with repo:Octo@1/vote@2, and azure.github.repository is Octo/vote"),
    )
    assert "Set it to Octo@1/vote@2" in line.do
    assert due(config, complete, replace(ready, subjects="Octo/vote")) == []


def test_a_gh_that_is_not_signed_in_is_said():
    said = Result(1, b"", b"To get started with GitHub CLI, please run:  gh auth login")
    programs = Planned({str(REPOSITORY.variables()): said})
    with pytest.raises(AksFlowError, match="gh auth login` as an administrator"):
        github._ask(programs, REPOSITORY.variables())


def pages(name: str, *entries: dict) -> str:
    """What `gh api --paginate --jq=.` prints of a list with one entry a page."""
    return "\n".join(json.dumps({"total_count": len(entries), name: [entry]}) for entry in entries)


def test_variables_and_branches_are_read_to_the_last_page():
    branches = pages("branch_policies", {"name": "main"}, {"name": "v*", "type": "tag"})
    variables = pages("variables", *({"name": f"V{number}", "value": "x"} for number in range(3)))
    where, all_pages = "repos/Octo/vote/environments/dev", "--paginate --jq=."
    programs = Planned(
        {
            f"gh api {where} {all_pages}": json.dumps({"name": "dev"}),
            f"gh api '{where}/deployment-branch-policies?per_page=100' {all_pages}": branches,
            f"gh api '{where}/variables?per_page=30' {all_pages}": variables,
        }
    )
    found = github._environment(programs, REPOSITORY, "dev")
    assert found.patterns == (("branch", "main"), ("tag", "v*"))
    assert found.variables == {"V0": "x", "V1": "x", "V2": "x"}
