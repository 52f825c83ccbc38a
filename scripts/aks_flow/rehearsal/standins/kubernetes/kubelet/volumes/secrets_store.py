"""The Secrets Store driver with its Azure provider, as far as a password needs it: secrets of a Key Vault.

They become files of the volume and, where the SecretProviderClass says so, a Secret. Read once, when a pod
mounts them: nothing is rotated. https://secrets-store-csi-driver.sigs.k8s.io
"""

import base64
import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import yaml

from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes.payload import DEFAULT_MODE, File, VolumeError
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects
from aks_flow.rehearsal.standins.kubernetes.objects.status import StatusError

DRIVER = "secrets-store.csi.k8s.io"
OF_NODE = "vaults.json"  # in the cluster's state: `Reach`, as whoever runs the vaults has written it
_CLASS = ("secrets-store.csi.x-k8s.io", "v1", "secretproviderclasses")
_MANAGED = {"secrets-store.csi.k8s.io/managed": "true"}
LATER = 5  # seconds from the mount to the Secret
_TIMEOUT = 10  # seconds


@dataclass(frozen=True)
class VaultAccess:
    """host:port of vaults and of the node's identity endpoint, whose secret is ``header``.

    suffix: of the vaults' names. certificate: a file, all that is trusted.
    """

    host: str
    suffix: str
    header: str
    certificate: str


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


def read(state: Path, provider: Mapping) -> dict[str, bytes]:
    """The secrets by objectName, from the vault; VolumeError with what it answered. Blocks: for a thread."""
    try:
        reach = VaultAccess(**json.loads((state / OF_NODE).read_text()))
    except FileNotFoundError as error:
        raise VolumeError("this node has no identity in Azure: nothing leads to a Key Vault") from error
    parameters = provider["spec"].get("parameters") or {}
    entries = yaml.safe_load(parameters.get("objects") or "{}").get("array") or ()
    names = [yaml.safe_load(entry)["objectName"] for entry in entries]
    token = _token(reach, parameters.get("userAssignedIdentityID", ""))
    return {name: _secret(reach, parameters.get("keyvaultName", ""), name, token) for name in names}


def _token(reach: VaultAccess, client: str) -> str:
    asked = f"/msi/token?client_id={quote(client)}&resource={quote(f'https://{reach.suffix}', safe='')}"
    return _ask(reach, asked, {"X-IDENTITY-HEADER": reach.header})["access_token"]


def _secret(reach: VaultAccess, vault: str, name: str, token: str) -> bytes:
    headers = {"Authorization": f"Bearer {token}", "Host": f"{vault}.{reach.suffix}"}
    return _ask(reach, f"/secrets/{quote(name)}?api-version=7.4", headers)["value"].encode()


def _ask(reach: VaultAccess, path: str, headers: Mapping[str, str]) -> dict:
    trust = ssl.create_default_context(cafile=reach.certificate)
    host, _, port = reach.host.partition(":")
    connection = http.client.HTTPSConnection(host, int(port), timeout=_TIMEOUT, context=trust)
    try:
        connection.request("GET", path, headers=dict(headers))
        answer = connection.getresponse()
        body = answer.read()
    except OSError as error:
        raise VolumeError(f"Azure does not answer: {error}") from error
    finally:
        connection.close()
    if answer.status != 200:
        raise VolumeError(
            f"failed to mount secrets store objects: {answer.status} {body.decode(errors='replace')}"
        )
    return json.loads(body)


def files(values: Mapping[str, bytes]) -> dict[str, File]:
    return {name: File(value, DEFAULT_MODE) for name, value in values.items()}


def synchronise(objects: Objects, namespace: str, provider: Mapping, values: Mapping[str, bytes]) -> None:
    """Make the Secrets that the class asks for, or bring them up to date."""
    for wish in provider["spec"].get("secretObjects") or ():
        data = {
            entry["key"]: base64.b64encode(values[entry["objectName"]]).decode() for entry in wish["data"]
        }
        about = {"name": wish["secretName"], "namespace": namespace, "labels": dict(_MANAGED)}
        secret = {"apiVersion": "v1", "kind": "Secret", "metadata": about, "type": wish["type"], "data": data}
        _put(objects, namespace, secret)


def _put(objects: Objects, namespace: str, secret: dict) -> None:
    try:
        objects.create(kinds.SECRET, secret)
    except StatusError as error:
        if error.reason != "AlreadyExists":
            raise
        name, data = secret["metadata"]["name"], secret["data"]
        objects.modify(kinds.SECRET, namespace, name, lambda stored: stored.update(data=data))
