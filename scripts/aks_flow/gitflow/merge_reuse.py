"""Build once: whether a release's merge into main has the tree that staging ran, and if not, why."""

from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.runner import Runner
from aks_flow.gitflow import ancestry, releases
from aks_flow.gitflow.names import Names
from aks_flow.tools.git import ancestors, objects


@dataclass(frozen=True)
class Reuse:
    """same: True if main's build context is the candidate's. why: a sentence for whoever reads the run."""

    same: bool
    why: str


def of_merge(run: Runner, repo: Path, names: Names, context: str, commit: str) -> Reuse | None:
    """What a release or hotfix merged into main means for the image; None if ``commit`` is no such merge.

    context: the folder that the image is built from, whose git tree is the image's key.
    """
    parents = run.run(ancestors.parents(repo, commit)).text.split()[1:]
    if len(parents) != 2 or not _is_release(run, repo, names, commit):
        return None
    main, candidate = parents
    ours, theirs = (run.run(objects.tree(repo, context, name)).text.strip() for name in (commit, candidate))
    if ours == theirs:
        return Reuse(True, f"{context}/ is as in the candidate {candidate[:12]}: its image is released")
    ahead = int(run.run(ancestors.count_between(repo, candidate, main)).text)
    files = run.run(objects.changed_files(repo, theirs, ours)).text.split("\n")[:-1]
    shown = ", ".join(f"{context}/{file}" for file in files[:3]) + (", …" if len(files) > 3 else "")
    moved = f"main has {ahead} commit{'' if ahead == 1 else 's'} that the candidate {candidate[:12]} lacks"
    return Reuse(
        False, f"{moved}: {shown} differ{'s' if len(files) == 1 else ''}, so the image is built anew"
    )


def _is_release(run: Runner, repo: Path, names: Names, commit: str) -> bool:
    named = ancestry.commit_of(run, repo, commit)
    return releases.read(run, repo, names, named).at(named) is not None
