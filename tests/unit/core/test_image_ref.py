import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aks_flow.core.image_ref import ImageError, ImageRef

DIGEST = "sha256:" + "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("text", "registry", "repository", "tag", "digest"),
    [
        ("redis", "", "redis", "", ""),
        ("redis:7.4-bookworm", "", "redis", "7.4-bookworm", ""),
        ("library/redis:7", "", "library/redis", "7", ""),
        ("localhost/front", "localhost", "front", "", ""),
        ("localhost:5000/front:1.2", "localhost:5000", "front", "1.2", ""),
        ("localhost:5000/front", "localhost:5000", "front", "", ""),
        ("acme.azurecr.io/team/front:1.2", "acme.azurecr.io", "team/front", "1.2", ""),
        (f"front@{DIGEST}", "", "front", "", DIGEST),
        (f"localhost:5000/front:1.2@{DIGEST}", "localhost:5000", "front", "1.2", DIGEST),
        ("[::1]:5000/front:1", "[::1]:5000", "front", "1", ""),
    ],
)
def test_a_reference_is_taken_apart_and_put_together_again(text, registry, repository, tag, digest):
    image = ImageRef.parse(text)
    assert image == ImageRef(registry, repository, tag, digest)
    assert str(image) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":",
        "Front",
        "front:",
        "front@",
        "front:a b",
        "front@sha256:12",
        "a//b",
        "front:1:2",
        "$(id)",
        "front;id",
    ],
)
def test_what_is_no_reference_is_refused_with_its_text(text):
    with pytest.raises(ImageError):
        ImageRef.parse(text)


NAMES = st.from_regex(r"[a-z0-9]{1,20}(?:[._-][a-z0-9]{1,20}){0,2}", fullmatch=True)
REGISTRIES = st.sampled_from(["", "localhost", "localhost:5000", "acme.azurecr.io", "10.0.0.1:443"])
TAGS = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,20}", fullmatch=True)


@settings(deadline=None)  # the machine may be busy
@given(REGISTRIES, st.lists(NAMES, min_size=1, max_size=3), TAGS | st.just(""), st.sampled_from(["", DIGEST]))
def test_every_reference_survives_the_round_trip(registry, parts, tag, digest):
    if not registry and parts[0] == "localhost":
        parts[0] = "other"
    image = ImageRef(registry, "/".join(parts), tag, digest)
    if not registry and ("." in parts[0]) and len(parts) > 1:
        return  # the grammar itself reads such a first part as a registry
    assert ImageRef.parse(str(image)) == image
