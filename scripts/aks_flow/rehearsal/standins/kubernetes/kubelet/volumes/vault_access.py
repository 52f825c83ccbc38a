"""What the driver asks of Azure for a pod: its ServiceAccount's token, the identity's for that, and secrets.

https://azure.github.io/secrets-store-csi-driver-provider-azure/docs/configurations/identity-access-modes/workload-identity-mode/
"""

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes.payload import VolumeError

OF_NODE = "vaults.json"  # in the cluster's state: `VaultAccess`, as whoever runs the vaults has written it
TOKENS = "/serviceaccounts/token"  # where the node gets ServiceAccounts' tokens
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_TIMEOUT = 10  # seconds


@dataclass(frozen=True)
class VaultAccess:
    """host:port of vaults, of Entra and of the cluster's tokens, which the node gets with ``header``.

    suffix: of the vaults' names. certificate: a file, all that is trusted.
    """

    host: str
    suffix: str
    header: str
    certificate: str


@dataclass(frozen=True)
class AzureAnswer:
    status: int
    text: str


def read(state: Path) -> VaultAccess:
    """As it stands in the cluster's state; VolumeError if nobody runs vaults."""
    try:
        return VaultAccess(**json.loads((state / OF_NODE).read_text()))
    except FileNotFoundError as error:
        raise VolumeError("this node has no identity in Azure: nothing leads to a Key Vault") from error


def account_token(there: VaultAccess, namespace: str, account: str) -> str:
    """The ServiceAccount's token, for Entra; VolumeError where the cluster gives the driver none."""
    words = urlencode({"namespace": namespace, "account": account})
    answer = _ask(there, "POST", TOKENS, _FORM | {"X-IDENTITY-HEADER": there.header}, words)
    if answer.status != 200:
        raise VolumeError(
            "failed to parse workload identity tokens, error: service account tokens not found "
            f"({answer.text})"
        )
    return json.loads(answer.text)["token"]


def identity_token(there: VaultAccess, tenant: str, client: str, assertion: str) -> str:
    """The identity's token for vaults; VolumeError with Entra's words if it does not trust the assertion."""
    form = {
        "grant_type": "client_credentials",
        "client_id": client,
        "scope": f"https://{there.suffix}/.default",
        "client_assertion_type": _ASSERTION,
        "client_assertion": assertion,
    }
    path = f"/{quote(tenant)}/oauth2/v2.0/token"
    answer = _ask(there, "POST", path, _FORM, urlencode(form))
    if answer.status != 200:
        raise VolumeError(
            "failed to get keyvault client: failed to get authorizer for keyvault client: failed to acquire "
            f"token: FromAssertion(): http call(https://{there.host}{path})(POST) error: reply status code "
            f"was {answer.status}:\n{answer.text}"
        )
    return json.loads(answer.text)["access_token"]


def secret(there: VaultAccess, vault: str, name: str, token: str) -> bytes:
    """A secret's newest value; VolumeError with the vault's words if it is not given."""
    headers = {"Authorization": f"Bearer {token}", "Host": f"{vault}.{there.suffix}"}
    answer = _ask(there, "GET", f"/secrets/{quote(name)}?api-version=7.4", headers)
    if answer.status != 200:
        about = f"objectType:secret, objectName:{name}, objectVersion:"
        raise VolumeError(f"failed to get {about}: {answer.status} {answer.text}")
    return json.loads(answer.text)["value"].encode()


def _ask(
    there: VaultAccess, method: str, path: str, headers: Mapping[str, str], body: str = ""
) -> AzureAnswer:
    trust = ssl.create_default_context(cafile=there.certificate)
    host, _, port = there.host.partition(":")
    connection = http.client.HTTPSConnection(host, int(port), timeout=_TIMEOUT, context=trust)
    try:
        connection.request(method, path, body or None, headers=dict(headers))
        answer = connection.getresponse()
        return AzureAnswer(answer.status, answer.read().decode(errors="replace"))
    except OSError as error:
        raise VolumeError(f"Azure does not answer: {error}") from error
    finally:
        connection.close()
