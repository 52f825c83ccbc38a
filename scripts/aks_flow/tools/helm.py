"""Helm, as far as it makes manifests of a chart; nothing is installed with it."""

from collections.abc import Iterable
from pathlib import Path

from aks_flow.core.command import Command, Result, command, flags

OLDEST = "3.9"
INSTALL = "https://helm.sh/docs/intro/install/"


def template(release: str, chart: Path, namespace: str, values: Iterable[Path]) -> Command:
    """What the chart makes of the files of values, the last of which win. Tests are no part of a delivery."""
    given = [word for file in values for word in flags(values=file)]
    options = (*flags(namespace=namespace, include_crds=True, skip_tests=True), *given)
    return command("helm", "template", release, chart, *options, reads=True)


def version() -> Command:
    return command("helm", "version", *flags(short=True), reads=True)


def said(answer: Result) -> str:
    """Why it did not render: what it calls an error, behind which advice may stand, or its last words."""
    lines = [line.strip() for line in answer.error_text.splitlines() if line.strip()]
    errors = [line.removeprefix("Error: ") for line in lines if line.startswith("Error: ")]
    return (errors or lines[-1:] or [f"exit code {answer.code}"])[0]
