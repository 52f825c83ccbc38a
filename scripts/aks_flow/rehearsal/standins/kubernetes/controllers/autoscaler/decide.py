"""An autoscaler without metrics: it keeps replicas within its bounds and reports what is missing. Pure."""

from dataclasses import dataclass

from aks_flow.rehearsal.standins.kubernetes.controllers.conditions import condition

_UNMEASURED = (
    "the HPA was unable to compute the replica count: failed to get {name} utilization: "
    "unable to get metrics for resource {name}: unable to fetch metrics from resource metrics API: "
    "the server could not find the requested resource (get pods.metrics.k8s.io)"
)
_ABOVE = "Current number of replicas above Spec.MaxReplicas"
_BELOW = "Current number of replicas below Spec.MinReplicas"


@dataclass(frozen=True)
class ScalingDecision:
    """desired: replicas. why: the reason of a change, "" if there is none."""

    desired: int
    why: str = ""


def decide(spec: dict, current: int) -> ScalingDecision:
    """0 replicas switch the autoscaler off."""
    least, most = spec.get("minReplicas", 1), spec["maxReplicas"]
    if current > most:
        return ScalingDecision(most, _ABOVE)
    if 0 < current < least:
        return ScalingDecision(least, _BELOW)
    return ScalingDecision(current)


def conditions(spec: dict, current: int, decision: ScalingDecision) -> list[dict]:
    """AbleToScale and ScalingActive, for a target that exists."""
    if not current:
        able = ("True", "SucceededGetScale", "the HPA controller was able to get the target's current scale")
        message = "scaling is disabled since the replica count of the target is zero"
        return [
            condition("AbleToScale", *able),
            condition("ScalingActive", "False", "ScalingDisabled", message),
        ]
    if decision.why:
        message = f"the HPA controller was able to update the target scale to {decision.desired}"
        return [condition("AbleToScale", "True", "SucceededRescale", message)]
    able = ("True", "SucceededGetScale", "the HPA controller was able to get the target's current scale")
    listed = [condition("AbleToScale", *able)]
    if name := measured(spec):
        message = _UNMEASURED.format(name=name)
        listed.append(condition("ScalingActive", "False", "FailedGetResourceMetric", message))
    return listed


def unreachable(why: str) -> dict:
    message = f"the HPA controller was unable to get the target's current scale: {why}"
    return condition("AbleToScale", "False", "FailedGetScale", message)


def measured(spec: dict) -> str | None:
    """The first resource that the autoscaler would measure."""
    resources = (metric.get("resource") for metric in spec.get("metrics") or ())
    return next((resource["name"] for resource in resources if resource), None)
