"""The rehearsal's Azure as a process: `python -m aks_flow.rehearsal.standins.azure --state DIR …`."""

import argparse
import asyncio
import logging
from pathlib import Path

from aiohttp import ClientSession, ClientTimeout, web

from aks_flow.rehearsal.standins.azure import listening, seed
from aks_flow.rehearsal.standins.azure.arm import background_work
from aks_flow.rehearsal.standins.azure.cloud import Backends, Cloud
from aks_flow.rehearsal.standins.azure.faults import Faults
from aks_flow.rehearsal.standins.azure.resources import run_command, vaults
from aks_flow.rehearsal.standins.azure.server import application
from aks_flow.rehearsal.standins.azure.store import DocumentStore
from aks_flow.rehearsal.standins.azure.tokens import Signer
from aks_flow.rehearsal.standins.process.serving import stopped, tls

log = logging.getLogger(__name__)


def main() -> None:
    options = _parser().parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    asyncio.run(_run(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="aks_flow.rehearsal.standins.azure", description="A small Azure.")
    parser.add_argument("--state", type=Path, required=True, help="directory with seed.json, tls.crt, …")
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1")
    parser.add_argument("--registry", required=True, help="HOST:PORT of the registry behind ACR")
    parser.add_argument("--kubeconfig", type=Path, required=True, help="of the cluster behind AKS")
    return parser


async def _run(options: argparse.Namespace) -> None:
    state: Path = options.state
    cloud = Cloud(
        *(state, options.port, seed.read(state), DocumentStore(state / "azure.db")),
        *(Signer(state / "signing.pem"), Faults(state), Backends(options.registry, options.kubeconfig)),
    )
    run_command.end_lost(cloud)
    background_work.end_lost(cloud)
    async with ClientSession(auto_decompress=False, timeout=ClientTimeout(total=None)) as session:
        runner = web.AppRunner(application(cloud, session), access_log=None, shutdown_timeout=1)
        await runner.setup()
        serving = asyncio.create_task(
            listening.serve(options.port, runner.server, tls(state), vaults.suffix(cloud))
        )
        log.info("serving on %s", cloud.url)
        await stopped(serving, log)
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        await runner.cleanup()
    cloud.store.close()


if __name__ == "__main__":
    main()
