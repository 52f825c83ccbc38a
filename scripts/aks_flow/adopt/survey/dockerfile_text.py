"""What a Dockerfile's text says: its stages, the images that they begin at, and what it copies."""

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

# $NAME, ${NAME} or ${NAME:-default}
_ARGUMENT = re.compile(r"\$(?:(?P<plain>\w+)|\{(?P<name>\w+)(?::?-(?P<default>[^}]*))?\})")
_FROM_STAGE = re.compile(r"\bfrom=([\w.-]+)")


@dataclass
class DockerfileText:
    """bases: the images that are a build argument, by its name. fixed: those that are written there.

    sources: the paths of the context that it copies. stages: by name, with whether another one needs it; the
    last may have none.
    """

    bases: dict[str, str] = field(default_factory=dict)
    fixed: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    stages: dict[str, bool] = field(default_factory=dict)

    @property
    def ends(self) -> list[str]:
        """The stages that no other needs: each may be an image of its own."""
        return [name for name, is_needed in self.stages.items() if not is_needed]


def read(text: str) -> DockerfileText:
    found, defaults = DockerfileText(), dict[str, str]()
    for word, rest in _instructions(text):
        if word == "ARG" and not found.stages:
            defaults |= _defaults(rest, defaults)
        elif word == "FROM":
            _begin(found, rest, defaults)
        else:
            for stage in _FROM_STAGE.findall(rest) if word in ("COPY", "ADD", "RUN") else ():
                _need(found, stage)
            found.sources += _sources(rest) if word in ("COPY", "ADD") else ()
    return found


def _begin(found: DockerfileText, rest: str, defaults: Mapping[str, str]) -> None:
    words = [word for word in rest.split() if not word.startswith("--")]
    written = words[0] if words else ""
    image, argument = _expanded(written, defaults), _ARGUMENT.fullmatch(written)
    if image.lower() in found.stages:
        _need(found, image)
    elif argument and image and "$" not in image:
        found.bases[argument["plain"] or argument["name"]] = image
    elif image not in ("", "scratch") and "$" not in image:
        found.fixed.append(image)
    found.stages.pop("", None)
    found.stages[words[2].lower() if len(words) > 2 else ""] = False


def _need(found: DockerfileText, stage: str) -> None:
    if stage.lower() in found.stages:
        found.stages[stage.lower()] = True


def _defaults(rest: str, known: Mapping[str, str]) -> dict[str, str]:
    """Those that an ARG gives; a later one may be made of an earlier one."""
    pairs = (word.partition("=") for word in _words(rest))
    return {name: _expanded(value, known) for name, _, value in pairs}


def _expanded(text: str, defaults: Mapping[str, str]) -> str:
    """With its arguments' defaults; an argument that has none stays as it is written."""

    def value(match: re.Match[str]) -> str:
        return defaults.get(match["plain"] or match["name"]) or match["default"] or match[0]

    return _ARGUMENT.sub(value, text)


def _instructions(text: str) -> Iterator[tuple[str, str]]:
    """(instruction in capitals, its words): comments left out, continued lines joined."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    whole = re.sub(r"\\[ \t]*\n", " ", "\n".join(lines))
    for line in whole.splitlines():
        word, _, rest = line.strip().partition(" ")
        if word.isalpha():
            yield word.upper(), rest.strip()


def _sources(rest: str) -> list[str]:
    """The paths of the context that an instruction copies."""
    if rest.startswith("[") or "<<" in rest:
        rest = "" if "<<" in rest else " ".join(re.findall(r'"([^"]*)"', rest))
    words = _words(rest)
    if any(word.startswith("--from") for word in words):
        return []
    paths = [word for word in words if not word.startswith("--")][:-1]
    return [path for path in paths if "://" not in path and "$" not in path]


def _words(rest: str) -> list[str]:
    try:
        return shlex.split(rest)
    except ValueError:  # an open quotation: the build will say so
        return []
