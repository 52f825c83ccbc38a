"""The keys of invoke.yaml that a page names are there."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import get_args, get_origin, get_type_hints

import pytest

import tasks
from aks_flow.core.config import Config
from tests.markdown import code

ROOT = Path(__file__).resolve().parents[4]
PAGES = [*sorted(ROOT.glob("docs/*.md")), ROOT / "README.md"]
KEY = re.compile(r"[a-z_]+(?:\.\w+)+")
TOP = {field.name for field in fields(Config)}
TASKS = {name for names in tasks.namespace.task_names.items() for name in (names[0], *names[1])}
FILES = (".db", ".md", ".yaml")


def is_key(path: str) -> bool:
    kind: object = Config
    for name in path.split("."):
        if isinstance(get_origin(kind), type) and issubclass(get_origin(kind), Mapping):
            kind = get_args(kind)[-1]
            continue
        kind = next((choice for choice in (kind, *get_args(kind)) if is_dataclass(choice)), None)
        if not kind or name not in get_type_hints(kind):
            return False
        kind = get_type_hints(kind)[name]
    return True


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_key_that_a_page_names_is_one(page):
    named = {text.partition(":")[0] for text in code(page.read_text())}
    keys = {text for text in named if KEY.fullmatch(text) and text.split(".")[0] in TOP}
    assert {key for key in keys - TASKS if not is_key(key) and not key.endswith(FILES)} == set()


def test_a_key_that_is_none_is_found():
    assert is_key("azure.cluster.max_nodes") and is_key("targets.NAME.repository") and is_key("branches.tag")
    assert not is_key("app.render.command") and not is_key("contract.service.name")
