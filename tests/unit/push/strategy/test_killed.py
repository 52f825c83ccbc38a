"""Killed before any change, a strategy is gone on with, or given up, and somebody serves all the time."""

import copy
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from aks_flow.core.config.load import load
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.steps import Silent, Steps
from aks_flow.manifests import render
from aks_flow.push.apply import apply_plan
from aks_flow.push.plan import PushPlan
from aks_flow.push.strategy import cluster_state, parts
from aks_flow.push.strategy.names import BLUE_GREEN, CANARY, ROLLING
from aks_flow.push.strategy.run import choose_strategy, run_strategy
from aks_flow.push.strategy.twins import TRACK
from aks_flow.push.verify import verify
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import resources
from tests.unit.push.strategy.cluster import Cluster, Killed

ROOT = Path(__file__).resolve().parents[4]
DIGEST = "sha256:" + "a" * 64
APP = yaml.safe_load("""
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: other}
- apiVersion: v1
  kind: Service
  metadata: {name: front}
  spec: {selector: {app: front}, ports: [{name: http, port: 80}]}
- apiVersion: apps/v1
  kind: Deployment
  metadata: {name: front}
  spec:
    selector: {matchLabels: {app: front}}
    template:
      metadata: {labels: {app: front}}
      spec: {containers: [{name: front, image: x, readinessProbe: {}}]}
- apiVersion: autoscaling/v2
  kind: HorizontalPodAutoscaler
  metadata: {name: front}
  spec: {scaleTargetRef: {kind: Deployment, name: front}}
""")


def image(version: str) -> ImageRef:
    return ImageRef("registry", "front", version, DIGEST)


def plan(version: str) -> PushPlan:
    objects = copy.deepcopy(APP)
    objects[2]["spec"]["template"]["spec"]["containers"][0]["image"] = str(image(version))
    return PushPlan("dev", "vote-dev", image(version), resources.documents(objects))


@pytest.fixture
def deliver(tmp_path):
    """Brings a version to a cluster by a strategy."""
    settings = load(yaml.safe_load((ROOT / "invoke.yaml").read_text()), tmp_path)
    settings = replace(settings, canary=replace(settings.canary, seconds=0))

    def run(cluster: Cluster, version: str, strategy: str) -> bool:
        """Whether it is done; False if its green waits."""
        context = DeliveryContext(cluster, None, settings, Steps(Silent()))
        chosen = choose_strategy(context, plan(version), strategy)
        if chosen:
            return run_strategy(context, plan(version), chosen) is not None
        return verify(context, plan(version), apply_plan(context, plan(version))) is not None

    run.settings = settings
    return run


@pytest.fixture
def old(deliver):
    """Makes a cluster with the old version; its changes are counted from here."""

    def make(kill_at: int = 0) -> Cluster:
        cluster = Cluster()
        deliver(cluster, "1.0.0", ROLLING)
        cluster.changes, cluster.served, cluster.kill_at = 0, [], kill_at
        return cluster

    return make


def alone(cluster: Cluster, version: str) -> None:
    """Only this version is there, and everything leads to it."""
    assert cluster.versions("front") == {str(image(version))}
    assert [item["metadata"]["name"] for item in cluster.deployments()] == ["front"]
    assert ("Service", "front-green") not in cluster.objects
    assert cluster.objects["Service", "front"]["spec"]["selector"] == {"app": "front"}
    assert cluster.objects["HorizontalPodAutoscaler", "front"]["spec"]["scaleTargetRef"]["name"] == "front"


def killed_everywhere(old, deliver, strategy: str):
    """A cluster for each change before which a run of the strategy can be killed."""
    whole = old()
    deliver(whole, "2.0.0", strategy)
    assert whole.changes > 3
    for change in range(1, whole.changes + 1):
        cluster = old(kill_at=change)
        with pytest.raises(Killed):
            deliver(cluster, "2.0.0", strategy)
        yield cluster


def test_a_canary_that_was_killed_anywhere_is_gone_on_with(old, deliver):
    for cluster in killed_everywhere(old, deliver, CANARY):
        assert deliver(cluster, "2.0.0", CANARY)
        alone(cluster, "2.0.0")
        assert all(cluster.served)


def test_a_green_that_was_killed_anywhere_is_gone_on_with_and_promoted(old, deliver):
    for cluster in killed_everywhere(old, deliver, BLUE_GREEN):
        assert not deliver(cluster, "2.0.0", BLUE_GREEN)
        assert cluster.versions("front") == {str(image("2.0.0"))}
        blue = cluster.objects["Deployment", "front"]["spec"]["template"]["spec"]["containers"][0]
        assert blue["image"] == str(image("1.0.0"))
        assert deliver(cluster, "2.0.0", ROLLING)
        alone(cluster, "2.0.0")
        assert all(cluster.served)


def test_until_the_switch_nobody_is_served_by_green_and_then_nobody_by_blue(old, deliver):
    cluster = old()
    deliver(cluster, "2.0.0", BLUE_GREEN)
    assert [len(versions) for versions in cluster.served] == [1] * len(cluster.served)
    cluster.served = []
    deliver(cluster, "2.0.0", ROLLING)
    assert set.union(*cluster.served) == {str(image("2.0.0"))}


@pytest.mark.parametrize("strategy", [CANARY, BLUE_GREEN])
@pytest.mark.parametrize("following", [ROLLING, CANARY, BLUE_GREEN])
def test_what_was_killed_gives_way_to_another_version_by_any_strategy(old, deliver, strategy, following):
    for cluster in killed_everywhere(old, deliver, strategy):
        selector = cluster.objects["Service", "front"]["spec"]["selector"]
        if selector.get(TRACK) and following != ROLLING:
            continue  # it serves from its green, and waits: that is refused
        cluster.served = []
        done = deliver(cluster, "3.0.0", following)
        if strategy == BLUE_GREEN and not selector.get(TRACK):
            assert str(image("2.0.0")) not in set.union(*cluster.served)
        assert done == (following != BLUE_GREEN)
        if not done:
            assert deliver(cluster, "3.0.0", ROLLING)
        alone(cluster, "3.0.0")
        assert all(cluster.served)


@pytest.mark.parametrize("strategy", [CANARY, BLUE_GREEN])
def test_what_was_killed_anywhere_is_taken_away_and_the_old_version_serves(old, deliver, strategy):
    for cluster in killed_everywhere(old, deliver, strategy):
        rolled = cluster.objects["Deployment", "front"]["spec"]["template"]["spec"]["containers"][0]["image"]
        context = DeliveryContext(cluster, None, deliver.settings, Steps(Silent()))
        own = parts.split(render.documents(plan("2.0.0").manifest), "front")
        cluster.served = []
        cluster_state.pull_back(context, "dev", cluster_state.read(context, "dev", own))
        alone(cluster, rolled.partition("@")[0].rpartition(":")[2])
        assert all(cluster.served)


@pytest.mark.parametrize("strategy", [CANARY, BLUE_GREEN])
def test_a_strategy_without_an_old_version_is_a_rolling_update(deliver, strategy):
    cluster = Cluster()
    assert deliver(cluster, "1.0.0", strategy)
    alone(cluster, "1.0.0")


def test_killed_while_promoting_it_is_promoted_by_the_next_run(old, deliver):
    whole = old()
    deliver(whole, "2.0.0", BLUE_GREEN)
    whole.changes = 0
    deliver(whole, "2.0.0", ROLLING)
    for change in range(1, whole.changes + 1):
        cluster = old()
        deliver(cluster, "2.0.0", BLUE_GREEN)
        cluster.changes, cluster.kill_at = 0, change
        with pytest.raises(Killed):
            deliver(cluster, "2.0.0", ROLLING)
        assert deliver(cluster, "2.0.0", ROLLING)
        alone(cluster, "2.0.0")
        assert all(cluster.served)
