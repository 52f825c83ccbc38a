"""kubectl kustomize."""

from pathlib import Path

from aks_flow.core.command import Command, command


def render(folder: Path) -> Command:
    """The manifest of an overlay; needs no cluster."""
    return command("kubectl", "kustomize", folder, reads=True)
