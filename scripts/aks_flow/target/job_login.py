"""The logins of a job at a target that is not Azure: from its secrets into a folder of the run's own.

GitHub makes that folder for each job. What a job may reach is then in no file of the machine's user, and
`logout` removes all of it.
"""

import base64
import binascii
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core import yaml_text
from aks_flow.core.command import Secret
from aks_flow.core.config.target import Target
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.target import docker_login
from aks_flow.tools import docker

USER, PASSWORD = "AKSFLOW_REGISTRY_USER", "AKSFLOW_REGISTRY_PASSWORD"
KUBECONFIG = "AKSFLOW_KUBECONFIG"
_OWN_REGISTRY, _OWN_TOKEN = "ghcr.io", "GITHUB_TOKEN"  # GitHub's registry takes the workflow's token


def home(environment: Mapping[str, str]) -> Path:
    """The folder of the run's own logins; AksFlowError outside of a workflow."""
    if not environment.get("RUNNER_TEMP"):
        step = "Log in with `docker login`, and let kubectl know the cluster; both are used as they are."
        raise AksFlowError("only a workflow's job has logins of its own", next_step=step)
    return Path(environment["RUNNER_TEMP"]) / "aks-flow"


@dataclass(frozen=True)
class JobLogin:
    """One job's, at one target. folder: as of `home`. environment: the job's variables."""

    run: Runner
    target: Target
    folder: Path
    environment: Mapping[str, str]

    @property
    def docker(self) -> Path:
        return self.folder / "docker"

    @property
    def kubeconfig(self) -> Path:
        return self.folder / "kubeconfig"

    def to_registry(self) -> str:
        """Log docker in, beside what it knew before; the registry's host, "" if nobody said how."""
        login, host = self._login(), self.target.registry_host
        if login is None:
            return ""
        docker_login.lend(self.docker, self.environment)
        user, password = login
        self.run.run(docker.login(host, user, password).with_env(DOCKER_CONFIG=str(self.docker)))
        return host

    def to_cluster(self) -> bool:
        """Write the kubeconfig; False if nobody gave one. AksFlowError for a text that is none."""
        text = self.environment.get(KUBECONFIG, "")
        if not text:
            return False
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.kubeconfig.unlink(missing_ok=True)
        self.kubeconfig.touch(mode=0o600)
        self.kubeconfig.write_text(_kubeconfig(text))
        return True

    def _login(self) -> tuple[str, Secret] | None:
        user, password = self.environment.get(USER, ""), self.environment.get(PASSWORD, "")
        if password and not user:
            step = "Give the registry's user too: the input `registry-user`."
            raise AksFlowError("a password without its user", where=USER, next_step=step)
        if password:
            return user, Secret(password)
        token = self.environment.get(_OWN_TOKEN, "")
        if self.target.registry_host == _OWN_REGISTRY and token:
            return self.environment.get("GITHUB_ACTOR") or "token", Secret(token)
        return None


def remove(folder: Path) -> bool:
    """Forget every login of the job; False if there was none."""
    if not folder.exists():
        return False
    shutil.rmtree(folder)
    return True


def _kubeconfig(text: str) -> str:
    """As it was given, or decoded from base64."""
    for read in (lambda: text, lambda: base64.b64decode("".join(text.split()), validate=True).decode()):
        try:
            plain = read()
            if isinstance(document := yaml_text.load(plain), dict) and document.get("clusters"):
                return plain
        except (binascii.Error, UnicodeDecodeError, yaml_text.NotYaml):
            continue
    step = "Give the file's whole text: `kubectl config view --raw --minify --flatten` prints it."
    raise AksFlowError("this is no kubeconfig", where=KUBECONFIG, next_step=step)
