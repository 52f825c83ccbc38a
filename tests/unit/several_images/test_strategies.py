"""A strategy is for the Deployment that answers; the other image's is delivered before it."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from aks_flow.core.image_ref import ImageRef, with_others
from aks_flow.core.steps import Silent, Steps
from aks_flow.push.apply import apply_plan
from aks_flow.push.plan import PushPlan
from aks_flow.push.strategy.names import BLUE_GREEN, CANARY, ROLLING
from aks_flow.push.strategy.run import choose_strategy, run_strategy
from aks_flow.push.verify import verify
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import resources
from tests.unit.push.strategy.cluster import Cluster
from tests.unit.several_images.project import API, REGISTRY, WEB, config, digest

SERVICE = """apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
"""


def image(name: str, version: str) -> ImageRef:
    return ImageRef.parse(f"{REGISTRY}/{name}:{version}@{digest(name + version)}")


def plan(version: str) -> PushPlan:
    objects = [yaml.safe_load(text) for text in (SERVICE, WEB, API)]
    for item in objects[1:]:
        pod = item["spec"]["template"]["spec"]
        name = item["metadata"]["name"]
        pod["containers"][0] |= {"image": str(image(name, version)), "readinessProbe": {}}
        pod.pop("initContainers", None)
    images = with_others(image("web", version), {"api": image("api", version)})
    return PushPlan("dev", "shop-dev", images, resources.documents(objects))


def deliver(cluster: Cluster, version: str, strategy: str) -> bool:
    """Whether it is done; False if its green waits."""
    context = DeliveryContext(cluster, None, config(Path("/")), Steps(Silent()))
    chosen = choose_strategy(context, plan(version), strategy)
    if chosen:
        return run_strategy(context, plan(version), chosen) is not None
    return verify(context, plan(version), apply_plan(context, plan(version))) is not None


@dataclass
class Watched(Cluster):
    """applied: the Deployments in their order, name and image."""

    applied: list[tuple[str, str]] = field(default_factory=list)

    def _apply(self, item):
        if item["kind"] == "Deployment":
            [container] = item["spec"]["template"]["spec"]["containers"]
            self.applied.append((item["metadata"]["name"], container["image"]))
        return super()._apply(item)


@pytest.mark.parametrize(
    ("strategy", "twins"), [(CANARY, ["web-canary", "web-baseline"]), (BLUE_GREEN, ["web-green"])]
)
def test_twins_are_of_the_workload_that_answers_and_come_after_the_others(strategy, twins):
    cluster = Watched()
    deliver(cluster, "1.0.0", ROLLING)
    cluster.applied.clear()
    done = deliver(cluster, "1.1.0", strategy)
    names = [name for name, _ in cluster.applied]
    assert names[: len(twins) + 1] == ["api", *twins]
    assert cluster.applied[0] == ("api", str(image("api", "1.1.0")))
    assert done is (strategy == CANARY)
    assert cluster.versions("web") == {str(image("web", "1.1.0"))}
