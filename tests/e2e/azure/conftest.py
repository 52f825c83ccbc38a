"""The rehearsal's Azure with the real `az` in front of it: one of each for the session."""

import json
import os
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from aks_flow.core import wait
from aks_flow.core.config import Config
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.azure import azure_process, client, github_tokens
from aks_flow.rehearsal.standins.azure.arm import access
from aks_flow.rehearsal.standins.azure.client import Client
from aks_flow.rehearsal.standins.azure.faults import FILE
from aks_flow.rehearsal.standins.azure.resources import identities
from aks_flow.rehearsal.standins.azure.seed import Seed
from tests.e2e.conftest import Cluster
from tests.e2e.standin import configuration

SUBJECT = "repo:owner/name:environment:dev"
AUDIENCE = "api://AzureADTokenExchange"


@dataclass(frozen=True)
class Estate:
    """Resource ids, and the identity's client and object id."""

    group: str
    registry: str
    cluster: str
    client: str
    principal: str


@dataclass(frozen=True)
class Azure:
    """The stand-in and the owner's `az`."""

    config: Config
    seed: Seed
    client: Client

    def az(self, *words: object, home: Path | None = None, input: str = "") -> subprocess.CompletedProcess:
        """Run the real `az`; ``home``: another folder of sign-ins than the owner's."""
        environment = {**os.environ, **self.client.environment}
        if home:
            environment["AZURE_CONFIG_DIR"] = str(home)
        argv = [self.client.az, *(str(word) for word in words), "--only-show-errors"]
        return subprocess.run(argv, env=environment, capture_output=True, text=True, input=input, timeout=120)

    def ok(self, *words: object, **rest):
        """The JSON that a call answers with; a failed call fails the test."""
        ran = self.az(*words, "--output", "json", **rest)
        assert ran.returncode == 0, f"az {words}: {ran.stderr}"
        return json.loads(ran.stdout) if ran.stdout.strip() else None

    def refused(self, *words: object, **rest) -> str:
        """What a call says that must fail."""
        ran = self.az(*words, **rest)
        assert ran.returncode != 0, f"az {words} succeeded: {ran.stdout}"
        return ran.stderr

    def other(self, folder: Path) -> Path:
        """Another folder of sign-ins, at the same cloud."""
        client.prepare(Local(), azure_process.process(self.config).folder, folder, self.client.url, print)
        return folder

    def job_token(self, subject: str, audience: str = AUDIENCE) -> str:
        """What GitHub gives a job with this subject."""
        url = f"{github_tokens.request_url(self.client.url, subject)}&audience={quote(audience)}"
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {self.seed.request_token}"})
        trust = ssl.create_default_context(cafile=str(self.client.certificate))
        with urllib.request.urlopen(request, context=trust) as answer:
            return json.load(answer)["value"]

    def assign(self, role: str, principal: str, scope: str) -> None:
        who = ("--assignee-object-id", principal, "--assignee-principal-type", "ServicePrincipal")
        self.ok("role", "assignment", "create", "--role", role, *who, "--scope", scope)
        counts = time.time() + access.SECONDS
        wait.until(lambda: time.time() > counts, f"role {role}", 60)

    @contextmanager
    def faults(self, *entries: dict) -> Iterator[None]:
        """Faults for the time of the block."""
        file = azure_process.process(self.config).folder / FILE
        file.write_text(json.dumps(entries))
        try:
            yield
        finally:
            file.unlink()

    def restart(self) -> None:
        azure_process.stop(self.config)
        azure_process.ensure(Local(), self.config)


@pytest.fixture(scope="package")
def azure(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azure]:
    yield from start(cluster, tmp_path_factory.mktemp("azure"))


def start(cluster: Cluster, folder: Path) -> Iterator[Azure]:
    """The stand-in in front of the registry and the cluster under test."""
    config = configuration(folder, cluster.registry)
    config.state.mkdir()
    (config.state / "kubeconfig").symlink_to(cluster.kubectl.kubeconfig)
    try:
        seed = azure_process.ensure(Local(), config)
        url = f"https://{azure_process.address(config)}"
        folder = azure_process.process(config).folder
        found = client.prepare(Local(), folder, folder / "owner", url, print)
        client.sign_in_owner(Local(), found, seed)
        yield Azure(config, seed, found)
    finally:
        azure_process.stop(config)


@pytest.fixture(scope="package")
def estate(azure: Azure) -> Estate:
    """A group with a registry, a cluster and an identity that GitHub's environment ``dev`` may be."""
    group = azure.ok("group", "create", "--name", "estate", "--location", "westeurope")["id"]
    for provider in ("Compute", "Network", "Storage"):
        azure.ok("provider", "register", "--namespace", f"Microsoft.{provider}")
    for provider in ("ContainerRegistry", "ContainerService"):  # meanwhile those are registered, too
        azure.ok("provider", "register", "--namespace", f"Microsoft.{provider}", "--wait")
    like = ("--sku", "Basic", "--role-assignment-mode", "rbac")
    registry = azure.ok(*_named("acr create", "estate01"), *like)["id"]
    nodes = ("--node-count", 1, "--no-ssh-key", "--enable-aad", "--enable-azure-rbac")
    nodes += ("--enable-addons", "azure-keyvault-secrets-provider")
    nodes += ("--enable-oidc-issuer", "--enable-workload-identity")
    cluster = azure.ok(*_named("aks create", "estate"), *nodes, "--disable-local-accounts", "--yes")["id"]
    identity = azure.ok(*_named("identity create", "deployer"))
    known = time.time() + identities.SECONDS
    wait.until(lambda: time.time() > known, "the identity to be known", 60)
    trust = ("--identity-name", "deployer", "--issuer", github_tokens.ISSUER, "--audiences", AUDIENCE)
    words = (*_named("identity federated-credential create", "github"), *trust, "--subject", SUBJECT)
    azure.ok(*words)
    azure.assign("AcrPush", identity["principalId"], registry)
    return Estate(group, registry, cluster, identity["clientId"], identity["principalId"])


def _named(verb: str, name: str) -> tuple[str, ...]:
    return (*verb.split(), "--name", name, "--resource-group", "estate")


@pytest.fixture
def deployer(azure: Azure, estate: Estate, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the identity is signed in, with GitHub's token.

    For one test: az shows that token again for each new audience, and it lasts for five minutes.
    """
    home = azure.other(tmp_path_factory.mktemp("deployer"))
    who = ("--service-principal", "--username", estate.client, "--tenant", azure.seed.tenant)
    token = azure.job_token(SUBJECT)
    azure.ok("login", *who, "--federated-token", "@-", "--allow-no-subscriptions", home=home, input=token)
    return home
