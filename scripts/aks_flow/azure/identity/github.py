"""GitHub's side: the environments that Azure trusts, whom and which branches they let in, their variables."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from aks_flow.azure.identity import access
from aks_flow.azure.plan.facts import Facts
from aks_flow.azure.plan.line import CREATE, IMPOSSIBLE, UPDATE, Line, as_wanted
from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed, Runner
from aks_flow.tools.gh.repository import MISSING, Repository, user

CLIENT = "AZURE_CLIENT_ID"
# Who may deploy where. Dispatched workflows come from the default branch; plans for dev from any branch.
_BRANCHES = {
    "final": ("main",),
    "candidate": ("develop", "hotfix/*", "main", "release/*"),
    "push": ("develop", "hotfix/*", "main", "release/*"),
}


@dataclass(frozen=True)
class Place:
    """An environment as GitHub has it; ``found`` is None if it has not."""

    found: Mapping | None = None
    branches: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class GitHubFacts:
    """places: by environment. reviewers: the configured names' user ids. subjects: see `subjects`."""

    variables: Mapping[str, str]
    places: Mapping[str, Place]
    reviewers: Mapping[str, int]
    subjects: str = ""


def read(run: Runner, repository: Repository, config: Config) -> GitHubFacts:
    names = access.identities(config)
    reviewers = {name: _ask(run, user(name))["id"] for name in config.azure.github.reviewers}
    places = {name: _place(run, repository, name) for name in names}
    variables = _variables(_ask(run, repository.variables()))
    return GitHubFacts(variables, places, reviewers, subjects(run, repository))


def subjects(run: Runner, repository: Repository) -> str:
    """The repository as it stands in its jobs' subjects, with ids or without; "" if GitHub does not say.

    AksFlowError if the subjects have another form altogether.
    """
    said = _ask(run, repository.subjects()) or {}
    if not said.get("use_default", True):
        what = f"its subjects are customised ({', '.join(said.get('include_claim_keys') or ())})"
        step = "Let them have GitHub's default form: environments are then all that identities need to trust."
        raise AksFlowError(what, where=repository.name, next_step=step)
    return (said.get("sub_claim_prefix") or "").removeprefix("repo:")


def _place(run: Runner, repository: Repository, name: str) -> Place:
    found = _ask(run, repository.environment(name))
    if found is None:
        return Place()
    branches = _ask(run, repository.branches(name)) or {}
    patterns = tuple(one["name"] for one in branches.get("branch_policies", []))
    return Place(found, patterns, _variables(_ask(run, repository.variables(name))))


def _variables(answer: Mapping | None) -> dict[str, str]:
    return {one["name"]: one["value"] for one in (answer or {}).get("variables", [])}


def _ask(run: Runner, asked) -> Mapping | None:
    answer = run.run(asked)
    if answer.code == 0:
        return json.loads(answer.text)
    if MISSING in answer.error_text:
        return None
    step = "Run `gh auth login` as an administrator of the repository."
    raise AksFlowError(CommandFailed(asked, answer).what + "\n", next_step=step)


def lines(config: Config, repository: Repository, azure: Facts, github: GitHubFacts) -> Iterator[Line]:
    """Every environment, rule and variable with what is to be done about it."""
    wanted = {
        "INVOKE_TARGET": config.target,
        "AZURE_TENANT_ID": azure.account["tenantId"],
        "AZURE_SUBSCRIPTION_ID": azure.subscription,
    }
    yield from _form(access.without_ids(repository.name), config.azure.github.repository, github.subjects)
    for name, value in wanted.items():
        yield _variable(repository, name, value, github.variables)
    for environment, identity in access.identities(config).items():
        place = github.places[environment]
        yield from _protection(config, repository, environment, place, github.reviewers)
        client = (azure.identities.get(identity) or {}).get("clientId", "")
        if client:
            yield _variable(repository, CLIENT, client, place.variables, environment)
        else:
            why, do = f"needs the id of {identity}, which does not exist", "Run ./inv azure.up first."
            yield Line(f"variable {CLIENT} of {environment}", IMPOSSIBLE, why, do=do)


def _form(plain: str, configured: str, said: str) -> Iterator[Line]:
    """Nothing if the configuration means the same subjects as GitHub."""
    if said and said != (configured or plain):
        why = f"begin with repo:{said}, and azure.github.repository is {configured or 'empty'}"
        yield Line("subjects", IMPOSSIBLE, why, do=f"Set it to {said}, then run ./inv azure.up.")


def _variable(
    repository: Repository, name: str, value: str, found: Mapping[str, str], environment: str = ""
) -> Line:
    thing = f"variable {name}{f' of {environment}' if environment else ''}"
    if found.get(name) == value:
        return as_wanted(thing)
    command = repository.set_variable(name, value, environment)
    return Line(thing, UPDATE if name in found else CREATE, f"is to be {value}", command)


def _protection(
    config: Config, repository: Repository, environment: str, place: Place, people: Mapping[str, int]
) -> Iterator[Line]:
    purpose = _purpose(config, environment)
    wanted, branches = sorted(people.values()) if purpose == "final" else [], _BRANCHES.get(purpose, ())
    found = place.found or {}
    reviewers = _reviewers(found)
    thing = f"environment {environment}"
    protect = repository.protect(environment, wanted or reviewers, bool(branches))
    if place.found is None:
        yield Line(thing, CREATE, "is missing", protect)
    elif wanted and wanted != reviewers:
        yield Line(thing, UPDATE, f"asks other reviewers than {', '.join(people)}", protect)
    elif bool(branches) != bool((found.get("deployment_branch_policy") or {}).get("custom_branch_policies")):
        yield Line(thing, UPDATE, f"lets in other branches than {', '.join(branches) or 'all'}", protect)
    else:
        yield as_wanted(thing)
    for pattern in branches:
        if pattern not in place.branches:
            allow = repository.allow(environment, pattern)
            yield Line(f"branches {pattern} of {environment}", CREATE, "are to be let in", allow)


def _purpose(config: Config, environment: str) -> str:
    known = config.environments.get(environment)
    return known.admits if known else config.azure.github.environments[environment]


def _reviewers(found: Mapping) -> list[int]:
    rules = (rule for rule in found.get("protection_rules", []) if rule["type"] == "required_reviewers")
    return sorted(one["reviewer"]["id"] for rule in rules for one in rule["reviewers"])
