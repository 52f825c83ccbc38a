"""Signing in to Azure, to its registry and to its cluster, all into folders of the run's own."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from aks_flow.azure import faults
from aks_flow.azure.signin import job_token, kubeconfig
from aks_flow.azure.signin.session import docker_home
from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.core.steps import Steps
from aks_flow.target import docker_login
from aks_flow.tools import docker
from aks_flow.tools.az import Az, account, acr, aks, parse

PLACES = ("registry", "cluster")
_OWN = ("cli", "docker", "kubeconfig", "kube-cache")


@dataclass(frozen=True)
class AzureSignIn:
    """The sign-ins of a run, each into the run's own folders.

    run: its commands find those folders, see `session.variables`. attach: runs a command on the person's
    terminal, and gives its exit code. environment: the person's, or the job's.
    """

    run: Runner
    config: Config
    az: Az
    attach: Callable[..., int]
    environment: Mapping[str, str]

    def everywhere(self, steps: Steps, places: tuple[str, ...] = PLACES) -> None:
        """Sign in to Azure and then to ``places``; one that does not exist yet is noted and left out."""
        self.az.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._forget_tokens()
        with steps("Azure") as step:
            self.to_azure()
            step.note = self._check()
        for place in places:
            with steps(place) as step:
                step.note = self._unless_missing(self.to_registry if place == "registry" else self.to_cluster)

    def again(self, steps: Steps) -> None:
        """A new sign-in that asks nobody: only a job's runs out, az renews a person's by itself."""
        self._forget_tokens()
        if job_token.in_job(self.environment):
            self.to_azure()
        with steps("registry"):
            self.to_registry()

    def _forget_tokens(self) -> None:
        """Those for clusters: they are an earlier sign-in's, or one of them was refused."""
        shutil.rmtree(kubeconfig.kept_tokens(self.az), ignore_errors=True)

    def to_azure(self) -> None:
        """As the job's identity in a workflow, as a person on a terminal."""
        azure = self.config.azure
        if not job_token.in_job(self.environment):
            if self.attach(account.login_person(self.az, azure.tenant)):
                raise AksFlowError("nobody signed in", next_step="Run ./inv azure.login again.")
        elif not (azure.client and azure.tenant):
            step = "./inv azure.github sets the variables; the job's environment must have AZURE_CLIENT_ID."
            raise AksFlowError(
                "it is not known who this job is in Azure", where="azure.client", next_step=step
            )
        else:
            token = job_token.fetch(self.environment)
            self.run.run(account.login_job(self.az, azure.client, azure.tenant, token))
        if self.az.subscription:
            self.run.run(account.choose(self.az))

    def _check(self) -> str:
        """Who is signed in, and to which subscription; AksFlowError for another tenant than configured."""
        signed_in = parse(self.run.run(account.show(self.az)).text)
        tenant = self.config.azure.tenant
        if tenant and signed_in["tenantId"] != tenant:
            what = f"signed in to tenant {signed_in['tenantId']}, not to {tenant}"
            raise AksFlowError(
                what, where="azure.tenant", next_step="Correct it, or sign in as somebody else."
            )
        return f"{signed_in['user']['name']}, subscription {signed_in['name']}"

    def to_registry(self) -> str:
        """docker's login, good for three hours."""
        server, token = acr.parse_token(self.run.run(acr.token(self.az, self.config.azure)).text)
        host = self.config.destination.registry_host
        if server != host:
            step = f"Set targets.{self.config.target}.registry to {server}."
            raise AksFlowError(f"the registry's address is {server}, not {host}", next_step=step)
        docker_login.prepare(docker_home(self.config), self.environment)
        self.run.run(docker.login(host, acr.TOKEN_USER, token))
        return host

    def to_cluster(self) -> str:
        """The kubeconfig, unless kubectl runs elsewhere."""
        target = self.config.destination
        if target.via:
            return f"kubectl runs via {target.via}"
        file = Path(target.kubeconfig)
        file.unlink(missing_ok=True)
        self.run.run(aks.credentials(self.az, self.config.azure, file))
        file.chmod(0o600)
        file.write_text(kubeconfig.let_az_ask(file.read_text(), self.az))
        return str(file.relative_to(self.config.root)) if file.is_relative_to(self.config.root) else str(file)

    @staticmethod
    def _unless_missing(sign_in: Callable[[], str]) -> str:
        try:
            return sign_in()
        except faults.AzureFailed as error:
            if not error.fault.missing:
                raise
            return "there is none yet: ./inv azure.up makes it"


def sign_out(run: Runner, az: Az, home: Path) -> bool:
    """Forget every sign-in of the run's own; False if there was none. What others put into ``home`` stays."""
    own = [home / name for name in _OWN if (home / name).exists()]
    if az.home.is_dir():
        run.run(account.clear(az))
    for path in own:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if own and not any(home.iterdir()):
        home.rmdir()
    return bool(own)
