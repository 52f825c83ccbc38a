"""The `kubernetes` package, pointed at the cluster under test."""

from collections.abc import Iterator

import pytest
from kubernetes import client, config

from tests.e2e.conftest import Cluster


@pytest.fixture(scope="package")
def api(cluster: Cluster) -> Iterator[client.ApiClient]:
    with config.new_client_from_config(str(cluster.kubectl.kubeconfig)) as found:
        yield found


@pytest.fixture
def core(api: client.ApiClient) -> client.CoreV1Api:
    return client.CoreV1Api(api)


@pytest.fixture
def apps(api: client.ApiClient) -> client.AppsV1Api:
    return client.AppsV1Api(api)
