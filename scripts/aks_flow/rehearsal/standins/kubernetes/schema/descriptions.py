"""What the fields of the built-in kinds mean: the API's own words, as the `kubernetes` package carries them.

They are read from its files when somebody asks; importing it would take a second. Without it there are none.
"""

import ast
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

_FIELD = re.compile(r'^    (\w+): .*?\bdescription=("(?:[^"\\]|\\.)*")', re.M)
_ALIAS = re.compile(r'serialization_alias="([^"]+)"')
_CLASS = re.compile(r'^class \w+\(BaseModel\):\n    """\n    (.+)\n', re.M)


class Words(NamedTuple):
    """about: the model itself, "" if nothing is said. fields: by their JSON name."""

    about: str
    fields: dict[str, str]


@cache
def of(model: str) -> Words:
    """model: ``apps/v1.DeploymentSpec``."""
    group, _, name = model.partition("/")
    version, _, kind = name.partition(".")
    snake = _snake(f"{version.title()}{kind}")
    for file in (f"{group}_{snake}.py", f"{snake}.py"):
        if _folder() and (_folder() / file).is_file():
            return _words((_folder() / file).read_text())
    return Words("", {})


@cache
def _folder() -> Path | None:
    package = find_spec("kubernetes")
    return Path(package.origin).parent / "client" / "models" if package and package.origin else None


def _words(text: str) -> Words:
    about, fields = _CLASS.search(text), {}
    for field in _FIELD.finditer(text):
        alias = _ALIAS.search(field[0])
        fields[alias[1] if alias else field[1]] = ast.literal_eval(field[2])
    return Words(about[1].strip() if about else "", fields)


def _snake(name: str) -> str:
    """``V1HTTPGetAction`` -> ``v1_http_get_action``."""
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z0-9])([A-Z])", r"\1_\2", name).lower()
