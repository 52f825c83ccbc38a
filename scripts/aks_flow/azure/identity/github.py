"""GitHub's side: the environments that Azure trusts, whom and which branches they let in, their variables."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from aks_flow.azure.identity import access
from aks_flow.azure.plan.facts import AzureFacts
from aks_flow.azure.plan.line import CREATE, IMPOSSIBLE, UPDATE, Line, unchanged
from aks_flow.core.command import Command
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
    "read": ("develop", "main"),  # what a timer starts runs on the default branch
}


@dataclass(frozen=True)
class GitHubEnvironment:
    """An environment as GitHub has it; ``answer``: its API's, None if there is no such environment."""

    answer: Mapping | None = None
    branches: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class GitHubFacts:
    """What the repository has.

    environments: by name. reviewers: the user ids of the configured names. subjects: see `subjects`.
    """

    variables: Mapping[str, str]
    environments: Mapping[str, GitHubEnvironment]
    reviewers: Mapping[str, int]
    subjects: str = ""


def read(run: Runner, repository: Repository, config: Config) -> GitHubFacts:
    """Asked with gh; AksFlowError with its words if it may not read."""
    names = access.identities(config)
    reviewers = {name: _ask(run, user(name))["id"] for name in config.azure.github.reviewers}
    environments = {name: _environment(run, repository, name) for name in names}
    variables = _variables(_ask(run, repository.variables()))
    return GitHubFacts(variables, environments, reviewers, subjects(run, repository))


def subjects(run: Runner, repository: Repository) -> str:
    """The repository as it stands in its jobs' subjects, with ids or without; "" if GitHub does not say.

    AksFlowError if the subjects have another form altogether.
    """
    form = _ask(run, repository.subjects()) or {}
    if not form.get("use_default", True):
        what = f"its subjects are customised ({', '.join(form.get('include_claim_keys') or ())})"
        step = "Let them have GitHub's default form: environments are then all that identities need to trust."
        raise AksFlowError(what, where=repository.name, next_step=step)
    return (form.get("sub_claim_prefix") or "").removeprefix("repo:")


def _environment(run: Runner, repository: Repository, name: str) -> GitHubEnvironment:
    answer = _ask(run, repository.environment(name))
    if answer is None:
        return GitHubEnvironment()
    branches = _ask(run, repository.branches(name)) or {}
    patterns = tuple(policy["name"] for policy in branches.get("branch_policies", []))
    return GitHubEnvironment(answer, patterns, _variables(_ask(run, repository.variables(name))))


def _variables(answer: Mapping | None) -> dict[str, str]:
    return {variable["name"]: variable["value"] for variable in (answer or {}).get("variables", [])}


def _ask(run: Runner, command: Command) -> Mapping | None:
    """GitHub's answer; None if there is no such thing."""
    answer = run.run(command)
    if answer.code == 0:
        return json.loads(answer.text)
    if MISSING in answer.error_text:
        return None
    step = "Run `gh auth login` as an administrator of the repository."
    raise AksFlowError(CommandFailed(command, answer).what + "\n", next_step=step)


def lines(config: Config, repository: Repository, azure: AzureFacts, github: GitHubFacts) -> Iterator[Line]:
    """Every environment, rule and variable with what is to be done about it."""
    variables = {
        "INVOKE_TARGET": config.target,
        "AZURE_TENANT_ID": azure.account["tenantId"],
        "AZURE_SUBSCRIPTION_ID": azure.subscription,
    }
    yield from _form(access.without_ids(repository.name), config.azure.github.repository, github.subjects)
    for name, value in variables.items():
        yield _variable(repository, name, value, github.variables)
    for environment, identity in access.identities(config).items():
        existing = github.environments[environment]
        yield from _protection(config, repository, environment, existing, github.reviewers)
        client = (azure.identities.get(identity) or {}).get("clientId", "")
        if client:
            yield _variable(repository, CLIENT, client, existing.variables, environment)
        else:
            why, do = f"needs the id of {identity}, which does not exist", "Run ./inv azure.up first."
            yield Line(f"variable {CLIENT} of {environment}", IMPOSSIBLE, why, do=do)


def _form(plain: str, configured: str, actual: str) -> Iterator[Line]:
    """Nothing if the configuration means the same subjects as GitHub. actual: see `subjects`."""
    if actual and actual != (configured or plain):
        why = f"begin with repo:{actual}, and azure.github.repository is {configured or 'empty'}"
        yield Line("subjects", IMPOSSIBLE, why, do=f"Set it to {actual}, then run ./inv azure.up.")


def _variable(
    repository: Repository, name: str, value: str, existing: Mapping[str, str], environment: str = ""
) -> Line:
    thing = f"variable {name}{f' of {environment}' if environment else ''}"
    if existing.get(name) == value:
        return unchanged(thing)
    command = repository.set_variable(name, value, environment)
    return Line(thing, UPDATE if name in existing else CREATE, f"is to be {value}", command)


def _protection(
    config: Config,
    repository: Repository,
    environment: str,
    existing: GitHubEnvironment,
    people: Mapping[str, int],
) -> Iterator[Line]:
    """The environment's reviewers, and the branches that it lets in. people: the reviewers' ids by name."""
    purpose = _purpose(config, environment)
    required, branches = sorted(people.values()) if purpose == "final" else [], _BRANCHES.get(purpose, ())
    answer = existing.answer or {}
    reviewers = _reviewers(answer)
    thing = f"environment {environment}"
    protect = repository.protect(environment, required or reviewers, bool(branches))
    if existing.answer is None:
        yield Line(thing, CREATE, "is missing", protect)
    elif required and required != reviewers:
        yield Line(thing, UPDATE, f"asks other reviewers than {', '.join(people)}", protect)
    elif bool(branches) != bool((answer.get("deployment_branch_policy") or {}).get("custom_branch_policies")):
        yield Line(thing, UPDATE, f"lets in other branches than {', '.join(branches) or 'all'}", protect)
    else:
        yield unchanged(thing)
    for pattern in branches:
        if pattern not in existing.branches:
            allow = repository.allow(environment, pattern)
            yield Line(f"branches {pattern} of {environment}", CREATE, "are to be let in", allow)


def _purpose(config: Config, environment: str) -> str:
    """What an environment of ours admits, or what the configuration says that another one is for."""
    own = config.environments.get(environment)
    return own.admits if own else config.azure.github.environments[environment]


def _reviewers(answer: Mapping) -> list[int]:
    rules = [rule for rule in answer.get("protection_rules", []) if rule["type"] == "required_reviewers"]
    return sorted(entry["reviewer"]["id"] for rule in rules for entry in rule["reviewers"])
