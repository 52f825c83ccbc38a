"""The whole of a Pod's status."""

from math import ceil

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.kubelet.spec.resources import qos_class
from aks_flow.rehearsal.standins.kubernetes.kubelet.status import conditions, containers, pod_phase
from aks_flow.rehearsal.standins.kubernetes.kubelet.status.facts import ContainerFacts
from aks_flow.rehearsal.standins.kubernetes.schema import quantity


def pod_status(
    pod: dict, facts: dict[str, ContainerFacts], addresses: tuple[str, str], verdict: dict
) -> dict:
    """PodStatus. addresses: (the pod's, "" without a sandbox; the host's). verdict: phase, reason and
    message decided for the pod as a whole (a deadline that passed), empty for most."""
    pod_ip, host_ip = addresses
    phase = verdict.get("phase") or pod_phase.phase_of(pod, facts)
    before = pod.get("status", {})
    return {
        "observedGeneration": pod["metadata"].get("generation", 1),
        "phase": phase,
        "conditions": conditions.conditions(pod, facts, phase, bool(pod_ip)),
        **{key: verdict[key] for key in ("reason", "message") if key in verdict},
        **_addresses(pod_ip or before.get("podIP", ""), host_ip),
        "startTime": before.get("startTime") or times.stamp(times.now()),
        **_container_statuses(pod, facts),
        "qosClass": qos_class(pod),
        **_resources(pod),
    }


def _addresses(pod_ip: str, host_ip: str) -> dict:
    own = {"podIP": pod_ip, "podIPs": [{"ip": pod_ip}]} if pod_ip else {}
    return {"hostIP": host_ip, "hostIPs": [{"ip": host_ip}], **own}


def _container_statuses(pod: dict, facts: dict[str, ContainerFacts]) -> dict:
    init = pod["spec"].get("initContainers", ())
    idle = "PodInitializing" if init else "ContainerCreating"
    main = [
        containers.status(container, facts[container["name"]], idle)
        for container in pod["spec"]["containers"]
    ]
    shown = {"containerStatuses": sorted(main, key=lambda entry: entry["name"])}
    if init:
        entries = [
            containers.status(container, facts[container["name"]], "PodInitializing") for container in init
        ]
        shown["initContainerStatuses"] = entries
    return shown


def _resources(pod: dict) -> dict:
    requests = _total(pod, "requests")
    totals = {"requests": requests, "limits": _total(pod, "limits")}
    shown = {"resources": {key: value for key, value in totals.items() if value}}
    return shown | ({"allocatedResources": requests} if requests else {})


def _total(pod: dict, section: str) -> dict[str, str]:
    """The sum over the containers; a limit counts only if each container has one."""
    resources = [
        (container.get("resources") or {}).get(section) or {} for container in pod["spec"]["containers"]
    ]
    names = {name for amounts in resources for name in amounts}
    if section == "limits":
        names = {name for name in names if all(name in amounts for amounts in resources)}
    return {name: _sum([amounts[name] for amounts in resources if name in amounts]) for name in sorted(names)}


def _sum(amounts: list[str]) -> str:
    if len(amounts) == 1:
        return amounts[0]
    total = sum(quantity.parse(amount) for amount in amounts)
    if amounts[0].endswith("i") and total % 1024 == 0:
        return quantity.canonical(f"{total // 1024}Ki")
    return quantity.canonical(f"{ceil(total * 1000)}m")
