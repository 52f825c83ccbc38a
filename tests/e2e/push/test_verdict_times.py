"""How soon a verdict comes, beside `kubectl rollout status`, on the cluster under test."""

from dataclasses import replace

import pytest

from aks_flow.core.runner import Local
from aks_flow.core.steps import Silent, Steps
from aks_flow.rehearsal.scenarios.bench import verdicts
from aks_flow.target.delivery import DeliveryContext
from aks_flow.target.registry import RegistryClient
from tests.e2e.scale import only_in_full
from tests.e2e.standin import configuration, provide_base_images

pytestmark = only_in_full


@pytest.fixture(scope="module")
def context(cluster, tmp_path_factory) -> DeliveryContext:
    config = configuration(tmp_path_factory.mktemp("verdicts"), cluster.registry)
    provide_base_images(config)
    target = replace(config.destination, kubeconfig=str(cluster.kubectl.kubeconfig), context="")
    config = replace(config, targets={**config.targets, config.target: target})
    run, registry = Local(), RegistryClient(config.destination.registry_host)
    return DeliveryContext(run, registry=registry, config=config, steps=Steps(Silent()))


def test_every_verdict_comes_in_time(context):
    figures = verdicts.times(context, runs=1)
    print("\n" + "\n".join(f"| {figure.name} | {figure.median:.1f} {figure.unit} |" for figure in figures))
    assert [figure.name for figure in figures if not figure.met] == []
