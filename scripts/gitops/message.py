"""Commit messages: a subject, and trailers that say where a state came from."""

import os
from collections.abc import Mapping

from scripts.image import ImageRef


def message(subject: str, environment: str, image: ImageRef | None, **more: str) -> str:
    """``more``: further trailers, their names with _ for -; those without a value are left out."""
    about = {"Image": str(image.with_tag(image.tag)), "Digest": image.digest} if image else {}
    named = {name.replace("_", "-"): value for name, value in more.items()}
    trailers = {"Environment": environment, **about, **named, "Run": run_url(os.environ)}
    lines = [f"{name}: {_one_line(value)}" for name, value in trailers.items() if value]
    return "\n".join([_one_line(subject), "", *lines, ""])


def run_url(variables: Mapping[str, str]) -> str:
    """The workflow run's address as GitHub Actions' variables give it, or ""."""
    parts = [variables.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID")]
    return f"{parts[0]}/{parts[1]}/actions/runs/{parts[2]}" if all(parts) else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())
