"""ValidatingAdmissionPolicies: which of them a write concerns, and whether one denies it.

https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
"""

from collections.abc import Iterable, Iterator, Mapping

from aks_flow.rehearsal.standins.kubernetes import cel
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause, StatusError, forbidden
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind
from aks_flow.rehearsal.standins.kubernetes.store import ObjectStore

CODES = {"Forbidden": 403, "Invalid": 422}
_DENY = "Deny"


def check(store: ObjectStore, kind: Kind, old: dict | None, new: dict) -> None:
    """StatusError, as the policy says, for a new object (old is None) or a change that one denies."""
    for binding in store.list(kinds.VALIDATING_POLICY_BINDING.resource):
        spec = binding["spec"]
        policy = store.get(kinds.VALIDATING_POLICY.resource, "", spec.get("policyName", ""))
        if policy and _DENY in spec.get("validationActions", ()) and _concerns(policy, kind, old, new):
            for why, reason in _denials(policy["spec"], old, new):
                raise _denied(kind, new, policy, binding, why, reason)


def _concerns(policy: Mapping, kind: Kind, old: dict | None, new: dict) -> bool:
    operation, name = "CREATE" if old is None else "UPDATE", new["metadata"]["name"]
    return any(
        kind.group in rule["apiGroups"]
        and _in(rule["apiVersions"], kind.version)
        and operation in rule["operations"]
        and kind.plural in rule["resources"]
        and name in (rule.get("resourceNames") or (name,))
        for rule in policy["spec"]["matchConstraints"]["resourceRules"]
    )


def _in(listed: Iterable[str], name: str) -> bool:
    return "*" in listed or name in listed


def _denials(spec: Mapping, old: dict | None, new: dict) -> Iterator[tuple[str, str]]:
    """Of each validation that does not hold: why, and the reason that the answer names."""
    for validation in spec["validations"]:
        expression, reason = validation["expression"], validation.get("reason", "Invalid")
        try:
            if cel.evaluate(expression, {"object": new, "oldObject": old}) is not True:
                yield validation.get("message") or f"failed expression: {expression.strip()}", reason
        except cel.EvaluationError as error:
            if spec.get("failurePolicy", "Fail") == "Fail":
                yield f"expression '{expression}' resulted in error: {error}", "Invalid"


def _denied(kind: Kind, item: dict, policy: dict, binding: dict, why: str, reason: str) -> StatusError:
    names = f"'{policy['metadata']['name']}' with binding '{binding['metadata']['name']}'"
    text = f"ValidatingAdmissionPolicy {names} denied request: {why}"
    denied = forbidden(kind, item["metadata"]["name"], text, [Cause("", "", text)])
    denied.code, denied.reason = CODES[reason], reason
    return denied
