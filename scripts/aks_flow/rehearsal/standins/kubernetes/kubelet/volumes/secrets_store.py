"""The Secrets Store driver with its Azure provider, as far as a password needs it: secrets of a Key Vault.

They become files of the volume and, where the SecretProviderClass says so, a Secret. Read once, when a pod
mounts them, by workload identity alone: nothing is rotated. https://secrets-store-csi-driver.sigs.k8s.io
"""

import base64
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import yaml

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes import vault_access
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes.payload import DEFAULT_MODE, File, VolumeError
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes.vault_access import VaultAccess
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects

DRIVER = "secrets-store.csi.k8s.io"
_CLASS = ("secrets-store.csi.x-k8s.io", "v1", "secretproviderclasses")
_MANAGED = {"secrets-store.csi.k8s.io/managed": "true"}
LATER = 5  # seconds from the mount to the Secret
_FAILED = "rpc error: code = Unknown desc = "


def provider_class(objects: Objects, namespace: str, volume: Mapping) -> dict:
    """The SecretProviderClass that a csi volume names; VolumeError if there is none."""
    if volume["csi"]["driver"] != DRIVER:
        raise VolumeError(
            f"driver name {volume['csi']['driver']} not found in the list of registered CSI drivers"
        )
    name = (volume["csi"].get("volumeAttributes") or {}).get("secretProviderClass", "")
    kind = objects.kinds.by_plural(*_CLASS)
    provider = kind and objects.find(kind, namespace, name)
    if not provider:
        raise VolumeError(f'failed to get secretproviderclass {namespace}/{name}, error: "{name}" not found')
    return provider


def read(state: Path, provider: Mapping, pod: Mapping) -> dict[str, bytes]:
    """The secrets by objectName, from the vault; VolumeError with what it answered. Blocks: for a thread."""
    about = pod["metadata"]
    try:
        return _values(vault_access.read(state), provider["spec"].get("parameters") or {}, pod)
    except VolumeError as error:
        raise VolumeError(
            f"{_FAILED}failed to mount secrets store objects for pod {about['namespace']}/{about['name']}, "
            f"err: {_FAILED}failed to mount objects, error: {error}"
        ) from error


def _values(there: VaultAccess, parameters: Mapping[str, str], pod: Mapping) -> dict[str, bytes]:
    """As whoever the pod's ServiceAccount may be."""
    client, tenant = _identity(parameters)
    account = pod["spec"].get("serviceAccountName") or "default"
    shown = vault_access.account_token(there, pod["metadata"]["namespace"], account)
    token = vault_access.identity_token(there, tenant, client, shown)
    entries = yaml.safe_load(parameters.get("objects") or "{}").get("array") or ()
    names = [yaml.safe_load(entry)["objectName"] for entry in entries]
    vault = parameters.get("keyvaultName", "")
    return {name: vault_access.secret(there, vault, name, token) for name in names}


def _identity(parameters: Mapping[str, str]) -> tuple[str, str]:
    """The client id and the tenant of whom the class names."""
    client, tenant = parameters.get("clientID"), parameters.get("tenantID") or parameters.get("tenantId")
    if parameters.get("useVMManagedIdentity", "").lower() == "true":
        raise VolumeError(
            "the rehearsal's driver is no identity of a machine: the class must name a clientID"
        )
    if not client:
        raise VolumeError(
            "failed to create auth config, error: failed to get credentials, "
            "nodePublishSecretRef secret is not set"
        )
    if not tenant:
        raise VolumeError("tenantId is not set")
    return client, tenant


def files(values: Mapping[str, bytes]) -> dict[str, File]:
    return {name: File(value, DEFAULT_MODE) for name, value in values.items()}


def synchronise(objects: Objects, pod: Mapping, provider: Mapping, values: Mapping[str, bytes]) -> None:
    """Make the Secrets that the class asks for; one that is there keeps what it has, whoever made it.

    They go with the last of the pods that mount the class: each is an owner.
    """
    about = pod["metadata"]
    if not objects.find(kinds.POD, about["namespace"], about["name"]):
        return
    for wish in provider["spec"].get("secretObjects") or ():
        _create(objects, about["namespace"], wish, values)
        objects.modify(kinds.SECRET, about["namespace"], wish["secretName"], partial(_own, about))


def _create(objects: Objects, namespace: str, wish: Mapping, values: Mapping[str, bytes]) -> None:
    data = {entry["key"]: base64.b64encode(values[entry["objectName"]]).decode() for entry in wish["data"]}
    about = {"name": wish["secretName"], "namespace": namespace, "labels": dict(_MANAGED)}
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": about, "type": wish["type"], "data": data}
    try:
        objects.create(kinds.SECRET, secret)
    except StatusError as error:
        if error.reason != "AlreadyExists":
            raise


def _own(about: Mapping, secret: dict) -> None:
    """Add a pod to a Secret's owners. In Kubernetes the owner is an object that goes with the pod."""
    owner = {"apiVersion": "v1", "kind": "Pod", "name": about["name"], "uid": about["uid"]}
    owners = secret["metadata"].setdefault("ownerReferences", [])
    if owner not in owners:
        owners.append(owner)
