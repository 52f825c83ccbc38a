"""The container that serves clusterIPs, and the cluster's process that makes files for containers."""

import asyncio
import os
import stat
from ipaddress import IPv4Network

import pytest

from aks_flow.rehearsal.standins.kubernetes import __main__ as cluster
from aks_flow.rehearsal.standins.kubernetes.kubelet.network.address_plan import AddressPlan
from aks_flow.rehearsal.standins.kubernetes.kubelet.network.proxy_container import ProxyContainer

PLAN = AddressPlan(IPv4Network("10.5.0.0/16"))
PRIVATE = 0o077


class FakeEngine:
    async def containers(self, _labels):
        return []

    async def create(self, _name, config):
        self.config = config
        return "id"

    async def start(self, _id):
        pass


@pytest.fixture
def private_umask():
    before = os.umask(PRIVATE)
    yield
    os.umask(before)


def test_the_proxy_may_make_its_socket_in_a_folder_of_any_user(tmp_path, private_umask):
    """Its root has no right over other users' files, and the folder is that of who rehearses."""
    engine = FakeEngine()
    asyncio.run(ProxyContainer(engine, tmp_path / "proxy", PLAN, "id", "helper").ensure())
    assert "DAC_OVERRIDE" not in engine.config["HostConfig"]["CapAdd"]
    assert stat.S_IMODE((tmp_path / "proxy").stat().st_mode) == 0o777


def test_containers_may_read_what_the_cluster_makes_whatever_the_umask(tmp_path, private_umask, monkeypatch):
    def run(coroutine):
        coroutine.close()
        (tmp_path / "file").touch()

    monkeypatch.setattr(asyncio, "run", run)
    monkeypatch.setattr(
        "sys.argv",
        [
            *("kubernetes", "--state", str(tmp_path), "--id", "id", "--port", "1"),
            *("--registry", "localhost:1", "--helper-image", "helper", "--ingress-port", "2"),
        ],
    )
    cluster.main()
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o644
