"""Fifty services: what a plan asks for does not grow with them, but in what is asked at once.

What is counted takes the time of a plan: the commands, and the rounds in which the registry is asked.
"""

import copy
import math
import threading
from collections import Counter

import pytest

from aks_flow.core.command import Command, Result
from aks_flow.core.config.load import load
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.side_by_side import AT_ONCE
from aks_flow.core.steps import Silent, Steps
from aks_flow.gitflow import source
from aks_flow.image import build
from aks_flow.push.planning import read_plan
from aks_flow.push.request import PushRequest
from aks_flow.target.delivery import DeliveryContext
from aks_flow.target.registry_http import RegistryAnswer
from tests.unit.gitflow.repository import Repository
from tests.unit.several_images import project
from tests.unit.several_images.project import SETTINGS, WEB, Programs, commit, digest, overlay

MANY = 50


def named(count: int) -> list[str]:
    return ["web", *(f"service-{number}" for number in range(1, count))]


def settings(names: list[str]) -> dict:
    made = copy.deepcopy(SETTINGS)
    made["app"]["images"] = {name: {"context": f"services/{name}"} for name in names}
    return made


def shop_of(repository: Repository, names: list[str]) -> None:
    deployments = {f"deploy/base/{name}.yaml": WEB.replace("web", name) for name in names}
    files = [file.rpartition("/")[2] for file in deployments]
    contexts = {f"services/{name}/Dockerfile": f"FROM scratch\nLABEL name={name}\n" for name in names}
    kustomization = {"deploy/base/kustomization.yaml": f"resources: [{', '.join(files)}]\n"}
    pins = {"deploy/overlays/dev/kustomization.yaml": overlay("shop-dev", *names)}
    commit(repository, contexts | deployments | kustomization | pins)


class Crowd:
    """A registry that has all, and answers only once as many ask as may: the width of each round is seen."""

    def __init__(self, expected: int):
        self.expected, self.asked, self.tagged = expected, [], []
        self._changed, self._inside, self.widest = threading.Condition(), 0, 0

    def digest(self, image: ImageRef) -> str:
        with self._changed:
            self.asked.append(str(image))
            self._inside += 1
            self.widest = max(self.widest, self._inside)
            self._changed.notify_all()
            self._changed.wait_for(lambda: self.widest >= self.expected, timeout=30)
            self._inside -= 1
        return digest(image.repository)

    def manifest(self, image: ImageRef) -> RegistryAnswer:
        return RegistryAnswer(200, {}, b"{}")

    def tag(self, image: ImageRef, tag: str) -> None:
        self.tagged.append(image)

    @property
    def rounds(self) -> int:
        return math.ceil(len(self.asked) / self.widest)


class Counted(Programs):
    """Counts all programs that run, git and kustomize among them."""

    def __init__(self):
        super().__init__()
        self.count = Counter()

    def run(self, asked: Command) -> Result:
        words = [word for word in asked.argv[1:] if not word.startswith(("-", "/"))]
        self.count[asked.argv[0], words[0]] += 1
        return super().run(asked)


def delivery(shop: Repository, count: int) -> DeliveryContext:
    names = named(count)
    shop_of(shop, names)
    config = load(settings(names), shop.path)
    return DeliveryContext(Counted(), Crowd(min(count, AT_ONCE)), config, Steps(Silent()))


@pytest.fixture
def counted(shop, tmp_path):
    def of(count: int, act) -> DeliveryContext:
        context = delivery(project.make(tmp_path / f"shop-{count}"), count)
        act(context)
        return context

    return of


def plan(context: DeliveryContext) -> None:
    assert not read_plan(context, PushRequest("dev")).new_image


def ensure(context: DeliveryContext) -> None:
    built = build.ensure(context, source.read(context.run, context.config.root, {}))
    assert not built.any_new and len(built.images.members) == len(context.config.app.built_images)


@pytest.mark.parametrize("act", [plan, ensure])
def test_fifty_services_take_the_programs_of_one_and_twice_its_rounds_at_most(counted, act):
    alone, together = counted(1, act), counted(MANY, act)
    assert together.run.count == alone.run.count
    assert together.registry.widest == AT_ONCE
    assert together.registry.rounds <= 2 * alone.registry.rounds


def test_each_image_is_asked_for_once_in_a_plan(counted):
    asked = Counter(counted(MANY, plan).registry.asked)
    assert max(asked.values()) == 1 and len(asked) == MANY + len(SETTINGS["images"])


def test_nothing_is_tagged_that_has_the_version_already(counted):
    assert counted(MANY, ensure).registry.tagged == []
