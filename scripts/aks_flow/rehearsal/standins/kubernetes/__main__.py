"""The rehearsal cluster as a process: `python -m aks_flow.rehearsal.standins.kubernetes --state DIR …`.

The API answers first; the controllers and the node, and with them Docker, come after.
"""

import argparse
import asyncio
import logging
import os
from pathlib import Path

from aiohttp import web

from aks_flow.rehearsal.standins.kubernetes.api.app import Api
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects
from aks_flow.rehearsal.standins.kubernetes.store import ObjectStore
from aks_flow.rehearsal.standins.process.serving import stopped, tls

log = logging.getLogger(__name__)

_READABLE = 0o022  # as a kubelet's: containers' users read what is made for them, whatever the caller's umask


def main() -> None:
    options = _parser().parse_args()
    os.umask(_READABLE)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    asyncio.run(_run(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="aks_flow.rehearsal.standins.kubernetes", description="A small Kubernetes cluster."
    )
    parser.add_argument("--state", type=Path, required=True, help="directory with token, tls.crt and tls.key")
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1")
    parser.add_argument("--id", required=True, help="identity of this rehearsal's containers")
    parser.add_argument("--registry", required=True, help="HOST:PORT that pods' images come from")
    parser.add_argument("--helper-image", required=True, help="image of the pods' sandboxes and the proxy")
    parser.add_argument("--ingress-port", type=int, required=True, help="port on 127.0.0.1 for Ingresses")
    return parser


async def _run(options: argparse.Namespace) -> None:
    state: Path = options.state
    store = ObjectStore(state / "cluster.db")
    objects = Objects(store, certificate=(state / "tls.crt").read_text())
    api = Api(objects)
    runner = api.runner((state / "token").read_text().strip())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", options.port, ssl_context=tls(state)).start()
    log.info("serving on https://127.0.0.1:%d", options.port)
    work = asyncio.create_task(_work(api, options))
    await stopped(work, log)
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    await runner.cleanup()
    store.close()


async def _work(api: Api, options: argparse.Namespace) -> None:
    """The controllers and the node. Imported here because the API is to answer first."""
    from aks_flow.rehearsal.standins.kubernetes import controllers
    from aks_flow.rehearsal.standins.kubernetes.kubelet import Kubelet
    from aks_flow.rehearsal.standins.kubernetes.objects.events import Recorder

    recorder = Recorder(api.objects)
    node = Kubelet(
        api.objects.acting_as("kubelet"),
        recorder,
        options.state,
        options.id,
        options.registry,
        options.helper_image,
        options.ingress_port,
    )
    api.node = node
    api.objects.service_network = node.service_addresses
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(controllers.run(api.objects, recorder))
        tasks.create_task(node.run())


if __name__ == "__main__":
    main()
