"""gh: a repository's environments, their protection and their variables.

https://docs.github.com/rest/deployments/environments, …/branch-policies and …/actions/variables
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from aks_flow.core.command import Command, command, flags
from aks_flow.core.reading import reads, text_of
from aks_flow.tools.gh import ALL_PAGES, joined

_NONE_YET = (0, 1, 4)  # 4: gh is not signed in


@dataclass(frozen=True)
class Repository:
    """name: OWNER/NAME."""

    name: str

    def environment(self, environment: str) -> Command:
        """Exit code 1 if there is none."""
        return self._get(f"environments/{environment}")

    def about(self) -> Command:
        """Whether it is private, among other things."""
        return self._get("")

    def branches(self, environment: str) -> Command:
        """The patterns of branches and tags that may deploy there."""
        return self._get(f"environments/{environment}/deployment-branch-policies?per_page=100")

    def variables(self, environment: str = "") -> Command:
        """The environment's own, or the repository's."""
        place = f"environments/{environment}" if environment else "actions"
        return self._get(f"{place}/variables?per_page=30")

    def subjects(self) -> Command:
        """How the subjects of its jobs' OIDC tokens begin: rest/actions/oidc of GitHub's reference."""
        return self._get("actions/oidc/customization/sub")

    def protect(self, environment: str, rules: Mapping) -> Command:
        """Make the environment, or replace its rules: what ``rules`` leaves out is gone afterwards."""
        return self._send("PUT", f"environments/{environment}", rules)

    def allow(self, environment: str, pattern: str, kind: str) -> Command:
        """Let branches or tags of a pattern deploy there. kind: ``branch`` or ``tag``."""
        body = {"name": pattern, "type": kind}
        return self._send("POST", f"environments/{environment}/deployment-branch-policies", body)

    def set_variable(self, name: str, value: str, environment: str = "") -> Command:
        words = flags(repo=self.name, env=environment or None, body=value)
        return command("gh", "variable", "set", name, *words)

    def _get(self, path: str) -> Command:
        path = f"repos/{self.name}/{path}".rstrip("/")
        return command("gh", "api", path, *ALL_PAGES, reads=True, ok=_NONE_YET)

    def _send(self, method: str, path: str, body: Mapping) -> Command:
        words = flags(method=method, input="-")
        return command("gh", "api", f"repos/{self.name}/{path}", *words, stdin=json.dumps(body))


@reads("gh")
def parse(text: str) -> Mapping:
    """GitHub's answer, an object; of several pages one with the entries of all."""
    return joined(text)


@reads("gh")
def parse_variables(answer: Mapping) -> dict[str, str]:
    """Their values, by name."""
    return {text_of(variable["name"]): text_of(variable["value"]) for variable in answer.get("variables", [])}


@reads("gh")
def parse_branches(answer: Mapping) -> tuple[tuple[str, str], ...]:
    """``branch`` or ``tag``, and the pattern."""
    policies = answer.get("branch_policies", [])
    return tuple((policy.get("type", "branch"), text_of(policy["name"])) for policy in policies)


def user(name: str) -> Command:
    return command("gh", "api", f"users/{name}", *ALL_PAGES, reads=True)
