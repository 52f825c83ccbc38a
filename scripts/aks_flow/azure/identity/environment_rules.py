"""A GitHub environment's rules as they are, and as they are to be: what others have set there stays. Pure.

https://docs.github.com/rest/deployments/environments: setting the rules replaces all of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from aks_flow.core.reading import reads

MOST_REVIEWERS = 6
_SOME = {"protected_branches": False, "custom_branch_policies": True}


@dataclass(frozen=True)
class EnvironmentRules:
    """reviewers: pairs of ``User`` or ``Team`` and an id. wait: minutes. policy: of branches, {} for all.

    not_own: whether who starts a job may not let it in.
    """

    reviewers: tuple[tuple[str, int], ...] = ()
    not_own: bool = False
    wait: int = 0
    policy: Mapping[str, bool] = field(default_factory=dict)

    @property
    def chooses(self) -> bool:
        """Whether it lets in some branches only, by patterns or because they are protected."""
        return bool(self.policy)

    def with_reviewers(self, users: Iterable[int]) -> "EnvironmentRules":
        """These users besides those that are there."""
        more = tuple(("User", number) for number in users if ("User", number) not in self.reviewers)
        return replace(self, reviewers=(*self.reviewers, *more))

    def with_choice(self, some: bool) -> "EnvironmentRules":
        """some: let in the branches of its patterns only; one that takes protected ones only stays so."""
        return replace(self, policy=(self.policy or _SOME) if some else {})

    def body(self) -> dict:
        """For GitHub. For a private repository most plans refuse a wait or reviewers, even none."""
        asked = {
            "wait_timer": self.wait,
            "prevent_self_review": self.not_own,
            "reviewers": [{"type": kind, "id": number} for kind, number in self.reviewers],
        }
        set_ones = {name: value for name, value in asked.items() if value}
        return {**set_ones, "deployment_branch_policy": dict(self.policy) or None}


@reads("gh")
def parse(answer: Mapping) -> EnvironmentRules:
    """GitHub's answer -> EnvironmentRules; rules of apps are kept apart there, and stay by themselves."""
    by_type = {rule["type"]: rule for rule in answer.get("protection_rules") or ()}
    asked = by_type.get("required_reviewers") or {}
    reviewers = tuple((entry["type"], entry["reviewer"]["id"]) for entry in asked.get("reviewers") or ())
    wait = (by_type.get("wait_timer") or {}).get("wait_timer") or 0
    policy = answer.get("deployment_branch_policy") or {}
    return EnvironmentRules(reviewers, bool(asked.get("prevent_self_review")), wait, policy)
