"""What a clone may lack for a version, fetched from origin: history, tags, develop."""

from pathlib import Path

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.gitflow.names import Names
from aks_flow.tools.git import refs, remotes

_ORIGIN = "origin"


def is_shallow(run: Runner, repo: Path) -> bool:
    return run.run(remotes.is_shallow(repo)).text.strip() == "true"


def deepen(run: Runner, repo: Path) -> bool:
    """Give a shallow clone its history: True once it has it. AksFlowError if origin does not give it."""
    step = "Run `git fetch --unshallow --tags origin`; in a workflow give actions/checkout `fetch-depth: 0`."
    _fetch(run, repo, "this clone is shallow: the last release is out of sight", step, "--unshallow")
    return True


def develop(run: Runner, repo: Path, names: Names) -> list[str]:
    """develop's commits, here and at origin, since either may be ahead; origin is asked if neither is here.

    None if there is no develop at all. AksFlowError if origin does not answer.
    """
    found = _tips(run, repo, names)
    if not found and _ORIGIN in run.run(remotes.names(repo)).text.split():
        step = f"Run `git fetch origin {names.develop}:refs/remotes/origin/{names.develop}`."
        _fetch(run, repo, f"a release counts from {names.develop}, which is not here", step)
        found = _tips(run, repo, names)
    return found


def _tips(run: Runner, repo: Path, names: Names) -> list[str]:
    wanted = (f"refs/heads/{names.develop}", f"refs/remotes/{_ORIGIN}/{names.develop}")
    found = (run.run(refs.resolve(repo, name)).text.strip() for name in wanted)
    return list(dict.fromkeys(commit for commit in found if commit))


def _fetch(run: Runner, repo: Path, lack: str, step: str, *flags: str) -> None:
    answer = run.run(remotes.fetch_all(repo, _ORIGIN, *flags))
    if answer.code:
        said = (answer.error_text.strip().splitlines() or ["git gave no reason"])[0]
        what = f"{lack}, and origin did not give it ({said})"
        raise AksFlowError(what, where=str(repo), next_step=step)
