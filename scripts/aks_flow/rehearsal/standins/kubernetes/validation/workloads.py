"""Deployments, ReplicaSets, StatefulSets, DaemonSets."""

from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause
from aks_flow.rehearsal.standins.kubernetes.validation import checks
from aks_flow.rehearsal.standins.kubernetes.validation.causes import forbidden, invalid, required, unsupported
from aks_flow.rehearsal.standins.kubernetes.validation.pods import template
from aks_flow.rehearsal.standins.kubernetes.validation.rolling import strategy

_STATEFUL_CHANGEABLE = (
    "replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit",
    "persistentVolumeClaimRetentionPolicy", "minReadySeconds",
)  # fmt: skip
_STATEFUL_FIXED = (
    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', "
    "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
)

_NOUNS = {"deployment": "ReplicaSet", "statefulset": "StatefulSet", "daemonset": "DaemonSet"}


def deployment(item: dict) -> Iterator[Cause]:
    spec = item.get("spec") or {}
    yield from _common(spec, "deployment")
    yield from strategy("spec.strategy", spec.get("strategy") or {}, "RollingUpdate", "Recreate")
    deadline, ready = spec.get("progressDeadlineSeconds"), spec.get("minReadySeconds", 0)
    yield from checks.not_negative("spec", spec, "revisionHistoryLimit", "progressDeadlineSeconds")
    if deadline is not None and deadline <= ready:
        yield invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds")


def replica_set(item: dict) -> Iterator[Cause]:
    yield from _common(item.get("spec") or {}, "deployment")


def stateful_set(item: dict) -> Iterator[Cause]:
    spec = item.get("spec") or {}
    yield from _common(_with_claims(spec), "statefulset")
    yield from strategy("spec.updateStrategy", spec.get("updateStrategy") or {}, "RollingUpdate", "OnDelete")
    policy = spec.get("podManagementPolicy")
    yield from checks.one_of("spec.podManagementPolicy", policy, "OrderedReady", "Parallel")


def _with_claims(spec: dict) -> dict:
    """The spec with a volume for each claim template: its pods will have them."""
    template, claims = spec.get("template") or {}, spec.get("volumeClaimTemplates") or ()
    names = [(claim.get("metadata") or {}).get("name") for claim in claims]
    made = [{"name": name, "emptyDir": {}} for name in names if name]
    pod = template.get("spec") or {}
    return {
        **spec,
        "template": {**template, "spec": {**pod, "volumes": [*(pod.get("volumes") or ()), *made]}},
    }


def daemon_set(item: dict) -> Iterator[Cause]:
    spec = item.get("spec") or {}
    yield from _common(spec, "daemonset")
    yield from checks.not_negative("spec", spec, "revisionHistoryLimit")
    update = spec.get("updateStrategy") or {}
    if update.get("type") != "OnDelete":  # what stands beside it is not looked at
        yield from strategy("spec.updateStrategy", update, "RollingUpdate", "OnDelete")


def selector_update(old: dict, new: dict) -> Iterator[Cause]:
    yield from checks.unchanged("spec", old["spec"], new["spec"], "selector")


def stateful_set_update(old: dict, new: dict) -> Iterator[Cause]:
    fixed = (set(old["spec"]) | set(new["spec"])) - set(_STATEFUL_CHANGEABLE)
    if any(old["spec"].get(field) != new["spec"].get(field) for field in fixed):
        yield forbidden("spec", _STATEFUL_FIXED)


def _common(spec: dict, noun: str) -> Iterator[Cause]:
    yield from checks.not_negative("spec", spec, "replicas", "minReadySeconds")
    yield from _selector(spec, noun)
    yield from template("spec.template", spec.get("template") or {})
    pod = (spec.get("template") or {}).get("spec") or {}
    policy = pod.get("restartPolicy")
    if policy in ("OnFailure", "Never"):
        yield unsupported("spec.template.spec.restartPolicy", policy, "Always")
    if pod.get("activeDeadlineSeconds") is not None:
        text = f"activeDeadlineSeconds in {_NOUNS[noun]} is not Supported"
        yield forbidden("spec.template.spec.activeDeadlineSeconds", text)


def _selector(spec: dict, noun: str) -> Iterator[Cause]:
    if spec.get("selector") is None:
        yield required("spec.selector")
        return
    if not any(spec["selector"].values()):
        yield invalid("spec.selector", spec["selector"], f"empty selector is invalid for {noun}")
    yield from checks.selects_its_pods(spec)
