"""Git repositories: what a revision means now, and a commit's files. No work tree is ever checked out."""

import asyncio
import hashlib
import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aks_flow.core.command import Command, Result, command
from aks_flow.core.errors import AksFlowError
from aks_flow.core.tarball import unpack
from aks_flow.rehearsal.standins.argocd.programs import Programs

_COMMIT = re.compile(r"[0-9a-f]{40}")
_ENVIRONMENT = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}


class SourceError(Exception):
    """A source that cannot be read: the repository, the revision, or the path; git's own words."""


class Repositories:
    """``folder`` holds a bare copy of each repository in use; what an earlier process left there goes."""

    def __init__(self, programs: Programs, folder: Path):
        self._programs, self._folder = programs, folder
        self._fetching: dict[Path, asyncio.Lock] = defaultdict(asyncio.Lock)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)

    async def resolve(self, url: str, revision: str) -> str:
        """The commit that a branch, a tag, HEAD or a commit's full hash means now, asked of the remote."""
        if _COMMIT.fullmatch(revision):
            return revision
        answer = await self._programs(_ls_remote(url, revision))
        if answer.code:
            raise SourceError(f"failed to list refs: {_said(answer)}")
        commit = choose(parse_refs(answer.text), revision)
        if not commit:
            raise SourceError(f"unable to resolve '{revision}' to a commit SHA")
        return commit

    @asynccontextmanager
    async def files(self, url: str, commit: str) -> AsyncIterator[Path]:
        """A folder with the commit's files, gone afterwards."""
        copy = await self._copy(url, commit)
        archive = await self._git(_archive(copy, commit))
        folder = Path(tempfile.mkdtemp(prefix="files-", dir=self._folder))
        try:
            unpack(archive.stdout, folder)
            yield folder
        except AksFlowError as error:
            raise SourceError(f"{commit} holds what must not be unpacked: {error.what}") from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    async def _copy(self, url: str, commit: str) -> Path:
        """The local copy, with the commit in it."""
        folder = self._folder / hashlib.sha256(url.encode()).hexdigest()[:16]
        held = command("git", "-C", folder, "cat-file", "-e", f"{commit}^{{commit}}", reads=True)
        async with self._fetching[folder]:
            if not folder.is_dir():
                await self._git(command("git", "init", "--quiet", "--bare", folder))
            if (await self._programs(held)).code:
                await self._git(_fetch(folder, url))
            if (await self._programs(held)).code:
                await self._git(_fetch(folder, url, commit))  # on no branch any more
        return folder

    async def _git(self, git_command: Command) -> Result:
        answer = await self._programs(git_command)
        if answer.code:
            raise SourceError(f"failed to fetch: {_said(answer)}")
        return answer


def _ls_remote(url: str, revision: str) -> Command:
    patterns = ["HEAD"] if revision in ("", "HEAD") else [f"refs/heads/{revision}", f"refs/tags/{revision}*"]
    return command("git", "ls-remote", "--", url, *patterns, reads=True, env=_ENVIRONMENT)


def _archive(repo: Path, commit: str) -> Command:
    return command(
        "git", "-C", repo, "-c", "core.autocrlf=false", "archive", "--format=tar", commit, reads=True
    )


def _fetch(folder: Path, url: str, *refs: str) -> Command:
    refspecs = refs or ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
    flags = (
        "--quiet",
        "--force",
        "--no-tags",
        "--no-auto-maintenance",
        "--prune" if not refs else "--no-prune",
    )
    return command("git", "-C", folder, "fetch", *flags, "--", url, *refspecs, env=_ENVIRONMENT)


def parse_refs(text: str) -> dict[str, str]:
    """``git ls-remote``'s lines -> commit by ref."""
    return {ref: commit for commit, _, ref in (line.partition("\t") for line in text.splitlines())}


def choose(commits: dict[str, str], revision: str) -> str:
    """A branch before a tag; of an annotated tag the commit. "" if there is neither."""
    if revision in ("", "HEAD"):
        return commits.get("HEAD", "")
    tag = f"refs/tags/{revision}"
    return commits.get(f"refs/heads/{revision}") or commits.get(f"{tag}^{{}}") or commits.get(tag, "")


def _said(answer: Result) -> str:
    return " ".join(answer.error_text.split()) or f"git ended with exit code {answer.code}"
