"""Why a commit has its version, in lines that a person reads."""

from collections.abc import Iterator

from aks_flow.gitflow.counting import Counting
from aks_flow.gitflow.version import DEVELOP, HOTFIX, MAIN, RELEASE, branch_label, derive
from aks_flow.gitflow.version_facts import CommitHistory, listed


def explain(history: CommitHistory) -> list[str]:
    """From the commit to its version, one fact a line."""
    facts, place = history.facts, history.place
    where = f"on {place.branch}" if place.branch else "on no branch"
    lines = [f"commit {facts.commit[:12]} is {where} ({place.why})", *history.remarks]
    if history.releases.ignored:
        lines.append(f"no release, so not counted: {listed(history.releases.ignored)}")
    if history.release and not facts.dirty:
        return [*lines, f"the commit is a release: {history.release.why}", f"so it is {derive(facts)}"]
    lines += [*_above(history.counting), _rule(history), _count(history)]
    if facts.dirty:
        lines.append("the work tree has changes that are not committed: its tree becomes part of the version")
    return [*lines, f"so it is {derive(facts)}"]


def _above(counting: Counting) -> Iterator[str]:
    if counting.own:
        return
    if counting.later:
        newer = listed([f"{release.version} ({release.why})" for release in counting.later])
        yield f"newer, and the commit comes before: {newer}"
    if counting.last:
        yield f"the release before it is {counting.last.version} ({counting.last.why})"
    else:
        yield "there is no release before it"


def _rule(past: CommitHistory) -> str:
    facts = past.facts
    if facts.own:
        return f"{facts.branch} is to become {facts.own}: its own version, release candidate"
    if facts.kind == DEVELOP:
        return f"{facts.branch}: the minor version after that, alpha"
    if facts.kind == MAIN:
        step = "patch version after that" if facts.last else "first minor version"
        return f"{facts.branch} between releases: the {step}"
    if not facts.branch:
        return "no branch: the minor version after that, the commit as prerelease"
    label = branch_label(facts.branch)
    hashed = " (what follows -- keeps it apart from names that read alike)" if "--" in label else ""
    return f"{_other(past)}the minor version after that, {label} as prerelease{hashed}"


def _other(past: CommitHistory) -> str:
    """Why a release or a hotfix has no version of its own."""
    branch = past.facts.branch
    released = past.names.own_version(branch)
    if released:
        return f"{released} is released already, so {branch} is like any other branch: "
    if past.facts.kind in (RELEASE, HOTFIX):
        return f"{branch} names no version X.Y.Z, so it is like any other branch: "
    return f"{branch}: "


def _count(past: CommitHistory) -> str:
    start = past.counting.start
    since = f"{start.version} ({start.commit[:12]})" if start else "the beginning"
    return f"commits since {since}: {past.facts.count}"
