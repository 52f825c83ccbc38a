"""How hardened the pods of an environment must be, held where who delivers cannot change it.

A deliverer applies its Namespace with the rest, and so may change its labels. A ValidatingAdmissionPolicy,
which is an administrator's, denies a Namespace that asks less of pods than `checks.policy` does; on both
paths, since it holds for Argo CD too.
"""

from collections.abc import Iterator

import yaml

from aks_flow.core.config import Config
from aks_flow.core.config.checks import BASELINE, OFF, RESTRICTED
from aks_flow.core.runner import Runner
from aks_flow.tools.kubectl import Kubectl, apply, delete

LEVEL = "pod-security.kubernetes.io/enforce"
VERSION = f"{LEVEL}-version"
_KIND = "validatingadmissionpolicy"
_API = "admissionregistration.k8s.io/v1"
_ENOUGH = {BASELINE: (BASELINE, RESTRICTED), RESTRICTED: (RESTRICTED,)}


def hold(run: Runner, cluster: Kubectl, config: Config) -> str:
    """Keep deliverers from asking less of pods, or no more; what is held, in words."""
    if held := objects(config):
        run.run(apply.manifest(cluster, held))
        return f"{config.checks.policy}, whoever delivers"
    for kind in (f"{_KIND}binding", _KIND):
        run.run(delete.by_name(cluster, kind, *names(config)))
    return "nothing is asked of pods (checks.policy: off)"


def names(config: Config) -> list[str]:
    """The policy's name for each environment; its binding is called the same."""
    return [_name(environment.namespace) for environment in config.environments_here.values()]


def labels(config: Config) -> dict[str, str]:
    """What a Namespace has from its beginning."""
    asked = config.checks.policy
    return {} if asked == OFF else {LEVEL: asked}


def objects(config: Config) -> str:
    """The policies and their bindings; "" if nothing is asked of pods."""
    asked = config.checks.policy
    namespaces = [environment.namespace for environment in config.environments_here.values()]
    return yaml.safe_dump_all(item for name in namespaces if asked != OFF for item in _held(name, asked))


def _held(namespace: str, asked: str) -> Iterator[dict]:
    about = {"name": _name(namespace)}
    spec = {
        "failurePolicy": "Fail",
        "matchConstraints": {"resourceRules": [_rule(namespace)]},
        "validations": list(_validations(asked)),
    }
    yield {"apiVersion": _API, "kind": "ValidatingAdmissionPolicy", "metadata": about, "spec": spec}
    bound = {"policyName": about["name"], "validationActions": ["Deny"]}
    yield {"apiVersion": _API, "kind": "ValidatingAdmissionPolicyBinding", "metadata": about, "spec": bound}


def _name(namespace: str) -> str:
    return f"aks-flow-{namespace}"


def _rule(namespace: str) -> dict:
    return {
        **{"apiGroups": [""], "apiVersions": ["v1"], "resources": ["namespaces"]},
        **{"operations": ["CREATE", "UPDATE"], "resourceNames": [namespace]},
    }


def _validations(asked: str) -> Iterator[dict]:
    """An older version of a standard asks for less, too."""
    enough = _ENOUGH[asked]
    yield {
        "expression": f"{_has(LEVEL)} && {_value(LEVEL)} in {list(enough)}",
        "message": f"the label {LEVEL} must be {' or '.join(enough)}, as an administrator has set it",
        "reason": "Forbidden",
    }
    yield {
        "expression": f"!({_has(VERSION)}) || {_value(VERSION)} == 'latest'",
        "message": f"the label {VERSION} must be latest, or left out",
        "reason": "Forbidden",
    }


def _has(label: str) -> str:
    return f"has(object.metadata.labels) && '{label}' in object.metadata.labels"


def _value(label: str) -> str:
    return f"object.metadata.labels['{label}']"
