"""A pod's phase, by kubelet's rules."""

from aks_flow.rehearsal.standins.kubernetes.kubelet.status.facts import ContainerFacts

TERMINAL = ("Succeeded", "Failed")


def is_sidecar(container: dict) -> bool:
    return container.get("restartPolicy") == "Always"


def is_initialized(pod: dict, facts: dict[str, ContainerFacts]) -> bool:
    """Every init container has done its part: ended well, or as a sidecar has started."""
    return all(
        has_initialized(container, facts[container["name"]])
        for container in pod["spec"].get("initContainers", ())
    )


def has_initialized(container: dict, facts: ContainerFacts) -> bool:
    return facts.started if is_sidecar(container) else facts.succeeded


def phase_of(pod: dict, facts: dict[str, ContainerFacts]) -> str:
    policy = pod["spec"].get("restartPolicy", "Always")
    if not is_initialized(pod, facts) and not _has_begun(pod, facts):
        return "Failed" if policy == "Never" and _init_failed(pod, facts) else "Pending"
    main = [facts[container["name"]] for container in pod["spec"]["containers"]]
    if any(_is_waiting_to_begin(container_facts) for container_facts in main):
        return "Pending"
    if any(map(_is_running, (*main, *_sidecars(pod, facts)))):
        return "Running"
    return _ended(policy, main)


def _ended(policy: str, main: list[ContainerFacts]) -> str:
    if policy == "Always" or any(container_facts.waiting for container_facts in main):
        return "Running"
    if all(container_facts.succeeded for container_facts in main):
        return "Succeeded"
    return "Failed" if policy == "Never" else "Running"


def _sidecars(pod: dict, facts: dict[str, ContainerFacts]) -> list[ContainerFacts]:
    return [
        facts[container["name"]]
        for container in pod["spec"].get("initContainers", ())
        if is_sidecar(container)
    ]


def _is_running(facts: ContainerFacts) -> bool:
    return bool(facts.running_since) and not facts.waiting and not facts.terminated


def _has_begun(pod: dict, facts: dict[str, ContainerFacts]) -> bool:
    return any(facts[container["name"]].container_id for container in pod["spec"]["containers"])


def _init_failed(pod: dict, facts: dict[str, ContainerFacts]) -> bool:
    return any(
        facts[container["name"]].has_ended and not facts[container["name"]].succeeded
        for container in pod["spec"].get("initContainers", ())
        if not is_sidecar(container)
    )


def _is_waiting_to_begin(facts: ContainerFacts) -> bool:
    never_ran = not facts.running_since and not facts.terminated
    return never_ran and not facts.last_terminated
