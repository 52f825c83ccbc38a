"""Commit messages: a subject, and trailers that say where a state came from."""

import os

from aks_flow.core import actor
from aks_flow.core.image_ref import ImageRef


def message(subject: str, environment: str, image: ImageRef | None, **more: str) -> str:
    """``more``: further trailers, their names with _ for -; those without a value are left out.

    Of several images each other one has a line ``With``, the digest in it.
    """
    about = {"Image": str(image.with_tag(image.tag)), "Digest": image.digest} if image else {}
    named = {name.replace("_", "-"): value for name, value in more.items()}
    trailers = {"Environment": environment, **about, **named, "Run": actor.run_url(os.environ)}
    lines = [f"{name}: {_one_line(value)}" for name, value in trailers.items() if value]
    lines[1:1] = [f"With: {other}" for other in (image.others.values() if image else ())]
    return "\n".join([_one_line(subject), "", *lines, ""])


def _one_line(text: str) -> str:
    return " ".join(text.split())
