"""Two images of one version: which commands build them, and which do not."""

import copy
import threading
from dataclasses import replace

import pytest

from aks_flow.core.command import Result
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed
from aks_flow.gitflow import source
from aks_flow.image import build, build_once, names
from aks_flow.image.keys import tree_key
from tests.unit.several_images.project import SETTINGS, Programs, commit, config, delivery, digest

VERSION = "1.1.0-alpha.0"


def ensure(context, shop):
    return build.ensure(context, source.read(context.run, shop.path, {}))


def keys(shop, settings=SETTINGS) -> dict[str, str]:
    context = replace(delivery(shop), config=config(shop.path, settings))
    origin = source.read(context.run, shop.path, {})
    return {name: tree_key(context, origin, name) for name in ("web", "api")}


def test_both_are_built_as_they_are_configured_and_named_by_one_version(shop):
    context, key = delivery(shop), keys(shop)
    built = ensure(context, shop)
    stamps = "--build-arg=VERSION="
    lines = {line.partition(f" {stamps}")[0] for line in context.run.lines("docker") if " build " in line}
    assert lines == {
        f"docker build --tag=localhost:5000/team/web:{key['web']}",
        f"docker build --tag=localhost:5000/team/api:{key['api']} --target=run"
        f" --build-arg=BASE=localhost:5000/team/debian:12@{digest('debian')}",
    }
    digests = {name: digest(f"team/{name}:{key[name]}") for name in key}
    assert built.any_new and built.images.digest == digests["web"]
    assert built.images.others["api"].digest == digests["api"]
    assert {context.registry.held[f"team/{name}:{built.images.tag}"] for name in key} == set(digests.values())


def test_only_the_image_whose_folder_changed_is_built(shop):
    context = delivery(shop)
    first = ensure(context, shop)
    commit(shop, {"services/api/main": "two"})
    context.run.ran.clear()
    second = ensure(context, shop)
    builds = [line for line in context.run.lines("docker") if " build " in line]
    assert len(builds) == 1 and "/api:" in builds[0]
    assert second.images.digest == first.images.digest and second.images.tag != first.images.tag
    assert second.images.others["api"].digest != first.images.others["api"].digest


def test_a_known_tree_builds_nothing(shop):
    context = delivery(shop)
    ensure(context, shop)
    context.run.ran.clear()
    assert not ensure(context, shop).any_new and context.run.ran == []


def test_a_plan_builds_nothing_and_says_which_one_is_missing(shop):
    context = delivery(shop)
    ensure(context, shop)
    commit(shop, {"services/api/main": "two"})
    context.run.ran.clear()
    planned = build.planned(context, source.read(context.run, shop.path, {}))
    assert planned.digest and not planned.others["api"].digest and not planned.is_published
    assert context.run.ran == []


@pytest.mark.parametrize(
    ("key", "value"),
    [("dockerfile", "Dockerfile.slim"), ("target", "test"), ("args", {"FROM": "runtime"}), ("args", {})],
)
def test_a_key_is_of_all_that_says_how_an_image_is_built(shop, key, value):
    other = copy.deepcopy(SETTINGS)
    other["app"]["images"]["api"][key] = value
    assert keys(shop)["web"] == keys(shop, other)["web"]
    assert keys(shop)["api"] != keys(shop, other)["api"]


def test_another_source_of_a_base_image_is_another_key(shop):
    other = copy.deepcopy(SETTINGS)
    other["images"]["runtime"]["source"] = "debian:13"
    assert keys(shop)["api"] != keys(shop, other)["api"]


class AtOnce(Programs):
    """Each build ends only once the other has begun."""

    def __init__(self):
        super().__init__()
        self.both = threading.Barrier(2, timeout=60)

    def run(self, command):
        if command.argv[:2] == ("docker", "build"):
            self.both.wait()
        return super().run(command)


def test_they_are_built_side_by_side(shop):
    assert ensure(delivery(shop, AtOnce()), shop).any_new


class Failing(Programs):
    """The api's Dockerfile fails."""

    def run(self, command):
        if command.argv[:2] == ("docker", "build") and "/api:" in str(command):
            raise CommandFailed(command, Result(1, b"", b"no such package"))
        return super().run(command)


def test_a_build_that_fails_names_its_dockerfile_and_publishes_nothing(shop):
    context = delivery(shop, Failing())
    with pytest.raises(AksFlowError, match=r"(?s)no such package.*Correct services/api/Dockerfile"):
        ensure(context, shop)
    assert not any("push" in line for line in context.run.lines("docker"))
    assert not any(VERSION in name for name in context.registry.held)


def test_a_missing_context_names_its_own_key(shop):
    settings = copy.deepcopy(SETTINGS)
    settings["app"]["images"]["api"]["context"] = "api"
    with pytest.raises(AksFlowError, match=r"no folder 'api'.*app\.images\.api\.context"):
        keys(shop, settings)


def test_the_whole_repository_can_be_a_context(shop):
    settings = copy.deepcopy(SETTINGS)
    settings["app"]["images"]["web"] = {"context": ".", "dockerfile": "services/web/Dockerfile"}
    context = replace(delivery(shop), config=config(shop.path, settings))
    ensure(context, shop)
    assert any("--file=services/web/Dockerfile" in line for line in context.run.lines("docker"))


def test_a_release_is_moved_by_none_of_them_and_no_tag_is_half_written(shop):
    context = delivery(shop)
    shop.git("checkout", "--quiet", "main")
    context.registry.held["team/web:1.0.0"] = digest("another")
    with pytest.raises(AksFlowError, match="another image under this version"):
        ensure(context, shop)
    assert "team/api:1.0.0" not in context.registry.held


def test_a_version_that_one_of_them_lacks_is_not_published(shop):
    context = delivery(shop)
    tag = ensure(context, shop).image.tag
    published = names.published(context.registry, context.config, tag)
    assert published.others.keys() == {"api"}
    del context.registry.held[f"team/api:{tag}"]
    with pytest.raises(AksFlowError, match=f"team/api: the registry has no version {tag}"):
        names.published(context.registry, context.config, tag)


def test_a_release_says_of_each_image_whether_it_is_built(shop):
    context = delivery(shop)
    shop.git("checkout", "--quiet", "main")
    ensure(context, shop)
    key = keys(shop)["api"]
    context.run.ran.clear()
    del context.registry.held[f"team/api:{key}"]
    decisions = build_once.decide_all(context, source.read(context.run, shop.path, {}))
    assert [(decision.name, bool(decision.digest)) for decision in decisions] == [
        ("web", True),
        ("api", False),
    ]
    assert str(decisions[1]).startswith("1.0.0 of api: to be built")
