"""A repository's Dockerfiles: what each is built from, and the folder that its build needs."""

import fnmatch
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from aks_flow.adopt.survey.tree import WorkTree, is_within, parent

_NAME = re.compile(
    r"(?:Dockerfile|Containerfile)(?:[.-](?P<after>[\w.-]+))?|(?P<before>[\w.-]+)\.[Dd]ockerfile"
)
_NOT_OURS = {".devcontainer", "node_modules", "vendor", "third_party"}
# Folders between a Dockerfile and the one that is called after the image.
_SAYS_NOTHING = {"src", "docker", "build", "container"}
_ARGUMENT = re.compile(r"\$\{?(\w+)")


@dataclass(frozen=True)
class Dockerfile:
    """A Dockerfile.

    context: the folder that its build needs. names: what its image may be called, best first.
    bases: the images that it begins at, by the build argument that gives it, with the default.
    fixed: those that it names itself.
    """

    path: str
    context: str
    names: tuple[str, ...]
    bases: dict[str, str] = field(default_factory=dict)
    fixed: tuple[str, ...] = ()

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
    bases: dict[str, str] = {}
    defaults: dict[str, str] = {}
    sources: list[str] = []
    fixed, stages = [], set()
    for word, rest in _instructions(tree.text(path)):
        if word == "ARG" and not stages:
            name, _, value = rest.partition("=")
            defaults[name.strip()] = value.strip().strip("\"'")
        elif word == "FROM":
            image, stage = _from(rest)
            argument = _ARGUMENT.match(image)
            if argument and defaults.get(argument[1]):
                bases[argument[1]] = defaults[argument[1]]
            elif image not in stages and image != "scratch" and not argument:
                fixed.append(image)
            stages.add(stage)
        elif word in ("COPY", "ADD"):
            sources += _sources(rest)
    folder = _context(tree, path, sources)
    return Dockerfile(path, folder, _names(tree, path, folder), bases, tuple(fixed))


def _instructions(text: str) -> Iterator[tuple[str, str]]:
    """(instruction in capitals, its words): comments left out, continued lines joined."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    whole = re.sub(r"\\[ \t]*\n", " ", "\n".join(lines))
    for line in whole.splitlines():
        word, _, rest = line.strip().partition(" ")
        if word.isalpha():
            yield word.upper(), rest.strip()


def _from(rest: str) -> tuple[str, str]:
    """The image that a stage begins at, and the stage's name; "" for what is not named."""
    words = [word for word in rest.split() if not word.startswith("--")]
    return (words[0] if words else ""), (words[2] if len(words) > 2 else "")


def _sources(rest: str) -> list[str]:
    """The paths of the context that an instruction copies."""
    if rest.startswith("[") or "<<" in rest:
        rest = "" if "<<" in rest else " ".join(re.findall(r'"([^"]*)"', rest))
    try:
        words = shlex.split(rest)
    except ValueError:  # an open quotation: the build will say so
        return []
    if any(word.startswith("--from") for word in words):
        return []
    paths = [word for word in words if not word.startswith("--")][:-1]
    return [path for path in paths if "://" not in path and "$" not in path]


def _context(tree: WorkTree, path: str, sources: list[str]) -> str:
    """The nearest folder above the file that has all that is copied; its own if none has."""
    own = parent(path)
    folders = [own, *(str(folder) for folder in PurePosixPath(own).parents)]
    return next((folder for folder in folders if _has_all(tree, folder, sources)), own)


def _has_all(tree: WorkTree, folder: str, sources: list[str]) -> bool:
    inside = [str(PurePosixPath(path).relative_to(folder)) for path in tree.files if is_within(path, folder)]
    return all(_is_there(inside, source) for source in sources)


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
