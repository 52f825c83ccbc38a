"""Why a push was refused, by git's words: somebody else was quicker, or a host's rules do not allow it.

GitHub's rules: GH006 is a protected branch, GH013 a ruleset; https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository
"""

import re
from dataclasses import dataclass

# Somebody else's push came before, or is under way.
OVERTAKEN = re.compile(
    r"non-fast-forward|fetch first|stale info|cannot lock ref|failed to update ref|incorrect old value"
    r"|reference already exists|\(already exists\)|unable to create '[^']*\.lock'"
    r"|not our ref|unadvertised object",
    re.IGNORECASE,
)

_HEAD = re.compile(
    r"\b(?P<code>GH006|GH013): [^\n]*? (?:failed|found) for (?P<ref>refs/\S+?)\.?\s*$", re.MULTILINE
)
_LINE = re.compile(r"^(?:remote:)?\s*(?:- |error: )(?P<rule>\S.*?)\s*$")


@dataclass(frozen=True)
class BrokenRules:
    """code: GH006 or GH013. ref: as git calls it, in full. rules: in the host's own words."""

    code: str
    ref: str
    rules: tuple[str, ...]

    @property
    def name(self) -> str:
        """The branch's or the tag's."""
        return self.ref.removeprefix("refs/heads/").removeprefix("refs/tags/")

    def __str__(self) -> str:
        said = "; ".join(rule.rstrip(".") for rule in self.rules) or "GitHub names none"
        kind = "branch protection" if self.code == "GH006" else "ruleset"
        return f"{self.name} does not take this push, by its {kind} ({self.code}): {said}"


def broken_rules(text: str) -> BrokenRules | None:
    """The first ref that was refused by a rule; None if no rule was it."""
    head = _HEAD.search(text)
    if not head:
        return None
    rules = (_LINE.match(line) for line in _until_next(text[head.end() :]))
    return BrokenRules(head["code"], head["ref"], tuple(rule["rule"] for rule in rules if rule))


def _until_next(text: str) -> list[str]:
    """The lines that belong to one refusal: git's own begin with the next refusal, ``To`` or ``!``."""
    own = re.split(r"^(?:To |\s*!|error: failed)|\bGH0(?:06|13): ", text, maxsplit=1, flags=re.MULTILINE)[0]
    return own.splitlines()
