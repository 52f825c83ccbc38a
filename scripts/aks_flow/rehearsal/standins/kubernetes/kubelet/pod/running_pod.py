"""What is known of one pod, and its report to the API."""

import asyncio
from collections.abc import Callable

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import UNSTORABLE, StatusError
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kubelet.node_context import NodeContext
from aks_flow.rehearsal.standins.kubernetes.kubelet.pod.sandbox import Sandbox
from aks_flow.rehearsal.standins.kubernetes.kubelet.probes import prober
from aks_flow.rehearsal.standins.kubernetes.kubelet.spec import environment
from aks_flow.rehearsal.standins.kubernetes.kubelet.status import pod_status
from aks_flow.rehearsal.standins.kubernetes.kubelet.status.facts import ContainerFacts
from aks_flow.rehearsal.standins.kubernetes.kubelet.status.pod_phase import TERMINAL
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes import payload
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes.pod_volumes import PodVolumes

_REPORT_AGAIN_SECONDS = 2


class RunningPod:
    """pod: the object as last seen. facts: by container name. verdict: a phase decided for the whole pod."""

    def __init__(self, node: NodeContext, pod: dict):
        self.node, self.pod = node, pod
        self.uid = pod["metadata"]["uid"]
        self.directory = node.pod_directory(self.uid)
        self.facts = {container["name"]: ContainerFacts() for container in self.containers()}
        self.sandbox = Sandbox(node, self.uid)
        self.volumes = PodVolumes(
            node.engine, node.objects, node.rehearsal_id, self.directory, node.state_dir
        )
        self.verdict: dict[str, str] = {}
        self._began = asyncio.get_running_loop().time()

    def containers(self) -> list[dict]:
        return [*(self.pod["spec"].get("initContainers") or ()), *self.pod["spec"]["containers"]]

    def container(self, name: str) -> dict:
        return next(container for container in self.containers() if container["name"] == name)

    @property
    def namespace(self) -> str:
        return self.pod["metadata"]["namespace"]

    @property
    def has_finished(self) -> bool:
        return self.pod.get("status", {}).get("phase") in TERMINAL

    def tell(self, reason: str, message: str, container: str = "", *, warning: bool = False) -> None:
        self.node.tell(self.pod, reason, message, container, warning=warning)

    def report(self) -> None:
        """Write the status, if it changed; a pod that is gone, or replaced, needs none."""
        try:
            self.pod = self.node.objects.modify(
                kinds.POD, self.namespace, self.pod["metadata"]["name"], self._fill, "status"
            )
        except _Replaced:
            return
        except StatusError as error:
            if error.code == UNSTORABLE:
                asyncio.get_running_loop().call_later(_REPORT_AGAIN_SECONDS, self.report)

    def _fill(self, pod: dict) -> None:
        if pod["metadata"]["uid"] != self.uid:
            raise _Replaced
        addresses = (self.sandbox.address, str(self.node.network.plan.gateway))
        pod["status"] = pod_status.pod_status(pod, self.facts, addresses, self.verdict)

    def environment_sources(self) -> environment.EnvironmentSources:
        node, namespace = self.node, self.namespace
        return environment.EnvironmentSources(
            config_map=node.finder(kinds.CONFIG_MAP, namespace),
            secret=node.finder(kinds.SECRET, namespace),
            services=node.objects.list(kinds.SERVICE),
            facts=node.pod_facts(self.sandbox.address),
        )

    def volume_sources(self) -> payload.VolumeSources:
        node, namespace = self.node, self.namespace
        return payload.VolumeSources(
            config_map=node.finder(kinds.CONFIG_MAP, namespace),
            secret=node.finder(kinds.SECRET, namespace),
            facts=node.pod_facts(self.sandbox.address),
        )

    def subject(self, name: str, changed: Callable, kill: Callable) -> prober.Subject:
        """A container as its probes see it."""
        return prober.Subject(
            engine=self.node.engine,
            container=self.container(name),
            container_id=self.facts[name].container_id,
            address=self.sandbox.address,
            facts=self.facts[name],
            beat=self._began,
            changed=changed,
            unhealthy=lambda message: self.tell("Unhealthy", message, name, warning=True),
            kill=kill,
        )

    def seconds_to_probe(self, name: str) -> float | None:
        """Until the next of a container's probes is due, None if it has none: it may be away meanwhile."""
        container = self.container(name)
        probes = [container[kind] for kind in prober.KINDS if container.get(kind)]
        return min((prober.seconds_to_beat(probe, self._began) for probe in probes), default=None)

    def pull_secrets(self) -> list[dict]:
        find = self.node.finder(kinds.SECRET, self.namespace)
        names = [reference["name"] for reference in self.pod["spec"].get("imagePullSecrets") or ()]
        return [secret for name in names if (secret := find(name))]


class _Replaced(Exception):
    """Another pod has the name by now."""
