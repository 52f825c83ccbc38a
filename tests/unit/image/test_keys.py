"""The key of an image: what goes in changes it, and nothing else does."""

import copy

import pytest

from aks_flow.core.config.load import load
from aks_flow.core.steps import Silent, Steps
from aks_flow.image import keys
from aks_flow.target.delivery import DeliveryContext
from tests.unit.image.test_build import TREE, source_at
from tests.unit.planned import DIGEST, Planned, Shelf

PINNED, PATCHED = (f"python:3.11@sha256:{letter * 64}" for letter in "12")
COPY = "python:3.11"


@pytest.fixture
def key(settings, tmp_path):
    """The key with a base of this source, where the registry holds these copies."""

    def read(source: str, **held: str) -> str:
        data = copy.deepcopy(settings)
        data["images"]["python"]["source"] = source
        commands = Planned({f"git -C {tmp_path} cat-file --batch-check": f"{TREE} tree 99\n"})
        context = DeliveryContext(commands, Shelf(commands, held), load(data, tmp_path), Steps(Silent()))
        return keys.tree_key(context, source_at(tmp_path), "front")

    return read


def test_another_pin_of_the_base_is_another_image(key):
    assert key(PINNED) == key(PINNED) != key(PATCHED)


def test_a_pin_needs_no_registry(key):
    assert key(PINNED, **{COPY: DIGEST}) == key(PINNED)


def test_of_a_base_without_a_pin_the_copy_s_digest_counts(key):
    patched = "sha256:" + "b" * 64
    assert key(COPY, **{COPY: DIGEST}) == key(COPY, **{COPY: DIGEST}) != key(COPY, **{COPY: patched})


def test_without_a_pin_or_a_copy_the_base_s_name_counts(key):
    assert key(COPY) == key(COPY) != key("python:3.12")


def test_where_nothing_is_asked_of_a_base_the_tree_alone_is_the_key(settings, tmp_path):
    del settings["images"]["python"]
    commands = Planned({f"git -C {tmp_path} cat-file --batch-check": f"{TREE} tree 99\n"})
    context = DeliveryContext(commands, Shelf(commands), load(settings, tmp_path), Steps(Silent()))
    assert keys.tree_key(context, source_at(tmp_path), "front") == f"tree-{TREE[:20]}"
