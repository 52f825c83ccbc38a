"""Which nodes a pod asks for: node selector and affinity, taints and tolerations, neighbours.

Rules: https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/
"""

from collections.abc import Iterable

from aks_flow.rehearsal.standins.kubernetes.apimachinery.selectors import Selector

_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
_BARRING = ("NoSchedule", "NoExecute")


def matches_node(pod: dict, node: dict) -> bool:
    spec, labels = pod["spec"], node["metadata"].get("labels") or {}
    if not Selector.of(spec.get("nodeSelector") or {}).matches(labels):
        return False
    required = _affinity(pod, "nodeAffinity").get(_REQUIRED)
    return required is None or any(_matches_term(term, node) for term in required["nodeSelectorTerms"])


def _matches_term(term: dict, node: dict) -> bool:
    expressions, fields = term.get("matchExpressions") or (), term.get("matchFields") or ()
    labels, named = node["metadata"].get("labels") or {}, {"metadata.name": node["metadata"]["name"]}
    if not expressions and not fields:
        return False
    return all(_holds(requirement, labels) for requirement in expressions) and all(
        _holds(requirement, named) for requirement in fields
    )


def _holds(expression: dict, labels: dict[str, str]) -> bool:
    key, operator, values = expression["key"], expression["operator"], expression.get("values") or ()
    if operator in ("Gt", "Lt"):
        return key in labels and _compares(operator, int(labels[key]), int(values[0]))
    return Selector.from_object({"matchExpressions": [expression]}).matches(labels)


def _compares(operator: str, left: int, right: int) -> bool:
    return left > right if operator == "Gt" else left < right


def untolerated(pod: dict, node: dict) -> dict | None:
    """The first taint that keeps the pod away."""
    tolerations = pod["spec"].get("tolerations") or ()
    for taint in node.get("spec", {}).get("taints") or ():
        if taint["effect"] in _BARRING and not any(
            _tolerates(toleration, taint) for toleration in tolerations
        ):
            return taint
    return None


def _tolerates(toleration: dict, taint: dict) -> bool:
    if toleration.get("effect") not in (None, "", taint["effect"]):
        return False
    if toleration.get("key") not in (None, "", taint["key"]):
        return False
    return toleration.get("operator") == "Exists" or toleration.get("value", "") == taint.get("value", "")


def lacks_required_pod(pod: dict, node: dict, placed: Iterable[tuple[dict, dict]]) -> bool:
    """Whether a pod that it has to be near is not there. placed: (pod, its node) of every pod with a node."""
    placed = list(placed)
    return not all(
        _runs_in_domain(pod, term, node, placed) or _selects_itself(pod, term)
        for term in _terms(pod, "podAffinity")
    )


def anti_affinity_conflict(pod: dict, node: dict, placed: Iterable[tuple[dict, dict]]) -> str | None:
    """The anti-affinity rule that keeps the pod away, in the scheduler's words; None without one."""
    placed = list(placed)
    if any(_runs_in_domain(pod, term, node, placed) for term in _terms(pod, "podAntiAffinity")):
        return "node(s) didn't match pod anti-affinity rules"
    here = [(pod, node)]
    if any(
        _runs_in_domain(other, term, other_node, here)
        for other, other_node in placed
        for term in _terms(other, "podAntiAffinity")
    ):
        return "node(s) didn't satisfy existing pods anti-affinity rules"
    return None


def _selects_itself(pod: dict, term: dict) -> bool:
    """Whether the term selects the pod itself: the first pod of such a group may be placed anywhere."""
    return Selector.from_object(term.get("labelSelector")).matches(pod["metadata"].get("labels"))


def _runs_in_domain(pod: dict, term: dict, node: dict, placed: Iterable[tuple[dict, dict]]) -> bool:
    """Whether a pod that the term selects runs in the node's topology domain."""
    selector, key = Selector.from_object(term.get("labelSelector")), term["topologyKey"]
    namespaces = term.get("namespaces") or [pod["metadata"]["namespace"]]
    domain = (node["metadata"].get("labels") or {}).get(key)
    return domain is not None and any(
        other["metadata"]["namespace"] in namespaces
        and selector.matches(other["metadata"].get("labels"))
        and (its["metadata"].get("labels") or {}).get(key) == domain
        for other, its in placed
    )


def _terms(pod: dict, name: str) -> list[dict]:
    return _affinity(pod, name).get(_REQUIRED) or []


def _affinity(pod: dict, name: str) -> dict:
    return (pod["spec"].get("affinity") or {}).get(name) or {}
