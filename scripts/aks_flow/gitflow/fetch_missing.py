"""What a clone may lack for a version, fetched from origin: history, branches, tags."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.tools.git import reason, remotes, settings

_ORIGIN = "origin"
_CLASH = re.compile(r"^ ! \[rejected\] +(\S+) .*would clobber existing tag", re.MULTILINE)
_EVERY_BRANCH = ("refs/heads/*:", "refs/*:")  # how a refspec of all branches begins


def complete(run: Runner, repo: Path, knows_release: bool) -> str:
    """Bring what the clone lacks, and say so; "" if it lacks nothing, or has no origin.

    knows_release: whether a release is tagged here. AksFlowError if the clone is known to be a part of
    origin, and origin does not answer. Where no release is known, which may be so of origin too, its silence
    is only said.
    """
    origin = settings.parse_all(run.run(settings.matching(repo, rf"^remote\.{_ORIGIN}\.")).text)
    if lack := _lack(run, repo, origin):
        _fetch(run, repo, lack)
        return f"{lack.what}: fetched from {_ORIGIN}"
    return _look_for_tags(run, repo) if origin and not knows_release else ""


def _look_for_tags(run: Runner, repo: Path) -> str:
    answer = run.run(remotes.fetch_tags(repo, _ORIGIN))
    if answer.code:
        return f"no release is tagged here, and {_ORIGIN} did not answer: it may have one ({reason(answer)})"
    if "[new tag]" not in answer.error_text:
        return f"no release is tagged, here or at {_ORIGIN}"
    return f"no release was tagged here: tags were fetched from {_ORIGIN}"


@dataclass(frozen=True)
class CloneGap:
    """What a clone is known to lack. next_step: how a person brings it. options: git's, for the fetch."""

    what: str
    next_step: str
    options: tuple[str, ...] = ()


_HISTORY = CloneGap(
    "this clone is shallow: the last release is not in it",
    "Run `git fetch --unshallow --tags origin`; in a workflow give actions/checkout `fetch-depth: 0`.",
    ("--unshallow",),
)
_BRANCHES = CloneGap(
    "this clone follows some branches only: a release may be on another",
    "Run `git remote set-branches origin '*'`, then `git fetch origin`.",
)
_TAGS = CloneGap(
    "this clone leaves tags out: the last release may be among them",
    "Run `git config --unset remote.origin.tagOpt`, then `git fetch --tags origin`.",
)


def _lack(run: Runner, repo: Path, origin: Mapping[str, list[str]]) -> CloneGap | None:
    """What git's own settings say that this clone is without; a fetch brings all of it."""
    if run.run(remotes.is_shallow(repo)).text.strip() == "true":
        return _HISTORY
    fetched = origin.get(f"remote.{_ORIGIN}.fetch", [])
    if fetched and not any(refspec.lstrip("+").startswith(_EVERY_BRANCH) for refspec in fetched):
        return _BRANCHES
    return _TAGS if "--no-tags" in origin.get(f"remote.{_ORIGIN}.tagopt", []) else None


def _fetch(run: Runner, repo: Path, lack: CloneGap) -> None:
    answer = run.run(remotes.fetch_all(repo, _ORIGIN, *lack.options))
    clashes = _CLASH.findall(answer.error_text)
    if clashes:
        what = f"{', '.join(clashes)}: the tag here is not origin's, and a version may count from either"
        step = "Take origin's with `git fetch --tags --force origin`, or remove it here with `git tag -d`."
        raise AksFlowError(what, where=str(repo), next_step=step)
    if answer.code:
        what = f"{lack.what}, and origin did not give it ({reason(answer)})"
        raise AksFlowError(what, where=str(repo), next_step=lack.next_step)
