"""What is known of one pod, and its report to the API."""

import asyncio
from collections.abc import Callable

from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kubelet.machine import Machine
from aks_flow.rehearsal.standins.kubernetes.kubelet.pod.sandbox import Sandbox
from aks_flow.rehearsal.standins.kubernetes.kubelet.probes import prober
from aks_flow.rehearsal.standins.kubernetes.kubelet.spec import environment
from aks_flow.rehearsal.standins.kubernetes.kubelet.status import pod as pod_status
from aks_flow.rehearsal.standins.kubernetes.kubelet.status.facts import ContainerFacts
from aks_flow.rehearsal.standins.kubernetes.kubelet.status.phase import TERMINAL
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes import payload
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes.pod_volumes import PodVolumes
from aks_flow.rehearsal.standins.kubernetes.objects.status import UNSTORABLE, StatusError

_REPORT_AGAIN_SECONDS = 2


class PodState:
    """pod: the object as last seen. facts: by container name. verdict: a phase decided for the whole pod."""

    def __init__(self, machine: Machine, pod: dict):
        self.machine, self.pod = machine, pod
        self.uid = pod["metadata"]["uid"]
        self.directory = machine.pod_directory(self.uid)
        self.facts = {container["name"]: ContainerFacts() for container in self.containers()}
        self.sandbox = Sandbox(machine, self.uid)
        self.volumes = PodVolumes(
            machine.engine, machine.objects, machine.rehearsal_id, self.directory, machine.state_dir
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
        self.machine.tell(self.pod, reason, message, container, warning=warning)

    def report(self) -> None:
        """Write the status, if it changed; a pod that is gone, or replaced, needs none."""
        try:
            self.pod = self.machine.objects.modify(
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
        addresses = (self.sandbox.address, str(self.machine.network.plan.gateway))
        pod["status"] = pod_status.status(pod, self.facts, addresses, self.verdict)

    def environment_sources(self) -> environment.Sources:
        machine, namespace = self.machine, self.namespace
        return environment.Sources(
            config_map=machine.finder(kinds.CONFIG_MAP, namespace),
            secret=machine.finder(kinds.SECRET, namespace),
            services=machine.objects.list(kinds.SERVICE),
            facts=machine.pod_facts(self.sandbox.address),
        )

    def volume_sources(self) -> payload.Sources:
        machine, namespace = self.machine, self.namespace
        return payload.Sources(
            config_map=machine.finder(kinds.CONFIG_MAP, namespace),
            secret=machine.finder(kinds.SECRET, namespace),
            facts=machine.pod_facts(self.sandbox.address),
        )

    def subject(self, name: str, changed: Callable, kill: Callable) -> prober.Subject:
        """A container as its probes see it."""
        return prober.Subject(
            engine=self.machine.engine,
            container=self.container(name),
            container_id=self.facts[name].container_id,
            address=self.sandbox.address,
            facts=self.facts[name],
            beat=self._began,
            changed=changed,
            unhealthy=lambda message: self.tell("Unhealthy", message, name, warning=True),
            kill=kill,
        )

    def pull_secrets(self) -> list[dict]:
        find = self.machine.finder(kinds.SECRET, self.namespace)
        names = [reference["name"] for reference in self.pod["spec"].get("imagePullSecrets") or ()]
        return [secret for name in names if (secret := find(name))]


class _Replaced(Exception):
    """Another pod has the name by now."""
