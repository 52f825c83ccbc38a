"""Label selectors: which pods one selects.

https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
"""

from collections.abc import Mapping

from aks_flow.manifests.checks.view import FieldView

# Labels that a pod gets when it is made: no template has them, and what asks for them may be right.
GIVEN = {
    "apps.kubernetes.io/pod-index",
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-completion-index",
    "batch.kubernetes.io/job-name",
    "controller-revision-hash",
    "controller-uid",
    "job-name",
    "pod-template-generation",
    "pod-template-hash",
    "rollouts-pod-template-hash",
    "statefulset.kubernetes.io/pod-name",
}


def matches(selector: FieldView, labels: Mapping) -> bool:
    """A LabelSelector against labels: an absent one selects nothing, an empty one everything."""
    return bool(selector) and selects(selector["matchLabels"], labels) and _all_hold(selector, labels)


def selects(selector: FieldView, labels: Mapping) -> bool:
    """A map of labels, as a Service has it, against labels."""
    return all(key in GIVEN or labels.get(key) == value.value for key, value in selector.fields())


def _all_hold(selector: FieldView, labels: Mapping) -> bool:
    return all(_holds(term, labels) for term in selector["matchExpressions"].items())


def _holds(term: FieldView, labels: Mapping) -> bool:
    """An operator that does not exist holds: the server refuses it."""
    key = term["key"].text
    if key in GIVEN:
        return True
    among = labels.get(key) in [value.value for value in term["values"].items()]
    answers = {"In": among, "NotIn": not among, "Exists": key in labels, "DoesNotExist": key not in labels}
    return answers.get(term["operator"].text, True)
