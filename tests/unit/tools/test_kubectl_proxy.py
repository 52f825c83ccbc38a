"""What kubectl proxy brings to a loopback port, where every user of the machine can ask."""

import re

import pytest

from aks_flow.tools.kubectl import Kubectl, proxy

SERVICE = "/api/v1/namespaces/shop/services/http:web:http/proxy"


def accepted(path: str) -> bool:
    [pattern] = [word.partition("=")[2] for word in serve().argv if word.startswith("--accept-paths=")]
    return bool(re.search(pattern, path))


def serve():
    return proxy.serve(Kubectl(namespace="shop"), "web", "http")


@pytest.mark.parametrize("path", [SERVICE, f"{SERVICE}/", f"{SERVICE}/vote/cats"])
def test_the_service_is_there(path):
    assert accepted(path)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/api/v1/secrets",
        "/api/v1/namespaces/shop/secrets",
        f"/x{SERVICE}",
        f"{SERVICE}er",
        f"{SERVICE[:-6]}",
    ],
)
def test_nothing_else_of_the_cluster_is(path):
    assert not accepted(path)
