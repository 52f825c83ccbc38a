"""Defaults of pods, and of the pod templates in every workload."""

from aks_flow.rehearsal.standins.kubernetes.defaults import containers
from aks_flow.rehearsal.standins.kubernetes.defaults.fill import fill, given, objects_in, part

_CONTAINERS = ("initContainers", "containers", "ephemeralContainers")
_FILE_MODE = 0o644
_AWAY = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")
_AWAY_SECONDS = 300


def template(owner: dict) -> None:
    """The pod template in a workload's spec."""
    pod_spec(given(given(owner, "template"), "spec"))


def pod_spec(spec: dict) -> None:
    """What a template and a pod have in common."""
    if not spec:
        return
    fill(
        spec,
        restartPolicy="Always",
        terminationGracePeriodSeconds=30,
        dnsPolicy="ClusterFirst",
        securityContext={},
        schedulerName="default-scheduler",
    )
    _service_account(spec)
    for item in objects_in(spec, *_CONTAINERS):
        containers.container(item)
        if spec.get("hostNetwork"):
            _host_ports(item)
    for volume in objects_in(spec, "volumes"):
        _volume(volume)


def pod(item: dict) -> None:
    """A pod of its own."""
    spec = part(item, "spec")
    fill(spec, enableServiceLinks=True)
    pod_spec(spec)
    for container in objects_in(spec, *_CONTAINERS):
        containers.requests_from_limits(container)


def admitted(item: dict) -> None:
    """What admission adds to a pod: account, priority, tolerations."""
    spec = part(item, "spec")
    fill(spec, serviceAccountName=spec.get("serviceAccount") or "default")
    _service_account(spec)
    fill(spec, priority=0, preemptionPolicy="PreemptLowerPriority")
    _tolerations(spec)


def _service_account(spec: dict) -> None:
    """The account's old name of field and its new one always agree."""
    if account := spec.get("serviceAccountName") or spec.get("serviceAccount"):
        spec |= {"serviceAccountName": account, "serviceAccount": account}


def _host_ports(container: dict) -> None:
    for port in objects_in(container, "ports"):
        fill(port, hostPort=port.get("containerPort"))


def _tolerations(spec: dict) -> None:
    fill(spec, tolerations=[])
    tolerated = spec["tolerations"]
    for key in _AWAY:
        if not any(_tolerates(toleration, key) for toleration in tolerated):
            added = {
                "key": key,
                "operator": "Exists",
                "effect": "NoExecute",
                "tolerationSeconds": _AWAY_SECONDS,
            }
            tolerated.append(added)


def _tolerates(toleration: dict, key: str) -> bool:
    everything = not toleration.get("key") and toleration.get("operator") == "Exists"
    return (toleration.get("key") == key or everything) and toleration.get("effect") in (
        None,
        "",
        "NoExecute",
    )


def _volume(volume: dict) -> None:
    if set(volume) <= {"name"}:
        volume["emptyDir"] = {}
    for kind in ("secret", "configMap", "projected", "downwardAPI"):
        if volume.get(kind) is not None:
            fill(part(volume, kind), defaultMode=_FILE_MODE)
    if path := given(volume, "hostPath"):
        fill(path, type="")
    for item in objects_in(given(volume, "downwardAPI"), "items"):
        containers.source(item)
    for projection in objects_in(given(volume, "projected"), "sources"):
        _projection(projection)


def _projection(projection: dict) -> None:
    if token := given(projection, "serviceAccountToken"):
        fill(token, expirationSeconds=3600)
    for item in objects_in(given(projection, "downwardAPI"), "items"):
        containers.source(item)
