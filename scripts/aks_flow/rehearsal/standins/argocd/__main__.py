"""The controller as a process: ``python -m aks_flow.rehearsal.standins.argocd --kubeconfig FILE …``."""

import argparse
import asyncio
import logging
import signal
from contextlib import suppress
from pathlib import Path

from aks_flow.rehearsal.standins.argocd import controller
from aks_flow.rehearsal.standins.argocd.application_sets.pull_requests import GitHub


def main() -> None:
    options = _parser().parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("sh").setLevel(logging.WARNING)  # it tells of every program that is started
    with suppress(asyncio.CancelledError):
        asyncio.run(_run(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="aks_flow.rehearsal.standins.argocd",
        description="A controller for Argo CD's Applications and ApplicationSets.",
    )
    parser.add_argument("--kubeconfig", type=Path, required=True, help="the cluster, with a bearer token")
    parser.add_argument("--namespace", required=True, help="of the Application and AppProject objects")
    parser.add_argument("--state", type=Path, required=True, help="directory for copies of git repositories")
    parser.add_argument("--poll", type=float, default=120, help="seconds between looks at a repository")
    parser.add_argument("--github", required=True, help="the GitHub that ApplicationSets may ask: its host")
    parser.add_argument("--github-socket", type=Path, required=True, help="where that listens")
    return parser


async def _run(options: argparse.Namespace) -> None:
    work = asyncio.current_task()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    github = GitHub(options.github, options.github_socket)
    await controller.run(options.kubeconfig, options.namespace, options.state, options.poll, github)


if __name__ == "__main__":
    main()
