"""The node's network: one Docker network, pod addresses, names, and Services inside and on the host."""

import asyncio
import logging
from pathlib import Path

from aks_flow.rehearsal.standins.kubernetes.apimachinery.kind import Kind
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kubelet import naming
from aks_flow.rehearsal.standins.kubernetes.kubelet.engine import Engine, EngineDown, EngineError
from aks_flow.rehearsal.standins.kubernetes.kubelet.ingress_proxy import IngressProxy
from aks_flow.rehearsal.standins.kubernetes.kubelet.network import (
    address_plan,
    ingress_routes,
    load_balancers,
    routes,
)
from aks_flow.rehearsal.standins.kubernetes.kubelet.network.address_pool import AddressPool
from aks_flow.rehearsal.standins.kubernetes.kubelet.network.hosts_files import HostsFiles
from aks_flow.rehearsal.standins.kubernetes.kubelet.network.proxy_container import ProxyContainer
from aks_flow.rehearsal.standins.kubernetes.kubelet.proxy import Balancer
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects

log = logging.getLogger(__name__)

_CHECK_SECONDS = 5
_WITHDRAW_SECONDS = 1
_RETRY_SECONDS = 0.2


class Network:
    """plan and addresses are known at once; the Docker network is made by ensure()."""

    def __init__(
        self,
        engine: Engine,
        objects: Objects,
        state_dir: Path,
        rehearsal_id: str,
        image: str,
        ingress_port: int,
    ):
        self._engine, self._objects, self._rehearsal_id = engine, objects, rehearsal_id
        self.plan = address_plan.load(state_dir, rehearsal_id)
        self.addresses = AddressPool(self.plan.pods)
        self.names = HostsFiles(state_dir / "pods", self._facts)
        self._proxy = ProxyContainer(engine, state_dir / "proxy", self.plan, rehearsal_id, image)
        self._host = Balancer()
        self._ingress = IngressProxy(ingress_port)
        self._withdrawn: set[str] = set()
        self._dirty = asyncio.Event()
        self._is_up = False

    async def ensure(self) -> None:
        """Make the Docker network and the proxy, if missing. EngineError if the addresses are taken."""
        if await self._engine.network(naming.network_name(self._rehearsal_id)) is None:
            await self._engine.create_network(self._config())
        await self._proxy.ensure()
        self._is_up = True
        self._dirty.set()

    def _config(self) -> dict:
        addresses = {
            "Subnet": str(self.plan.subnet),
            "IPRange": str(self.plan.pods),
            "Gateway": str(self.plan.gateway),
        }
        return {
            "Name": naming.network_name(self._rehearsal_id),
            "Driver": "bridge",
            "CheckDuplicate": True,
            "IPAM": {"Config": [addresses]},
            "Labels": {naming.REHEARSAL: self._rehearsal_id},
        }

    async def run(self) -> None:
        """Follow Services and EndpointSlices for ever."""
        watching = asyncio.create_task(self._watch())
        try:
            while True:
                await self._publish()
                if not await self._changed():
                    await self._check_proxy()
        finally:
            watching.cancel()
            await self._host.close()
            await self._ingress.close()

    async def _watch(self) -> None:
        async for _ in self._objects.watch((kinds.SERVICE, kinds.ENDPOINT_SLICE, kinds.INGRESS)):
            self._dirty.set()

    def admit(self, address: str) -> None:
        """A new pod has the address: its readiness decides again."""
        self._withdrawn.discard(address)

    async def withdraw(self, address: str) -> None:
        """Send no new connection to a pod that is about to end; return when that holds everywhere."""
        if not address or address in self._withdrawn:
            return
        self._withdrawn.add(address)
        try:
            async with asyncio.timeout(_WITHDRAW_SECONDS):
                await self._publish()
        except TimeoutError:
            log.warning("the proxy did not confirm that %s is out of service", address)

    async def _changed(self) -> bool:
        """Wait for a change; False if there was none for a while."""
        try:
            async with asyncio.timeout(_CHECK_SECONDS):
                await self._dirty.wait()
        except TimeoutError:
            return False
        return True

    async def _check_proxy(self) -> None:
        if self._is_up:
            try:
                await self._proxy.ensure()
            except (EngineDown, EngineError) as error:
                log.warning("the proxy container does not run: %s", error)

    def _facts(self) -> tuple[list[dict], list[dict]]:
        return self._objects.list(kinds.SERVICE), self._objects.list(kinds.ENDPOINT_SLICE)

    async def _publish(self) -> None:
        """Bring names, the balancers and the status of Services and Ingresses up to date."""
        self._dirty.clear()
        services, slices = self._facts()
        self._refresh_names()
        ports = routes.host_ports(services, slices, self._withdrawn)
        errors = await self._host.apply(ports.table)
        for service in services:
            self._report(kinds.SERVICE, service, load_balancers.status(service, ports, errors))
        await self._publish_ingresses(services, slices)
        await self._tell_proxy(routes.cluster_table(services, slices, self._withdrawn))

    async def _publish_ingresses(self, services: list[dict], slices: list[dict]) -> None:
        ingresses = self._objects.list(kinds.INGRESS)
        error = await self._ingress.apply(ingress_routes.table(ingresses, services, slices, self._withdrawn))
        status = load_balancers.ingress_status(self._ingress.port, error)
        for ingress in ingresses:
            self._report(kinds.INGRESS, ingress, status)

    def _refresh_names(self) -> None:
        try:
            self.names.refresh()
        except OSError as error:
            log.warning("the pods' hosts files: %s", error)
            asyncio.get_running_loop().call_later(_CHECK_SECONDS, self._dirty.set)

    async def _tell_proxy(self, table: routes.Table) -> None:
        if not self._is_up:
            return
        try:
            await self._proxy.tell(table)
        except (OSError, TimeoutError) as error:
            log.info("the proxy does not answer yet: %s", error)
            asyncio.get_running_loop().call_later(_RETRY_SECONDS, self._dirty.set)

    def _report(self, kind: Kind, item: dict, status: dict) -> None:
        """Write the address that an object has got, unless it says so already."""
        if status == (item.get("status") or {}).get("loadBalancer", {}):
            return
        namespace, name = routes.key(item)
        try:
            self._objects.modify(kind, namespace, name, _set_status(status), "status")
        except StatusError as error:
            log.debug("status of %s %s: %s", kind.singular, name, error)


def _set_status(status: dict):
    def change(item: dict) -> None:
        item.setdefault("status", {})["loadBalancer"] = status

    return change
