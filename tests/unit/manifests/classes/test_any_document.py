"""Any document is listed, read and edited, or refused in a sentence (long: docs/manifest-edits.md)."""

import os
from random import Random

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aks_flow.core.image_ref import ImageRef
from aks_flow.manifests.images.images import set_image
from aks_flow.manifests.images.listing import images
from aks_flow.manifests.yaml_edit.errors import EditError
from aks_flow.manifests.yaml_edit.fields import get
from aks_flow.manifests.yaml_edit.find import path_to
from aks_flow.manifests.yaml_edit.nodes import Scalar, YamlNode
from aks_flow.manifests.yaml_edit.source import LOADER, read
from aks_flow.manifests.yaml_edit.spelling import ScalarKind
from aks_flow.manifests.yaml_edit.words import set_word
from tests.unit.manifests.classes.generated import Generator

EXAMPLES = int(os.environ.get("AKSFLOW_DOCUMENTS", "300"))
SEEDS = st.integers(0, 2**64 - 1)
IMAGE = ImageRef.parse(f"localhost:5000/front:1.2.3@sha256:{'b' * 64}")
WORDS = ("front", "3", "0600", "true", "no", "1e3", "null", "", "2024-01-01", "a: b", "é", "1.10")
drawn = settings(max_examples=EXAMPLES, database=None)


def scalars(node: YamlNode) -> list[Scalar]:
    own = [node] if isinstance(node, Scalar) and node.key is not None else []
    return own + [leaf for child in node.children() for leaf in scalars(child)]


def apart(text: str) -> tuple[list[str], list[str]]:
    """The scalars of a text as they are written, and what stands between them."""
    body = text.removeprefix("\ufeff")
    events = [event for event in yaml.parse(body, Loader=LOADER) if isinstance(event, yaml.ScalarEvent)]
    written, between, done = [], [], 0
    for event in events:
        between.append(body[done : event.start_mark.index])
        written.append(body[event.start_mark.index : event.end_mark.index])
        done = event.end_mark.index
    return written, [*between, body[done:]]


def _may_change(line: str) -> bool:
    """Whether a reference or a part of one may stand in a line to which something is added."""
    return any(
        key in line.lower() for key in ("image", "name", "new", "tag", "digest", "repository", "registry")
    )


def assert_same_but_for_scalars(before: str, after: str) -> None:
    """Only whole scalars differ: written anew, filled in behind their key, added with a key, or removed."""
    (old, old_between), (new, new_between) = apart(before), apart(after)
    if len(old) == len(new):
        pairs = zip(old, new, strict=True)
        filled = any(not was and now for was, now in pairs)
        assert "".join(old_between) == "".join(new_between) or filled
        return
    kept = [line for line in before.splitlines() if not _may_change(line)]
    assert [line for line in kept if line not in after.splitlines()] == []


def assert_only_one_span_differs(before: str, after: str, node: Scalar) -> None:
    start = node.start + before.startswith("\ufeff")
    end = node.end + before.startswith("\ufeff")
    if node.is_empty:  # filled in behind its colon, which stands before it
        start = before.rfind(":", 0, start) + 1 or start
    assert after.startswith(before[: min(start, end)]) and after.endswith(before[max(start, end) :])


@drawn
@given(SEEDS)
def test_any_document_s_images_are_listed_and_set_or_refused(seed):
    text = Generator(seed).text()
    try:
        rows = images(text, where="m.yaml")
    except EditError as error:
        assert "\n" not in str(error)
        return
    for row in rows:
        assert row.line <= text.count("\n") + 1 and row.written and (row.image is None or str(row.image))
        try:
            edited = set_image(text, row.image.name if row.image else row.path, IMAGE, where="m.yaml")
        except EditError as error:
            assert "\n" not in str(error) or "\n" in row.path
        else:
            assert_same_but_for_scalars(text, edited)
            assert IMAGE in [row.image for row in images(edited)]


@drawn
@given(SEEDS)
def test_any_document_s_values_are_read_and_set_or_refused(seed):
    text, random = Generator(seed).text(), Random(seed)
    try:
        source = read(text, "m.yaml")
    except EditError:
        return
    leaves = [leaf for document in source.documents for leaf in scalars(document.root)]
    for node in random.sample(leaves, min(4, len(leaves))):
        path, kind = path_to(source, node), random.choice((None, None, *ScalarKind))
        try:
            get(text, path)
            edited = set_word(text, path, random.choice(WORDS), kind, where="m.yaml")
        except EditError as error:
            assert "\n" not in str(error) or "\n" in path
        else:
            assert_only_one_span_differs(text, edited, node)


def test_most_of_what_is_drawn_is_yaml_with_images():
    listed = 0
    for seed in range(100):
        try:
            listed += bool(images(Generator(seed).text()))
        except EditError:
            continue
    assert listed >= 50
