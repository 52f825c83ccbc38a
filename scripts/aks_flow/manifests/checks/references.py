"""What a pod refers to by name: ConfigMaps, Secrets and their keys, accounts, claims, classes; and roles."""

from collections.abc import Iterator
from dataclasses import dataclass

from aks_flow.manifests.checks.facts import Manifest, ManifestFacts, Workload
from aks_flow.manifests.checks.findings import Findings, ManifestFinding
from aks_flow.manifests.checks.secrets import keys_of
from aks_flow.manifests.checks.view import FieldView

# kind -> where it is named: in a variable, in all variables, in a volume; and where that has the name.
KINDS = {
    "ConfigMap": ("configMapKeyRef", "configMapRef", "configMap", "name"),
    "Secret": ("secretKeyRef", "secretRef", "secret", "secretName"),
}
STORE, CLASS_OF = "secrets-store.csi.k8s.io", "secretProviderClass"


@dataclass(frozen=True)
class PodReference:
    """at: the field that holds the name. keys: those that must be there."""

    kind: str
    at: FieldView
    keys: tuple[FieldView, ...] = ()


def references(facts: ManifestFacts) -> Findings:
    """What the pods cannot start without."""
    for workload in facts.workloads:
        for reference in _named(workload):
            yield from _missing(facts, workload, reference)


def needed(workload: Workload) -> Iterator[PodReference]:
    """All by its kind that the pods cannot start without, but for their volumes' classes."""
    yield from _named(workload)
    if account := workload.pod["serviceAccountName"] or workload.pod["serviceAccount"]:
        yield PodReference("ServiceAccount", account)
    for volume in workload.pod["volumes"].items():
        yield PodReference("PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"])


def _named(workload: Workload) -> Iterator[PodReference]:
    for kind, (variable, variables, volume, name) in KINDS.items():
        for container in workload.containers:
            for entry in container["env"].items():
                yield from _reference(kind, entry["valueFrom"][variable], "name", "key")
            for entry in container["envFrom"].items():
                yield from _reference(kind, entry[variables], "name")
        for entry in workload.pod["volumes"].items():
            yield from _reference(kind, entry[volume], name)
            for source in entry["projected"]["sources"].items():
                yield from _reference(kind, source[volume], "name")


def _reference(kind: str, entry: FieldView, name: str, key: str = "") -> Iterator[PodReference]:
    """None of an optional one."""
    if entry[name].text and entry["optional"].value is not True:
        keys = [entry[key]] if key else [item["key"] for item in entry["items"].items()]
        yield PodReference(kind, entry[name], tuple(key for key in keys if key.text))


def _missing(facts: ManifestFacts, workload: Workload, reference: PodReference) -> Findings:
    kind, name = reference.kind, reference.at.text
    present = keys_of(facts, kind, name, workload.owner)
    if present is None:
        yield ManifestFinding("reference", workload.owner, reference.at, f"{kind} {name} does not exist")
        return
    for key in reference.keys:
        if key.text not in present:
            yield ManifestFinding("key", workload.owner, key, f"{kind} {name} has no key {key.text}")


def accounts(facts: ManifestFacts) -> Findings:
    for workload in facts.workloads:
        at = workload.pod["serviceAccountName"] or workload.pod["serviceAccount"]
        if at.text not in ("", "default") and not facts.exists("ServiceAccount", at.text, workload.owner):
            yield ManifestFinding(
                "service-account", workload.owner, at, f"ServiceAccount {at.text} does not exist"
            )
        yield from _pull_secrets(facts, workload.owner, workload.pod)
    for account in facts.of("ServiceAccount"):
        yield from _pull_secrets(facts, account, account.view)


def _pull_secrets(facts: ManifestFacts, owner: Manifest, holder: FieldView) -> Findings:
    for entry in holder["imagePullSecrets"].items():
        name = entry["name"]
        if name.text and keys_of(facts, "Secret", name.text, owner) is None:
            yield ManifestFinding("pull-secret", owner, name, f"Secret {name.text} does not exist")


def claims(facts: ManifestFacts) -> Findings:
    for workload in facts.workloads:
        for volume in workload.pod["volumes"].items():
            claim = volume["persistentVolumeClaim"]["claimName"]
            if claim.text and not _has_claim(facts, claim.text, workload.owner):
                what = f"PersistentVolumeClaim {claim.text} does not exist"
                yield ManifestFinding("volume-claim", workload.owner, claim, what)


def secret_classes(facts: ManifestFacts) -> Findings:
    for workload in facts.workloads:
        for volume in workload.pod["volumes"].items():
            if volume["csi"]["driver"].text == STORE:
                yield from _secret_class(facts, workload, volume["csi"]["volumeAttributes"][CLASS_OF])


def _secret_class(facts: ManifestFacts, workload: Workload, name: FieldView) -> Findings:
    """One that the manifests have says itself as whom it reads."""
    if not facts.exists("SecretProviderClass", name.text, workload.owner):
        what = f"SecretProviderClass {name.text} does not exist"
        yield ManifestFinding("secret-class", workload.owner, name, what)
    trusted = facts.surroundings.mounted_by.get(name.text)
    if trusted is None or facts.named("SecretProviderClass", name.text, workload.owner):
        return
    at = workload.pod["serviceAccountName"] or workload.pod["serviceAccount"]
    account = at.text or "default"
    if account not in trusted:
        which = f"as ServiceAccount {account}, which may not read the vault"
        what = f"mounts {name.text} {which}; {', '.join(trusted)} may"
        yield ManifestFinding("vault-account", workload.owner, at or name, what)


def _has_claim(facts: ManifestFacts, name: str, near: Manifest) -> bool:
    """Those that a StatefulSet makes are called template-set-ordinal."""
    stem, _, ordinal = name.rpartition("-")
    stems = {
        f"{template['metadata']['name'].text}-{owner.name}"
        for owner in facts.of("StatefulSet")
        for template in owner.spec["volumeClaimTemplates"].items()
    }
    return facts.exists("PersistentVolumeClaim", name, near) or (ordinal.isdigit() and stem in stems)


def roles(facts: ManifestFacts) -> Findings:
    """A ClusterRole may be the cluster's own; a Role is in the binding's namespace."""
    for binding in facts.of("RoleBinding"):
        role = binding.view["roleRef"]
        if role["kind"].text == "Role" and not facts.exists("Role", role["name"].text, binding):
            yield ManifestFinding("role", binding, role["name"], f"Role {role['name'].text} does not exist")
    for binding in facts.of("RoleBinding", "ClusterRoleBinding"):
        for subject in binding.view["subjects"].items():
            yield from _subject(facts, binding, subject)


def _subject(facts: ManifestFacts, binding: Manifest, subject: FieldView) -> Findings:
    """An account of another namespace cannot be seen from here, unless it is meant to be one of these."""
    name, space = subject["name"].text, subject["namespace"].text
    if subject["kind"].text != "ServiceAccount":
        return
    if not space:
        yield ManifestFinding(
            "role", binding, subject, f"ServiceAccount {name} is named without its namespace"
        )
        return
    here = {facts.namespace_of(item) for item in facts.objects if item.namespace} | {
        facts.surroundings.namespace
    }
    accounts = {(facts.namespace_of(item), item.name) for item in facts.of("ServiceAccount")}
    elsewhere = facts.made_elsewhere("ServiceAccount")
    if space in here and name != "default" and name not in elsewhere and (space, name) not in accounts:
        yield ManifestFinding("role", binding, subject["name"], f"ServiceAccount {name} does not exist")
    is_ours = name in {account for _, account in accounts}
    named = {(entry["namespace"].text, entry["name"].text) for entry in binding.view["subjects"].items()}
    if space not in {*here, *facts.surroundings.others} and is_ours and not named & accounts:
        what = f"ServiceAccount {name} is looked for in {space}, where the manifests do not have it"
        yield ManifestFinding("role", binding, subject["namespace"], what)
