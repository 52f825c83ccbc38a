"""Images listed and set: a table of cases, each of a class of places."""

import pytest

from aks_flow.core.image_ref import ImageRef
from aks_flow.manifests.images.images import set_image
from aks_flow.manifests.images.listing import Listing, Standing, images
from tests.unit.manifests.classes.table import cases, refused

MARKS = {Standing.UNDERSTOOD: "", Standing.UNKNOWN: " ?", Standing.WRONG: " !"}


def shown(row: Listing) -> str:
    return f"{row.line} {row.written}{MARKS[row.standing]}"


@pytest.mark.parametrize("case", cases("images.toml"))
def test_every_image_is_listed_and_so_is_what_looks_like_one(case):
    assert [shown(row) for row in images(case["text"], where="m.yaml")] == case["rows"]


@pytest.mark.parametrize("case", [case for case in cases("images.toml") if "set" in case.values[0]])
def test_an_image_is_set_where_it_is_mentioned_or_the_refusal_says_where_it_comes_from(case):
    name, image = case["set"]["name"], ImageRef.parse(case["set"]["image"])

    def edit(text: str) -> str:
        return set_image(text, name, image, where="m.yaml")

    if "says" in case:
        refused(case, lambda: edit(case["text"]))
    else:
        assert edit(case["text"]) == case["result"]
        assert edit(case["result"]) == case["result"]
        assert str(image) in [str(row.image) for row in images(case["result"])]
