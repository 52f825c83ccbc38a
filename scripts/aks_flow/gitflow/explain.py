"""Why a commit has its version, in lines that a person reads."""

from aks_flow.gitflow.version import Version, derive
from aks_flow.gitflow.version_facts import CommitHistory

_RULES = {
    "main": "between releases: the next minor version",
    "develop": "develop: the next minor version, alpha",
    "release": "a release: its own version, release candidate",
    "hotfix": "a hotfix: its own version, release candidate",
}


def explain(history: CommitHistory) -> list[str]:
    """From the commit to its version, one fact a line."""
    facts = history.facts
    where = f"on {history.place.branch}" if history.place.branch else "on no branch"
    lines = [f"commit {facts.commit[:12]} is {where} ({history.place.why})"]
    if history.fetched:
        lines.append("the clone was shallow: its history was fetched from origin")
    lines += [f"tag {tag} is no version: it does not count" for tag in history.ignored]
    lines.append(_last(facts.last, facts.distance))
    if facts.last and not facts.distance and not facts.dirty:
        return [*lines, f"the commit is a release: {derive(facts)}"]
    lines += [_rule(facts.branch), f"counted from {history.since}"]
    if facts.dirty:
        lines.append("the work tree has changes that are not committed: its tree becomes part of the version")
    return [*lines, f"so it is {derive(facts)}"]


def _last(last: Version | None, distance: int) -> str:
    if not last:
        return "no release is below it"
    return f"the last release below it is {last}" + (f", {distance} commits ago" if distance else "")


def _rule(branch: str) -> str:
    kind = branch.partition("/")[0]
    named = "the branch's name" if branch else "`detached`"
    return _RULES.get(kind, f"any other branch: the next minor version, {named} as prerelease")
