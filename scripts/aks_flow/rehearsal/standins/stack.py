"""The stand-ins as one thing: up, down, status."""

import asyncio
import http.client
import shlex
import shutil
import ssl
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.command import Command, command
from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from aks_flow.core.steps import Steps
from aks_flow.image.names import repository
from aks_flow.rehearsal.standins.argocd import argocd_process
from aks_flow.rehearsal.standins.azure import azure_process
from aks_flow.rehearsal.standins.docker import base_images, engine, helper, registry
from aks_flow.rehearsal.standins.github import github_process
from aks_flow.rehearsal.standins.identity import LABEL, identity
from aks_flow.rehearsal.standins.kubernetes import credentials
from aks_flow.rehearsal.standins.process.processes import SOURCES, Process, cluster, runs_at
from aks_flow.rehearsal.standins.programs import machine
from aks_flow.rehearsal.standins.programs.bring import bring, lacking, needed_by_rehearsal
from aks_flow.rehearsal.standins.turns import locked
from aks_flow.target.registry import RegistryClient

API_PORT_KEY = "rehearsal.api_port"
_IMAGE_NAME = '{{.Repository}}{{if eq .Tag "<none>"}}@{{.Digest}}{{else}}:{{.Tag}}{{end}}'
COMPANIONS = ("load", "kubectl-proxy")  # processes of a scenario, which a killed one leaves behind


@dataclass(frozen=True)
class Part:
    """One stand-in's state, for `rehearsal.status`: its process id or None, and where it answers.

    container: the name of the one that it runs as, "" for a process.
    """

    name: str
    pid: int | None
    address: str
    log: Path
    container: str = ""

    @property
    def state(self) -> str:
        running = self.container or self.pid
        return f"running ({running})" if running else "not running"


def up(run: Local, config: Config, steps: Steps, tell: Callable[[str], None]) -> None:
    """Start what is not running; a second call changes nothing."""
    with locked(config):
        for process in _from_sources(config):
            process.stop_without_folder()
        # A port that is taken, or has changed, is said before anything is installed or started.
        registry.is_running(run, config)
        runs_at(cluster(config), config.rehearsal.api_port, API_PORT_KEY)
        here = machine.here()
        bring(run, lacking(needed_by_rehearsal(run), here), here, tell)
        with steps("engine"):
            engine.ensure(run, config.state, tell)
        with steps("registry"):
            registry.ensure(run, config)
        with steps("base images"):
            helper.ensure(run, RegistryClient(f"localhost:{config.registry_port}"), config, tell)
        with steps("cluster"):
            start_cluster(run, config)
        with steps("GitHub"):
            github_process.ensure(run, config)
        with steps("Argo CD"):
            argocd_process.ensure(run, config)


def start_cluster(run: Local, config: Config) -> None:
    """Start the stand-in cluster unless it runs; its registry and helper image must be there."""
    process, port = cluster(config), config.rehearsal.api_port
    if runs_at(process, port, API_PORT_KEY):
        return
    credentials.make(process.folder)
    credentials.write_private(config.state / "kubeconfig", credentials.kubeconfig(process.folder, port))
    process.start(run, serve(config), port)
    process.ready(lambda: _is_ready(process.folder, port), "an answer of the API server", seconds=20)


def serve(config: Config) -> Command:
    """The stand-in cluster's process."""
    registry_host = f"localhost:{config.registry_port}"
    return command(
        *(sys.executable, "-m", "aks_flow.rehearsal.standins.kubernetes"),
        *("--state", cluster(config).folder, "--id", identity(config), "--port", config.rehearsal.api_port),
        *("--registry", registry_host, "--helper-image", helper.copy(config)),
        *("--ingress-port", config.rehearsal.ingress_port),
        cwd=SOURCES,
    )


def _is_ready(folder: Path, port: int) -> bool:
    """Asked on this machine itself, and never through a proxy that the environment names."""
    trust = ssl.create_default_context(cafile=str(folder / "tls.crt"))
    token = {"Authorization": f"Bearer {(folder / 'token').read_text()}"}
    connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=1, context=trust)
    try:
        connection.request("GET", "/readyz", headers=token)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def down(run: Local, config: Config, steps: Steps) -> None:
    """Remove this rehearsal's processes, containers, networks and state, and nothing of anyone else's."""
    with locked(config):
        if cluster(config).folder.is_dir() and not engine.is_here(run):
            engine.need_access(run)
            step = "Start the engine (or unset DOCKER_HOST); then run this again."
            raise AksFlowError("without a Docker engine the containers cannot be removed", next_step=step)
        with steps("Azure"):
            azure_process.stop(config)
        with steps("GitHub"):
            github_process.stop(config)
        with steps("Argo CD"):
            argocd_process.stop(config)
            for name in COMPANIONS:
                Process(name, config.state).stop()
        with steps("cluster"):
            remove_cluster(run, config)
            _forget_images(run, config)
        with steps("registry"):
            registry.stop(config)
        with steps("engine") as step:
            step.note = "stopped" if engine.stop_own(run, config.state) else "left as it is"
        if not engine.process(config.state).pid():
            shutil.rmtree(config.state, ignore_errors=True)


def remove_cluster(run: Local, config: Config) -> None:
    """Stop the cluster's process and remove its containers, networks and volumes."""
    cluster(config).stop()
    _remove_containers(run, config)


def _remove_containers(run: Local, config: Config) -> None:
    if not engine.is_here(run):
        return
    from aks_flow.rehearsal.standins.kubernetes.kubelet import (
        cleanup,  # the engine's client takes its time to import
    )

    try:
        asyncio.run(cleanup.remove_all(identity(config)))
    except (cleanup.EngineDown, cleanup.EngineError, TimeoutError) as error:
        label = f"docker ps --all --filter=label={LABEL}={identity(config)}"
        what = f"the engine does not remove the rehearsal's containers ({error or 'it took too long'})"
        raise AksFlowError(what, next_step=f"Look at `{label}`; then run this again.") from error


def _forget_images(run: Local, config: Config) -> None:
    """Take this registry's names off the engine; the replacements of base images keep their own."""
    if not engine.is_here(run):
        return
    own = [repository(config, name) for name in config.app.built_images]
    own += [helper.copy(config), *base_images.copies(config)]
    for name in (*(image.name for image in own), f"{azure_process.address(config)}/*"):
        pattern = f"--filter=reference={name}"
        names = run.run(
            command("docker", "images", "--digests", "--format", _IMAGE_NAME, pattern, reads=True)
        ).text.split()
        if names:
            run.run(command("docker", "rmi", "--force", *names, ok=range(256)))


def kubectl_line(config: Config) -> str:
    """What a person types to look into the cluster: their PATH may have no kubectl, or an older one."""
    kubectl = shutil.which("kubectl") or "kubectl"
    return shlex.join(
        [kubectl, "--kubeconfig", config.destination.kubeconfig, "get", "pods", "--all-namespaces"]
    )


def status(run: Local, config: Config) -> list[Part]:
    """Every stand-in, running or not."""
    addresses = {
        "cluster": f"https://127.0.0.1:{config.rehearsal.api_port}",
        "registry": f"localhost:{config.registry_port}",
        "github": config.destination.repository,
        "argocd": f"namespace {config.gitops.namespace}",
        "azure": f"https://{azure_process.address(config)}",
        "dockerd": "the engine's own socket",
    }
    parts = (*_from_sources(config), registry.process(config), engine.process(config.state))
    container = {"registry": registry.container(run, config)}
    return [
        Part(part.name, part.pid(), addresses[part.name], part.log, container.get(part.name, ""))
        for part in parts
    ]


def _from_sources(config: Config) -> tuple[Process, ...]:
    """Those that run this package."""
    stand_ins = (github_process, argocd_process, azure_process)
    return (cluster(config), *(stand_in.process(config) for stand_in in stand_ins))
