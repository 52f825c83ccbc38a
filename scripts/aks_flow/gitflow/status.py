"""Where every branch stands: its version, the environment it reaches, and what waits."""

from dataclasses import dataclass

from aks_flow.gitflow import releases, version_facts
from aks_flow.gitflow.flow import UNREADABLE, Flow
from aks_flow.gitflow.names import BACK_MERGE
from aks_flow.gitflow.version import HOTFIX, RELEASE, derive, next_minor, next_patch

_ORDER = ("main", "develop", RELEASE, HOTFIX, "feature", "")


@dataclass(frozen=True)
class BranchRow:
    """current: True if the branch is checked out. version, environment: "" for none. waits: what is to do."""

    branch: str
    current: bool
    version: str
    environment: str
    waits: tuple[str, ...]


def read(flow: Flow, leave_out: tuple[str, ...] = ()) -> list[BranchRow]:
    """All branches but those left out, in the order in which GitFlow's table has them."""
    current = flow.current()
    branches = [branch for branch in flow.branches() if branch not in leave_out]
    branches.sort(key=lambda branch: (_ORDER.index(flow.names.kind(branch)), branch))
    return [_row(flow, branch, branch == current) for branch in branches]


def upcoming(flow: Flow) -> str:
    """The versions that the next release and the next hotfix would have."""
    last = flow.last_release()
    return f"next release {next_minor(last)}" + (f", next hotfix {next_patch(last)}" if last else "")


def _row(flow: Flow, branch: str, current: bool) -> BranchRow:
    tip = flow.tip(branch)
    if not tip:
        why = "its name is not UTF-8: rename it" if UNREADABLE in branch else "it leads to no commit"
        return BranchRow(branch, current, "", flow.reaches(branch), (why,))
    facts = version_facts.of_commit(flow.run, flow.repo, flow.names, tip, branch).facts
    waits = [*_unfinished(flow, branch, tip, bool(facts.release)), *_unpushed(flow, branch)]
    return BranchRow(branch, current, str(derive(facts)), flow.reaches(branch), tuple(waits))


def _unfinished(flow: Flow, branch: str, tip: str, released: bool) -> list[str]:
    kind = flow.names.kind(branch)
    main, develop = flow.tip(flow.names.main), flow.tip(flow.names.develop)
    if kind == "main":
        waits = [] if released else ["its last commit is no release"]
        return (
            waits + _untagged(flow) + _missing(flow, develop, tip, f"to merge back into {flow.names.develop}")
        )
    if kind == "develop":
        return _missing(flow, main, tip, "to release")
    if kind in (RELEASE, HOTFIX):
        lacking = _missing(flow, tip, main, f"of {flow.names.main} to merge into it")
        return [f"`./inv flow.{kind}.finish`", *lacking]
    if kind or branch.startswith(f"{BACK_MERGE}/"):
        return _missing(flow, develop, tip, f"to merge into {flow.names.develop}")
    return []


def _untagged(flow: Flow) -> list[str]:
    """The releases that main has and that have no tag, with what makes it."""
    merged = releases.read(flow.run, flow.repo, flow.names).final
    versions = [version for version in merged if not flow.commit(f"refs/tags/{flow.names.tag_of(version)}")]
    kinds = [(version, HOTFIX if version.core[2] else RELEASE) for version in sorted(versions)]
    return [
        f"{version} to tag: `./inv flow.{kind}.finish --version {version} --pr`" for version, kind in kinds
    ]


def _missing(flow: Flow, old: str, new: str, what: str) -> list[str]:
    count = flow.lacks(old, new) if old and new else 0
    return [f"{count} commit{'' if count == 1 else 's'} {what}"] if count else []


def _unpushed(flow: Flow, branch: str) -> list[str]:
    here, at_origin = flow.here(branch), flow.at_origin(branch)
    if not here:
        return ["at origin only"]
    if not at_origin:
        return ["not pushed"] if flow.remote() else []
    return _missing(flow, at_origin, here, "to push") + _missing(flow, here, at_origin, "to pull")
