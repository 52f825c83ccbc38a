"""GitHub's side: the environments that Azure trusts, whom and which branches they let in, their variables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from aks_flow.azure.identity import access, environment_rules
from aks_flow.azure.identity.environment_rules import MOST_REVIEWERS, EnvironmentRules
from aks_flow.azure.plan.facts import AzureFacts
from aks_flow.azure.plan.line import CREATE, IMPOSSIBLE, UPDATE, Line, unchanged
from aks_flow.core.command import Command
from aks_flow.core.config import Config
from aks_flow.core.config.branches import GITFLOW
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed, Runner
from aks_flow.tools.gh import MISSING
from aks_flow.tools.gh.repository import Repository, parse, parse_branches, parse_variables, user

CLIENT = "AZURE_CLIENT_ID"
_DELIVERING = ("develop", "hotfix", "main", "release")
# Who may deploy where, as the workflow files start. Dispatched ones and timers run on the default branch,
# which may be develop or main; a plan is made for any branch.
_BRANCHES = {
    "final": ("main",),
    "candidate": _DELIVERING,
    "push": _DELIVERING,
    "read": ("develop", "main"),
    "undo": ("develop", "main"),
}
_TAGGED = ("final", "push")  # a tag starts a delivery too


@dataclass(frozen=True)
class GitHubEnvironment:
    """An environment as GitHub has it; ``answer``: its API's, None if there is no such environment.

    patterns: pairs of ``branch`` or ``tag`` and a pattern.
    """

    answer: Mapping | None = None
    patterns: tuple[tuple[str, str], ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class GitHubFacts:
    """What the repository has.

    environments: by name. reviewers: the user ids of the configured names. subjects: see `subjects`. private:
    whether the repository is.
    """

    variables: Mapping[str, str]
    environments: Mapping[str, GitHubEnvironment]
    reviewers: Mapping[str, int]
    subjects: str = ""
    private: bool = False


def read(run: Runner, repository: Repository, config: Config) -> GitHubFacts:
    """Asked with gh; AksFlowError with its words if it may not read."""
    names = access.identities(config)
    reviewers = {name: _ask(run, user(name))["id"] for name in config.azure.github.reviewers}
    environments = {name: _environment(run, repository, name) for name in names}
    variables = parse_variables(_ask(run, repository.variables()) or {})
    private = bool((_ask(run, repository.about()) or {}).get("private"))
    return GitHubFacts(variables, environments, reviewers, subjects(run, repository), private)


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
    patterns = parse_branches(_ask(run, repository.branches(name)) or {})
    return GitHubEnvironment(answer, patterns, parse_variables(_ask(run, repository.variables(name)) or {}))


def _ask(run: Runner, command: Command) -> Mapping | None:
    """GitHub's answer; None if there is no such thing."""
    answer = run.run(command)
    if answer.code == 0:
        return parse(answer.text)
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
    purpose = purpose_of(config, environment)
    required = sorted(people.values()) if purpose == "final" else []
    patterns = _patterns(config, purpose)
    actual = environment_rules.parse(existing.answer or {})
    wanted = actual.with_reviewers(required).with_choice(bool(patterns))
    yield _rules(repository, environment, existing, actual, wanted)
    if wanted.policy.get("protected_branches"):
        return  # GitHub has no patterns beside that
    for kind, pattern in patterns:
        if (kind, pattern) not in existing.patterns:
            allow = repository.allow(environment, pattern, kind)
            kinds = {"branch": "branches", "tag": "tags"}[kind]
            yield Line(f"{kinds} {pattern} of {environment}", CREATE, "are to be let in", allow)


def _patterns(config: Config, purpose: str) -> list[tuple[str, str]]:
    """What an environment lets in: the branches and tags that start its jobs.

    As File.fnmatch of Ruby reads patterns: ``*`` ends at a slash, ``**/`` is any number of folders.
    """
    called = GITFLOW | config.branches
    names = {"develop": [called["develop"]], "main": [called["main"]]}
    names |= {kind: [f"{called[kind]}*", f"{called[kind]}**/*"] for kind in ("release", "hotfix")}
    branches = [("branch", name) for kind in _BRANCHES.get(purpose, ()) for name in names[kind]]
    return branches + ([("tag", f"{called['tag']}*")] if purpose in _TAGGED else [])


def _rules(
    repository: Repository,
    environment: str,
    existing: GitHubEnvironment,
    actual: EnvironmentRules,
    wanted: EnvironmentRules,
) -> Line:
    thing, protect = f"environment {environment}", repository.protect(environment, wanted.body())
    if len(wanted.reviewers) > MOST_REVIEWERS:
        do = f"GitHub takes {MOST_REVIEWERS}: take some out there, or out of azure.github.reviewers."
        return Line(thing, IMPOSSIBLE, f"would have {len(wanted.reviewers)} reviewers", do=do)
    if existing.answer is None:
        return Line(thing, CREATE, "is missing", protect)
    if wanted.reviewers != actual.reviewers:
        return Line(thing, UPDATE, "lacks configured reviewers; the others stay", protect)
    if wanted.policy != actual.policy:
        return Line(
            thing, UPDATE, "lets in other branches" if wanted.chooses else "lets in some branches", protect
        )
    return unchanged(thing)


def purpose_of(config: Config, environment: str) -> str:
    """What an environment of ours admits, or what the configuration says that another one is for."""
    own = config.environments.get(environment)
    return own.admits if own else config.azure.github.environments[environment]
