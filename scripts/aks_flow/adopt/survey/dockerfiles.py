"""A repository's Dockerfiles: what each is built from, and the folder that its build needs."""

import fnmatch
import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from aks_flow.adopt.survey import dockerfile_text
from aks_flow.adopt.survey.tree import WorkTree, parent

_NAME = re.compile(
    r"(?:Dockerfile|Containerfile)(?:[.-](?P<after>[\w.-]+))?|(?P<before>[\w.-]+)\.[Dd]ockerfile"
)
_NOT_OURS = {".devcontainer", "node_modules", "vendor", "third_party"}
# Folders between a Dockerfile and the one that is called after the image.
_SAYS_NOTHING = {"src", "docker", "build", "container"}


@dataclass(frozen=True)
class Dockerfile:
    """A Dockerfile.

    context: the folder that its build needs. names: what its image may be called, best first.
    bases: the images that it begins at, by the build argument that gives it, with the default.
    fixed: those that it names itself. stages: those that no other needs, by name; "" for a last one that has
    none. absent: what it copies and git does not have. target: the stage that is built, "" for the last.
    """

    path: str
    context: str
    names: tuple[str, ...]
    bases: dict[str, str] = field(default_factory=dict)
    fixed: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    target: str = ""

    @property
    def in_context(self) -> str:
        """Its path in the context; "" where a build looks by itself."""
        path = str(PurePosixPath(self.path).relative_to(self.context))
        return "" if path == "Dockerfile" else path


def find_dockerfiles(tree: WorkTree) -> list[Dockerfile]:
    """All of them, by path."""
    return [read_one(tree, path) for path in tree.files if _is_one(path)]


def _is_one(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return bool(_NAME.fullmatch(parts[-1])) and not _NOT_OURS & set(parts)


def read_one(tree: WorkTree, path: str) -> Dockerfile:
    """The Dockerfile at a path; the folder that its build needs is as its copies tell."""
    text = dockerfile_text.read(tree.text(path))
    folder, absent = _context(tree, path, text.sources)
    names = _names(tree, path, folder)
    return Dockerfile(path, folder, names, text.bases, tuple(text.fixed), tuple(text.ends), absent)


def _context(tree: WorkTree, path: str, sources: list[str]) -> tuple[str, tuple[str, ...]]:
    """The nearest folder above the file that has what is copied; and what none has.

    A pattern beside files that are there may match nothing, as in ``COPY package.json yarn.lock* ./``.
    """
    own = parent(path)
    folders = [own, *(str(folder) for folder in PurePosixPath(own).parents)]
    inside = {
        folder: [str(PurePosixPath(file).relative_to(folder)) for file in tree.below(folder)]
        for folder in folders
    }
    known = [source for source in sources if any(_is_there(paths, source) for paths in inside.values())]
    nearest = (name for name, paths in inside.items() if all(_is_there(paths, source) for source in known))
    folder = next(nearest, own)
    absent = [name for name in sources if name not in known and not _may_match_nothing(inside[folder], name)]
    return folder, tuple(dict.fromkeys(absent))


def _may_match_nothing(paths: list[str], source: str) -> bool:
    return bool(set("*?[") & set(source)) and _is_there(paths, str(PurePosixPath(source.lstrip("/")).parent))


def _is_there(paths: list[str], source: str) -> bool:
    wanted = str(PurePosixPath(source.lstrip("/")))
    if wanted == ".":
        return True
    return any(
        path == wanted or path.startswith(f"{wanted}/") or fnmatch.fnmatch(path, wanted) for path in paths
    )


def _names(tree: WorkTree, path: str, context: str) -> tuple[str, ...]:
    match = _NAME.fullmatch(PurePosixPath(path).name)
    suffix = match["after"] or match["before"] or ""
    folders = [_telling(parent(path)), _telling(context)]
    names = [suffix, *folders, tree.root.name if "" in folders or context == "." else ""]
    return tuple(dict.fromkeys(name.lower().replace("_", "-") for name in names if name))


def _telling(folder: str) -> str:
    """The name of a folder that says what is built there, or of the nearest above it; "" for the top's."""
    names = (part for part in reversed(PurePosixPath(folder).parts) if part.lower() not in _SAYS_NOTHING)
    return next(names, "")
