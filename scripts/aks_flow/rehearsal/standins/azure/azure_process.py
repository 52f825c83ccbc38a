"""The stand-in's process, started when something needs it."""

import http.client
import json
import ssl
import sys
from dataclasses import asdict
from pathlib import Path

from aks_flow.core.command import Command, command
from aks_flow.core.config import Config
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.azure import seed
from aks_flow.rehearsal.standins.azure.seed import NODE
from aks_flow.rehearsal.standins.kubernetes import credentials
from aks_flow.rehearsal.standins.kubernetes.kubelet.images.credentials import OF_NODE
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes import vault_access
from aks_flow.rehearsal.standins.process import processes
from aks_flow.rehearsal.standins.process.processes import SOURCES, Process, need_free_port

PORT_KEY = "rehearsal.azure_port"


def process(config: Config) -> Process:
    return processes.azure(config)


def address(config: Config) -> str:
    """Where it answers, and where its registries do: ``localhost:PORT``."""
    return f"localhost:{config.rehearsal.azure_port}"


def ensure(run: Local, config: Config) -> seed.Seed:
    """A stand-in that answers on the configured port; what it begins with. A second call changes nothing."""
    azure, port = process(config), config.rehearsal.azure_port
    begun = seed.make(azure.folder)
    _introduce_node(config, begun)
    if not azure.pid():
        need_free_port(port, PORT_KEY)
        azure.start(run, _serve(config))
        azure.ready(lambda: _answers(azure.folder, port), "an answer of the rehearsal's Azure", seconds=20)
    return begun


def _introduce_node(config: Config, begun: seed.Seed) -> None:
    """Tell the cluster's node how it shows registry and vaults who it is."""
    folder = config.state / "cluster"
    folder.mkdir(parents=True, exist_ok=True)
    login = {"username": NODE, "password": begun.node_secret}
    credentials.write_private(folder / OF_NODE, json.dumps({address(config): login}))
    suffix = f"{credentials.VAULTS}:{config.rehearsal.azure_port}"
    certificate = str(process(config).folder / "tls.crt")
    reach = vault_access.VaultAccess(address(config), suffix, begun.node_secret, certificate)
    credentials.write_private(folder / vault_access.OF_NODE, json.dumps(asdict(reach)))


def stop(config: Config) -> None:
    process(config).stop()


def _serve(config: Config) -> Command:
    return command(
        *(sys.executable, "-m", "aks_flow.rehearsal.standins.azure"),
        *("--state", process(config).folder, "--port", config.rehearsal.azure_port),
        *("--registry", f"localhost:{config.registry_port}"),
        *("--kubeconfig", config.state / "kubeconfig"),
        cwd=SOURCES,
    )


def _answers(folder: Path, port: int) -> bool:
    trust = ssl.create_default_context(cafile=str(folder / "tls.crt"))
    connection = http.client.HTTPSConnection("localhost", port, timeout=1, context=trust)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
