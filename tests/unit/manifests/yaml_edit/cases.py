"""The fixtures: files that are to be edited, and what must come out."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.image_ref import ImageRef
from aks_flow.manifests.images.images import set_image
from aks_flow.manifests.images.listing import images
from aks_flow.manifests.yaml_edit.fields import get, set_scalar
from aks_flow.manifests.yaml_edit.words import set_word

FUNCTIONS = {called.__name__: called for called in (get, images, set_image, set_scalar, set_word)}
FIXTURES = Path(__file__).parent / "fixtures"


@dataclass(frozen=True)
class Case:
    """An edit of a fixture. Line numbers (`lines`, `added`, `removed`) are those of the file before."""

    name: str
    file: str
    call: str
    args: dict
    lines: dict[str, str]
    added: list[tuple[int, str]]
    removed: list[int]

    @property
    def before(self) -> str:
        return (FIXTURES / self.file).read_bytes().decode()

    def edit(self, text: str, where: str = "") -> str:
        return call(self.call, self.args, text, where or self.file)

    @property
    def expected(self) -> str:
        contents, breaks = _lines(self.before)
        for number, content in self.lines.items():
            contents[int(number) - 1] = content
        for place in sorted(self.removed, reverse=True):
            breaks[place - 2 if place == len(contents) else place - 1] = breaks[place - 1]
            del contents[place - 1]
            del breaks[place - 1]
        for place, content in reversed(self.added):
            contents.insert(place, content)
            breaks.insert(place, breaks[place - 1])
            breaks[place - 1] = breaks[place - 1] or breaks[0]
        return "".join(content + end for content, end in zip(contents, breaks, strict=True))


def call(function: str, args: dict, text: str, where: str) -> str:
    if "image" in args:
        args = {**args, "image": ImageRef.parse(args["image"])}
    return FUNCTIONS[function](text, **args, where=where)


def _lines(text: str) -> tuple[list[str], list[str]]:
    """The lines of a text and their line breaks, apart."""
    pieces = re.split(r"(\r\n|\n|\r)", text)
    contents, breaks = pieces[::2], [*pieces[1::2], ""]
    return (contents[:-1], breaks[:-1]) if not contents[-1] else (contents, breaks)


def load_cases() -> list[Case]:
    table = tomllib.loads((FIXTURES / "edits.toml").read_text("utf-8"))["case"]
    return [Case(**{"lines": {}, "added": [], "removed": [], **case}) for case in table]
