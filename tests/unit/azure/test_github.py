"""What the repository on GitHub lacks becomes lines of a plan; a repository that lacks nothing gets none."""

import json
from dataclasses import replace

import pytest

from aks_flow.azure.identity import github
from aks_flow.azure.identity.github import GitHubEnvironment, GitHubFacts
from aks_flow.core.errors import AksFlowError
from aks_flow.tools.gh.repository import Repository
from tests.unit.planned import Planned, Result

REPOSITORY = Repository("Octo/vote")
ALL = ("develop", "hotfix/*", "main", "release/*")


@pytest.fixture
def azure(complete):
    """The subscription's facts, with the identities' client ids."""
    identities = {
        name: {**identity, "clientId": f"client-{name}"} for name, identity in complete.identities.items()
    }
    return replace(complete, identities=identities)


def place(name: str, branches: tuple[str, ...] = (), reviewers: tuple[int, ...] = ()) -> GitHubEnvironment:
    people = [{"type": "User", "reviewer": {"id": number}} for number in reviewers]
    rules = [{"type": "required_reviewers", "reviewers": people}] if people else []
    policy = {"protected_branches": False, "custom_branch_policies": True} if branches else None
    answer = {"name": name, "protection_rules": rules, "deployment_branch_policy": policy}
    return GitHubEnvironment(answer, branches, {"AZURE_CLIENT_ID": f"client-aks-flow-{name}"})


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
            "production": place("production", ("main",), (7,)),
            "publish": place("publish", ALL),
            "nightly": place("nightly", ("develop", "main")),
        },
        {"ann": 7},
    )


def due(config, azure, facts) -> list:
    return [line for line in github.lines(config, REPOSITORY, azure, facts) if not line.settled]


def test_a_repository_that_lacks_nothing_gets_no_change(config, azure, ready):
    assert due(config, azure, ready) == []


def test_an_empty_repository_gets_everything(config, azure, ready):
    empty = GitHubFacts({}, dict.fromkeys(ready.environments, GitHubEnvironment()), ready.reviewers)
    lines = due(config, azure, empty)
    shown = [str(line.command) for line in lines]
    assert "gh variable set INVOKE_TARGET --repo=Octo/vote --body=azure" in shown
    assert "gh variable set AZURE_CLIENT_ID --repo=Octo/vote --env=dev --body=client-aks-flow-dev" in shown
    [made] = [line for line in lines if line.thing == "environment production"]
    assert str(made.command) == "gh api repos/Octo/vote/environments/production --method=PUT --input=-"
    assert json.loads(made.command.stdin) == {
        "reviewers": [{"type": "User", "id": 7}],
        "deployment_branch_policy": {"protected_branches": False, "custom_branch_policies": True},
    }
    assert {line.thing for line in lines if line.thing.startswith("branches")} == {
        "branches main of production",
        *("branches develop of nightly", "branches main of nightly"),
        *(f"branches {name} of {where}" for name in ALL for where in ("staging", "publish")),
    }


def test_other_reviewers_are_replaced_and_none_are_configured_means_they_stay(config, azure, ready):
    ready.environments["production"] = place("production", ("main",), (8,))
    [line] = due(config, azure, ready)
    assert line.why == "asks other reviewers than ann" and '"id": 7' in line.command.stdin
    assert due(config, azure, replace(ready, reviewers={})) == []


def test_an_identity_that_does_not_exist_yet_stands_in_the_way(config, complete, ready):
    lines = due(config, complete, ready)
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


def test_another_form_than_the_configured_one_stands_in_the_way(config, azure, ready):
    [line] = due(config, azure, replace(ready, subjects="Octo@1/vote@2"))
    assert (line.verb, line.why) == (
        *("impossible", "begin with repo:Octo@1/vote@2, and azure.github.repository is Octo/vote"),
    )
    assert "Set it to Octo@1/vote@2" in line.do
    assert due(config, azure, replace(ready, subjects="Octo/vote")) == []


def test_a_gh_that_is_not_signed_in_is_said():
    said = Result(1, b"", b"To get started with GitHub CLI, please run:  gh auth login")
    programs = Planned({str(REPOSITORY.variables()): said})
    with pytest.raises(AksFlowError, match="gh auth login` as an administrator"):
        github._ask(programs, REPOSITORY.variables())
