"""A Key Vault by the real `az`, and its secrets in pods: who has the role reads, who has not is told."""

import base64
import json
import shutil

import pytest

from aks_flow.azure import secret_classes
from aks_flow.azure.identity import access
from aks_flow.azure.plan.facts import AzureFacts
from aks_flow.core import wait
from aks_flow.core.command import Secret
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes.vault_access import OF_NODE
from aks_flow.tools.az import AUDIENCE, keyvault
from tests.e2e.azure import tasks
from tests.e2e.azure.test_tasks_jobs import Watched
from tests.e2e.standin import helper_image

VAULT, PASSWORD = "estate-vault", "open-sesame-1001"
_WHERE = ("--name", VAULT, "--resource-group", "estate")


@pytest.fixture(scope="module")
def config(azure, tmp_path_factory):
    """The estate's, with a vault."""
    names = {"group": "estate", "registry": {"name": "estate01"}, "cluster": {"name": "estate"}}
    folder = tmp_path_factory.mktemp("vault")
    return tasks.configured(azure, folder, vault=VAULT, admins={azure.seed.admins: "Group"}, **names)


@pytest.fixture(scope="module")
def vault(azure, estate, config):
    """A vault with a password in it; its id. What setting it showed to anybody is in `shown`."""
    azure.ok("provider", "register", "--namespace", "Microsoft.KeyVault", "--wait")
    made = azure.ok("keyvault", "create", *_WHERE, "--enable-rbac-authorization", "true")
    assert made["properties"]["provisioningState"] == "Succeeded"
    return made["id"]


@pytest.fixture(scope="module")
def filled(azure, vault, config):
    """What everybody could see while the password was put in."""
    said = azure.refused("keyvault", "secret", "list", "--vault-name", VAULT)
    assert "ForbiddenByRbac" in said
    azure.assign(access.SECRETS_WRITER, azure.seed.owner_object, vault)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in azure.client.environment.items():
            patch.setenv(name, value)
        tasks.owner(azure, config)
        watched = Watched()
        az = tasks.wanted(config).az
        watched.run(
            keyvault.set_secret(az, config.azure, access.secret_names(config, "dev")[0], Secret(PASSWORD))
        )
    return watched.seen


def test_a_password_goes_in_and_is_seen_nowhere(azure, filled):
    assert PASSWORD not in filled
    [listed] = azure.ok("keyvault", "secret", "list", "--vault-name", VAULT)
    assert listed["name"] == "dev--redis-auth--password" and "value" not in listed
    shown = azure.ok(
        "keyvault", "secret", "show", "--vault-name", VAULT, "--name", "dev--redis-auth--password"
    )
    assert shown["value"] == PASSWORD


def test_a_removed_vault_keeps_its_name_and_comes_back_with_its_secrets(azure, vault, filled):
    azure.ok("keyvault", "delete", *_WHERE)
    [removed] = azure.ok("keyvault", "list-deleted", "--resource-type", "vault")
    assert removed["name"] == VAULT
    assert "already exists in deleted state" in azure.refused("keyvault", "create", *_WHERE)
    azure.ok("keyvault", "recover", *_WHERE, "--location", "westeurope")
    azure.assign(access.SECRETS_WRITER, azure.seed.owner_object, vault)  # roles do not come back
    assert len(azure.ok("keyvault", "secret", "list", "--vault-name", VAULT)) == 1


@pytest.fixture
def namespace(cluster, azure, kubectl, namespace):
    """A namespace of a cluster whose node is the estate's: with its identity in Azure."""
    if cluster.standin is None:
        pytest.skip("the Secrets Store driver is the rehearsal's; this run is against a given cluster")
    known = azure.config.state / "cluster" / OF_NODE
    state = cluster.standin.config.state / "cluster"
    shutil.copy(known, state)
    yield namespace
    (state / OF_NODE).unlink()


def test_a_pod_reads_what_the_identity_may_that_trusts_its_service_account(
    azure, filled, vault, config, kubectl, namespace
):
    account = {"id": azure.seed.subscription, "tenantId": azure.seed.tenant}
    [reader] = access.vault_readers(config).values()
    identity = azure.ok("identity", "create", "--name", reader, "--resource-group", "estate")
    cluster = azure.ok("aks", "show", "--name", "estate", "--resource-group", "estate")
    facts = AzureFacts(account, cluster=cluster, identities={reader: identity})
    objects = secret_classes.objects(config, facts).replace("vote-dev", namespace)
    kubectl.ok("apply", "--filename=-", stdin=objects)
    kubectl.ok("apply", "--filename=-", stdin=json.dumps(_pod(namespace, str(helper_image(azure.config)))))

    def refused(words: str) -> None:
        events = ("get", "events", "--namespace", namespace, "--output=json")
        wait.until(lambda: words in kubectl.ok(*events), f"{words} in an event", 30)

    refused("AADSTS700211")
    trusted = ("--issuer", cluster["oidcIssuerProfile"]["issuerUrl"], "--audiences", AUDIENCE)
    words = ("identity", "federated-credential", "create", "--name", "account-default", *trusted)
    where = ("--identity-name", reader, "--resource-group", "estate")
    words += (*where, "--subject", access.account_subject(namespace, "default"))
    wait.until(lambda: azure.az(*words).returncode == 0, "the identity to be known", 60)
    refused("ForbiddenByRbac")
    azure.assign(access.SECRETS_READER, identity["principalId"], f"{vault}/secrets/dev--redis-auth--password")
    kubectl.ok("wait", "pod/reader", "--namespace", namespace, "--for=condition=Ready", "--timeout=60s")
    assert kubectl.ok("logs", "reader", "--namespace", namespace).strip() == f"{PASSWORD} {PASSWORD}"
    secret = json.loads(kubectl.ok("get", "secret/redis-auth", "--namespace", namespace, "--output=json"))
    assert base64.b64decode(secret["data"]["password"]).decode() == PASSWORD


def _pod(namespace: str, image: str) -> dict:
    """Says the password as a file and as a variable from the Secret."""
    attributes = {"secretProviderClass": "redis-auth"}
    csi = {"driver": "secrets-store.csi.k8s.io", "readOnly": True, "volumeAttributes": attributes}
    reference = {"secretKeyRef": {"name": "redis-auth", "key": "password"}}
    container = {
        "name": "reader",
        "image": image,
        "command": ["sh", "-c", 'echo "$(cat /mnt/vault/dev--redis-auth--password) $WORD"; exec sleep 600'],
        "env": [{"name": "WORD", "valueFrom": reference}],
        "volumeMounts": [{"name": "vault", "mountPath": "/mnt/vault", "readOnly": True}],
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "reader", "namespace": namespace},
        "spec": {
            "terminationGracePeriodSeconds": 0,
            "containers": [container],
            "volumes": [{"name": "vault", "csi": csi}],
        },
    }
