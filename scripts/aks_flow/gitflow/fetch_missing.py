"""What a clone may lack for a version, fetched from origin: history, tags, develop."""

import re
from pathlib import Path

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.gitflow.names import Names
from aks_flow.tools.git import lines, reason, refs, remotes

_ORIGIN = "origin"
_CLASH = re.compile(r"^ ! \[rejected\] +(\S+) .*would clobber existing tag", re.MULTILINE)


def is_shallow(run: Runner, repo: Path) -> bool:
    return run.run(remotes.is_shallow(repo)).text.strip() == "true"


def deepen(run: Runner, repo: Path) -> bool:
    """Give a shallow clone its history: True once it has it. AksFlowError if origin does not give it."""
    step = "Run `git fetch --unshallow --tags origin`; in a workflow give actions/checkout `fetch-depth: 0`."
    _fetch(run, repo, "this clone is shallow: the last release is not in it", step, "--unshallow")
    return True


def develop(run: Runner, repo: Path, names: Names) -> list[str]:
    """The tips of develop, here and at origin, since either may be ahead; origin is asked if neither is here.

    Empty if there is no develop at all. AksFlowError if origin does not answer.
    """
    tips = _tips(run, repo, names)
    if not tips and _ORIGIN in lines(run.run(remotes.names(repo)).text):
        step = f"Run `git fetch origin {names.develop}:refs/remotes/origin/{names.develop}`."
        _fetch(run, repo, f"a release counts from {names.develop}, which is not here", step)
        tips = _tips(run, repo, names)
    return tips


def _tips(run: Runner, repo: Path, names: Names) -> list[str]:
    references = (f"refs/heads/{names.develop}", f"refs/remotes/{_ORIGIN}/{names.develop}")
    commits = (refs.parse_commit(run.run(refs.resolve(repo, reference)).text) for reference in references)
    return list(dict.fromkeys(commit for commit in commits if commit))


def _fetch(run: Runner, repo: Path, lack: str, step: str, *flags: str) -> None:
    answer = run.run(remotes.fetch_all(repo, _ORIGIN, *flags))
    clashes = _CLASH.findall(answer.error_text)
    if clashes:
        what = f"{', '.join(clashes)}: the tag here is not origin's, and a version may count from either"
        step = "Take origin's with `git fetch --tags --force origin`, or remove it here with `git tag -d`."
        raise AksFlowError(what, where=str(repo), next_step=step)
    if answer.code:
        what = f"{lack}, and origin did not give it ({reason(answer)})"
        raise AksFlowError(what, where=str(repo), next_step=step)
