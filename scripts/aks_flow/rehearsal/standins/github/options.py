"""The two folders that the hook and the service are told."""

import argparse
from pathlib import Path

from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.github.hub import Hub


def hub() -> Hub:
    parser = argparse.ArgumentParser(description="The rehearsal's GitHub.")
    parser.add_argument("--state", type=Path, required=True, help="runs, variables, pull requests")
    parser.add_argument("--repository", type=Path, required=True, help="the bare repository")
    options = parser.parse_args()
    return Hub(Local(), options.repository, options.state)
