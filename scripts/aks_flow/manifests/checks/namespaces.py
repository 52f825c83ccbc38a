"""Which objects there are, and in which namespace: the environment's and no other one."""

from collections import Counter
from collections.abc import Iterator

from aks_flow.core.config.checks import RESTRICTED
from aks_flow.manifests.checks.facts import Manifest, ManifestFacts
from aks_flow.manifests.checks.findings import Findings, ManifestFinding
from aks_flow.manifests.checks.kinds import group_of, is_namespaced
from aks_flow.manifests.checks.view import FieldView

LEVEL = "pod-security.kubernetes.io/enforce"
NAME_LABEL = "kubernetes.io/metadata.name"  # every Namespace has it


def names(facts: ManifestFacts) -> Findings:
    seen: Counter = Counter()
    for item in facts.objects:
        seen[_key(facts, item)] += 1
        if item.name and seen[_key(facts, item)] == 2:
            yield ManifestFinding("defined-twice", item, item.metadata["name"], "is defined more than once")


def _key(facts: ManifestFacts, item: Manifest) -> tuple[str, ...]:
    space = "" if is_namespaced(item.api_version, item.kind) is False else facts.namespace_of(item)
    return (group_of(item.api_version), space, item.where)


def namespace(facts: ManifestFacts) -> Findings:
    """Every object is in the environment's namespace, or in one that the manifests define."""
    defined = {item.name for item in facts.of("Namespace")} | {facts.surroundings.namespace} - {""}
    custom = _custom_scopes(facts)
    for item in facts.objects:
        scoped = is_namespaced(item.api_version, item.kind)
        if scoped is None:
            scoped = custom.get((group_of(item.api_version), item.kind))
        own = item.namespace or ("default" if not facts.surroundings.namespace else "")
        if scoped is False or not own or own in defined or (scoped is None and not item.namespace):
            continue
        yield ManifestFinding("namespace", item, item.metadata["namespace"], _outside(facts, own))


def _outside(facts: ManifestFacts, own: str) -> str:
    if environment := facts.surroundings.others.get(own):
        return f"is in namespace {own}, which is {environment}'s"
    return f"is in namespace {own}, which the manifests do not define"


def _custom_scopes(facts: ManifestFacts) -> dict[tuple[str, str], bool]:
    """(group, kind) -> whether it is namespaced, of the custom kinds that the manifests define."""
    scopes = {}
    for definition in facts.of("CustomResourceDefinition"):
        spec = definition.spec
        scopes[spec["group"].text, spec["names"]["kind"].text] = spec["scope"].text != "Cluster"
    return scopes


def pod_security_level(facts: ManifestFacts) -> Findings:
    """The namespace enforces what is asked of its pods, or more."""
    asked = facts.surroundings.policy
    for item in facts.of("Namespace"):
        labels = item.metadata["labels"]
        if labels[LEVEL].value not in (asked, RESTRICTED):
            what = f"does not have the label {LEVEL}: {asked}"
            yield ManifestFinding("pod-security-level", item, labels, what)


def other_environments(facts: ManifestFacts) -> Findings:
    """A field that names another environment's namespace; the object's own is for `namespace`."""
    others = facts.surroundings.others
    for item in facts.objects:
        for field in _naming(item.view):
            if field.path != ("metadata", "namespace") and field.text in others:
                what = f"names namespace {field.text}, which is {others[field.text]}'s"
                yield ManifestFinding("other-environment", item, field, what)


def _naming(view: FieldView) -> Iterator[FieldView]:
    """The values of every key ``namespace`` and of the label that a namespace has its name in."""
    waiting = [view]
    while waiting:
        current = waiting.pop()
        for key, value in current.fields():
            if key in ("namespace", NAME_LABEL):
                yield value
            if key == "key" and value.text == NAME_LABEL:
                yield from current["values"].items()
            waiting.append(value)
        waiting += current.items()
