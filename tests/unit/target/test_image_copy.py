"""An image from registry to registry, between two that are as strict as the specification lets them be."""

import pytest

from aks_flow.core.image_ref import ImageRef
from aks_flow.target.image_copy import HeldImage, copy
from aks_flow.target.registry import RegistryClient
from aks_flow.target.registry_http import RegistryError
from tests.unit.target.registry_server import IMAGE, StrictRegistry

ORIGIN, COPY = "team/web", "shop/web"
TAG = "1.5.0"


@pytest.fixture
def home():
    with StrictRegistry().serving() as registry:
        yield registry


@pytest.fixture
def away():
    with StrictRegistry().serving() as registry:
        yield registry


def copied(home: StrictRegistry, away: StrictRegistry, digest: str, tag: str = TAG) -> bool:
    original = HeldImage(RegistryClient(home.host), ImageRef(home.host, ORIGIN, tag, digest))
    return copy(original, RegistryClient(away.host), ImageRef(away.host, COPY, tag))


def one_image(registry: StrictRegistry) -> dict:
    return registry.add_image(ORIGIN, "linux", TAG)


def an_index(registry: StrictRegistry) -> dict:
    return registry.add_index(ORIGIN, TAG, "amd64", "arm64", "provenance")


def an_index_of_indexes(registry: StrictRegistry) -> dict:
    inner = registry.add_index(ORIGIN, "", "amd64", "arm64")
    content = {"schemaVersion": 2, "mediaType": inner["mediaType"], "manifests": [inner]}
    return registry.add_manifest(ORIGIN, content, TAG)


@pytest.mark.parametrize("make", [one_image, an_index, an_index_of_indexes])
@pytest.mark.parametrize("settings", [{}, {"tokens": True}, {"elsewhere": True}], ids=str)
def test_all_that_an_image_is_made_of_is_there_afterwards_byte_for_byte(make, settings):
    with StrictRegistry(**settings).serving() as home, StrictRegistry(**settings).serving() as away:
        digest = make(home)["digest"]
        assert copied(home, away, digest)
        assert away.repositories[COPY] == home.repositories[ORIGIN]
        assert away.repositories[COPY].tags == {TAG: digest}


def test_what_is_there_is_not_sent_again(home, away):
    digest = an_index(home)["digest"]
    assert copied(home, away, digest)
    away.asked.clear()
    assert not copied(home, away, digest)
    assert away.asked == [("HEAD", f"/v2/{COPY}/manifests/{TAG}")]


def test_a_broken_off_copy_goes_on_with_what_is_missing(home, away):
    digest = an_index(home)["digest"]
    assert copied(home, away, digest)
    tags, blobs = away.repositories[COPY].tags, away.repositories[COPY].blobs
    tags.clear()
    missing = blobs.pop(next(iter(blobs)))
    away.asked.clear()
    assert copied(home, away, digest)
    assert missing in blobs.values()
    assert [method for method, path in away.asked if "/uploads/" in path] == ["POST", "PUT"]


@pytest.mark.parametrize(("mounts", "sent"), [(True, 0), (False, 2)])
def test_within_one_registry_nothing_is_sent_where_it_can_be_mounted(mounts, sent):
    with StrictRegistry(mounts=mounts).serving() as registry:
        digest = one_image(registry)["digest"]
        assert copied(registry, registry, digest)
        puts = [path for method, path in registry.asked if method == "PUT" and "/uploads/" in path]
        assert len(puts) == sent and len(registry.repositories[COPY].blobs) == 2


def test_a_layer_that_may_not_be_passed_on_stays_where_it_is(home, away):
    foreign = {"mediaType": "x.foreign", "digest": "sha256:" + "f" * 64, "size": 9, "urls": ["https://x/"]}
    layer, settings = home.add_blob(ORIGIN, b"layer"), home.add_blob(ORIGIN, b"{}")
    content = {"schemaVersion": 2, "mediaType": IMAGE, "config": settings, "layers": [layer, foreign]}
    assert copied(home, away, home.add_manifest(ORIGIN, content, TAG)["digest"])


def blob(registry: StrictRegistry) -> str:
    return next(iter(registry.repositories[ORIGIN].blobs))


def test_a_damaged_layer_or_one_cut_short_is_refused_and_no_tag_is_set(home, away):
    digest, layer = one_image(home)["digest"], blob(home)
    whole = home.repositories[ORIGIN].blobs[layer]
    for content, why in ((whole[:-1] + b"!", "has another digest"), (whole[:9], "ends too soon")):
        home.damaged[layer] = content
        with pytest.raises(RegistryError, match=f"blob {layer} is damaged: it {why}"):
            copied(home, away, digest)
    assert not away.repositories[COPY].tags and not away.repositories[COPY].manifests


def test_a_manifest_of_another_digest_is_refused(home, away):
    digest = one_image(home)["digest"]
    home.damaged[digest] = b"{}"
    with pytest.raises(RegistryError, match="gives other bytes than sha256:"):
        copied(home, away, digest)


def test_a_registry_that_loses_a_layer_is_found_out(home, away):
    digest = one_image(home)["digest"]
    away.lost.add(blob(home))
    with pytest.raises(RegistryError, match=f"not all of the image was copied: {blob(home)} is not there"):
        copied(home, away, digest)


def test_a_missing_image_and_a_missing_layer_are_sentences(home, away):
    with pytest.raises(RegistryError, match="the registry does not hold this image"):
        copied(home, away, "sha256:" + "0" * 64)
    digest, layer = one_image(home)["digest"], blob(home)
    del home.repositories[ORIGIN].blobs[layer]
    with pytest.raises(RegistryError, match=f"the registry lacks its blob {layer}"):
        copied(home, away, digest)


def test_a_release_is_never_another_image_and_a_candidate_may_be(home, away):
    first, second = (home.add_image(ORIGIN, name)["digest"] for name in ("first", "second"))
    for tag in (TAG, "1.5.0-rc.1"):
        assert copied(home, away, first, tag)
    assert copied(home, away, second, "1.5.0-rc.1")
    with pytest.raises(RegistryError, match="another image under this version.*release the next one"):
        copied(home, away, second)
    assert away.repositories[COPY].tags[TAG] == first
