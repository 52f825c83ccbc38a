"""Who is asked before production on GitHub, and what protects it where nobody is."""

from collections.abc import Iterator

from aks_flow.azure.identity import access, environment_rules
from aks_flow.azure.identity.github import GitHubFacts, purpose_of
from aks_flow.core.config import Config
from aks_flow.core.config.branches import GITFLOW
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed
from aks_flow.tools.gh import MISSING

_NO_PLAN = "billing plan"  # in GitHub's words where an account has no such rules
# Of the address of an environment, which GitHub does not find without a plan for it.
_PLACE = "/environments/"
_PRIVATE = (
    "the repository is private: GitHub has environments, their variables and rules for their branches with "
    "Pro, Team or Enterprise, reviewers and wait timers with Enterprise only"
)


def sentences(config: Config, github: GitHubFacts) -> Iterator[str]:
    """One for each environment that takes final versions and asks nobody, one for a private repository."""
    main = (GITFLOW | config.branches)["main"]
    for name in access.identities(config):
        asks = environment_rules.parse(github.environments[name].answer or {}).reviewers
        if purpose_of(config, name) == "final" and not (asks or config.azure.github.reviewers):
            yield (
                f"{name} ASKS NOBODY: what {main} gets is delivered there at once. Name people in "
                f"azure.github.reviewers; without them only the rules of {main} protect it"
            )
    if github.private:
        yield _PRIVATE


def without_plan(error: CommandFailed, private: bool) -> AksFlowError | None:
    """What to say if GitHub refused something because of the account's plan; None for another refusal.

    private: whether the repository is. GitHub Free has no environments for such a one.
    """
    if private and MISSING in str(error) and any(_PLACE in word for word in error.command.argv):
        what = f"this account's plan has no environments for a private repository ({error.last})"
        step = (
            "Make the repository public, or the plan Pro, Team or Enterprise: each environment has an "
            "identity of its own. If the plan has them, run `gh auth login` as an administrator."
        )
        return AksFlowError(what, where="azure.github", next_step=step)
    if _NO_PLAN not in str(error):
        return None
    what = f"this account's plan has no such rule for a private repository ({error.last})"
    step = "Leave azure.github.reviewers empty, and protect main: pull requests with reviews, and no bypass."
    return AksFlowError(what, where="azure.github", next_step=step)
