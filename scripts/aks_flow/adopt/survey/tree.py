"""The files of a repository's work tree, as git names them."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.tools.git import files, refs, worktree


@dataclass(frozen=True)
class WorkTree:
    """root: the repository's top. files: the paths of what is tracked or could be, but for submodules.

    submodules: their folders. lfs: the paths of what Git LFS stores elsewhere. branches: those that are here
    and at origin; none before the first commit. tags: all.
    """

    root: Path
    files: tuple[str, ...]
    submodules: tuple[str, ...] = ()
    lfs: tuple[str, ...] = ()
    branches: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()

    def text(self, path: str) -> str:
        """A file's text; AksFlowError if it cannot be read."""
        try:
            return (self.root / path).read_text(errors="replace")
        except OSError as error:
            step = "Make it readable, or remove it."
            raise AksFlowError(f"cannot be read: {error.strerror}", where=path, next_step=step) from error

    def below(self, folder: str) -> list[str]:
        """The files in a folder, at any depth; ``""`` is the top."""
        return [path for path in self.files if is_within(path, folder)]

    def folders(self) -> set[str]:
        """Every folder that holds a file, at any depth."""
        return {str(parent) for path in self.files for parent in PurePosixPath(path).parents} | {"."}


def is_within(path: str, folder: str) -> bool:
    return folder in ("", ".") or PurePosixPath(path).is_relative_to(folder)


def parent(path: str) -> str:
    """The folder of a file or folder: ``.`` at the top."""
    return str(PurePosixPath(path).parent)


def read_tree(run: Runner, path: Path) -> WorkTree:
    """The repository at a path; AksFlowError unless that is the top of a git work tree."""
    root = _top(run, path)
    tracked = files.parse_tracked(run.run(files.tracked(root)).text)
    others = files.parse_paths(run.run(files.untracked(root)).text)
    lfs = tuple(files.parse_paths(run.run(files.in_lfs(root)).text))
    branches = frozenset(refs.parse_branches(run.run(refs.branches(root)).text))
    tags = frozenset(refs.parse_tags_with_commits(run.run(refs.tags_with_commits(root)).text))
    own = [name for name, is_submodule in tracked.items() if not is_submodule]
    submodules = tuple(sorted(tracked.keys() - set(own)))
    # A repository inside of this one is named with a slash, and its files are not this one's.
    present = sorted(name for name in {*own, *others} if not name.endswith("/") and (root / name).is_file())
    return WorkTree(root, tuple(present), submodules, lfs, branches, tags)


def _top(run: Runner, path: Path) -> Path:
    if not _is_folder(path):
        step = "Name a repository's folder: `./inv adopt PATH`."
        raise AksFlowError("there is no such folder", where=str(path), next_step=step)
    root = path.resolve()
    top = run.run(worktree.top(root)).text.rstrip("\n")
    if not top:
        step = "Begin with `git init` there, or name the top of a work tree."
        raise AksFlowError("this is not the work tree of a git repository", where=str(root), next_step=step)
    if Path(top).resolve() != root:
        step = f"A project is at the top of its repository: name {top}."
        raise AksFlowError("this is a folder of a repository", where=str(root), next_step=step)
    return root


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name that is too long, or a folder that may not be read
        return False
