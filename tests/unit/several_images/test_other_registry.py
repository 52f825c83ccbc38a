"""An environment whose registry is another one than where images are published: they go there by digest."""

import copy
from dataclasses import replace

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.steps import Silent, Steps
from aks_flow.gitflow import source
from aks_flow.gitops import deliver, promote
from aks_flow.gitops.branch.branch import open_branch
from aks_flow.gitops.branch.init import init_branch
from aks_flow.gitops.outcome import WRITTEN
from aks_flow.image import build, keys
from aks_flow.push.artifacts import build_artifacts, read_artifacts
from aks_flow.push.request import PushRequest
from aks_flow.target.delivery import DeliveryContext
from aks_flow.target.registry import RegistryClient
from tests.unit.several_images.project import SETTINGS, Programs, config
from tests.unit.several_images.test_gitops import written
from tests.unit.target.registry_server import StrictRegistry

RELEASE = "1.0.0"
NAMES = ("web", "api")


@pytest.fixture
def home():
    with StrictRegistry().serving() as registry:
        for repository, tag in (("team/debian", "12"), ("team/postgres", "16")):
            registry.add_image(repository, repository, tag)
        yield registry


@pytest.fixture
def away():
    with StrictRegistry().serving() as registry:
        yield registry


@pytest.fixture
def published(shop, home, away) -> DeliveryContext:
    """What images are published with; those of the release are there already, under their keys."""
    settings = copy.deepcopy(SETTINGS)
    settings["targets"] |= {
        "here": {"registry": f"{home.host}/team"},
        "away": {"registry": f"{away.host}/live"},
    }
    settings["environments"]["production"]["target"] = "away"
    read = config(shop.path, settings)
    context = DeliveryContext(Programs(), RegistryClient(home.host), read, Steps(Silent()))
    shop.git("checkout", "--quiet", "main")
    origin = source.read(context.run, shop.path, {})
    for name in NAMES:
        home.add_image(f"team/{name}", name, keys.tree_key(context, origin, name))
    return context


@pytest.fixture
def production(published, away) -> DeliveryContext:
    there = published.config.of("production")
    return replace(published, registry=RegistryClient(away.host), config=there, publishing=lambda: published)


def publish(context: DeliveryContext) -> ImageRef:
    return build.ensure(context, source.read(context.run, context.config.root, {})).images


def digests(image: ImageRef) -> list[str]:
    return [member.digest for member in image.members]


def changing(registry: StrictRegistry) -> list[tuple[str, str]]:
    return [(method, path) for method, path in registry.asked if method not in ("GET", "HEAD")]


def test_a_push_builds_and_publishes_at_home_and_brings_all_images_along(published, production, home, away):
    artifacts = build_artifacts(production, PushRequest("production"))
    assert [str(member).partition("@")[0] for member in artifacts.image.members] == [
        f"{away.host}/live/{name}:{RELEASE}" for name in NAMES
    ]
    assert digests(artifacts.image) == digests(publish(published))
    for name in (*NAMES, "debian", "postgres"):
        assert away.repositories[f"live/{name}"].blobs == home.repositories[f"team/{name}"].blobs
    assert all(there.digest and away.host in str(there) for there in artifacts.copies.values())
    assert published.run.lines("docker") == []


def test_a_plan_names_them_as_they_will_be_called_and_changes_no_registry(production, home, away):
    planned = read_artifacts(production, PushRequest("production"))
    assert planned.image.is_published and not planned.new and str(planned.image).startswith(away.host)
    assert changing(home) == changing(away) == []


def test_a_version_comes_from_where_it_was_published_and_once_it_is_there_from_there(
    published, production, home, away
):
    image, request = publish(published), PushRequest("production", RELEASE)
    assert digests(build_artifacts(production, request).image) == digests(image)
    home.asked.clear()
    away.asked.clear()
    assert digests(build_artifacts(production, request).image) == digests(image)
    assert home.asked == [] and changing(away) == []


def test_other_bytes_than_were_told_are_not_copied(published, production, away):
    publish(published)
    with pytest.raises(AksFlowError, match="was published"):
        build_artifacts(production, PushRequest("production", RELEASE, "sha256:" + "0" * 64))
    assert changing(away) == []


def test_a_version_that_was_never_published_is_refused_by_the_registry_that_would_have_it(production, home):
    with pytest.raises(AksFlowError, match=f"{home.host}/team/web: the registry has no version 9.9.9"):
        build_artifacts(production, PushRequest("production", "9.9.9"))


@pytest.fixture
def branch(shop, published):
    remote = shop.path.parent / "remote.git"
    shop.git("init", "--quiet", "--bare", remote)
    shop.git("remote", "set-url", "origin", remote)
    shop.git("push", "--quiet", "origin", "main", "develop", "v1.0.0")
    init_branch(open_branch(published.run, published.config))


@pytest.mark.usefixtures("branch")
def test_a_promotion_copies_the_images_and_pins_what_they_are_called_there(published, production, shop, away):
    image = publish(published)
    deliver.deliver(published, "dev")
    promotion = promote.read(production, "dev", "production", published)
    assert promote.write(promotion).status == WRITTEN
    assert digests(promotion.image) == digests(image)
    pins = written(shop, "production")
    assert pins["web"] == f"{away.host}/live/web:{RELEASE}@{image.digest}"
    assert pins["store"].startswith(f"{away.host}/live/postgres:16@sha256:")
    assert away.repositories["live/api"].tags == {RELEASE: image.others["api"].digest}


@pytest.mark.usefixtures("branch")
def test_a_dry_promotion_copies_nothing(published, production, away):
    publish(published)
    deliver.deliver(published, "dev")
    dry = replace(production, dry=True)
    promote.write(promote.read(dry, "dev", "production", published), dry=True)
    assert changing(away) == []


@pytest.mark.usefixtures("branch")
def test_the_newest_release_is_looked_for_where_images_are_published(published, production, shop, away):
    image = publish(published)
    assert deliver.deliver(production, "production").status == WRITTEN
    assert written(shop, "production")["web"] == f"{away.host}/live/web:{RELEASE}@{image.digest}"
