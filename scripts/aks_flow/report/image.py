"""Images: built now or there already, and the step outputs that later jobs read."""

import json
from collections.abc import Mapping

from aks_flow.report import job_summary
from aks_flow.report.json_document import document, others_beside
from aks_flow.report.text import say


def show_built(built, digest: str, admitting: Mapping[str, bool], as_json: bool) -> None:
    """The app's images, and whether each was built now. digest: what a delivery is told of them.

    admitting: of each environment whether the version may go there.
    """
    lines = [_built_line(image) for image in (built, *built.others.values())]
    for text in lines:
        job_summary.line(text)
    job_summary.line(f"{built.image.tag} {_places(admitting)}")
    job_summary.output("version", built.image.tag)
    job_summary.output("digest", digest)
    job_summary.output("admitting", json.dumps([name for name, may in admitting.items() if may]))
    job_summary.output("built", str(built.any_new).lower())
    job_summary.file_output("subjects", "aks-flow-subjects.txt", "".join(map(_subject, built.images.members)))
    job_summary.output("new_version", str(built.new_version).lower())
    document(built) if as_json else say("\n".join(lines))


def _places(admitting: Mapping[str, bool]) -> str:
    """Where a version may go; else a run that delivers nothing would not say why."""
    there = ", ".join(name for name, may in admitting.items() if may)
    not_there = ", ".join(name for name, may in admitting.items() if not may)
    return f"may go to {there or 'no environment'}{not_there and f', and not to {not_there}'}"


def _built_line(built) -> str:
    return f"{built.image}: {'built now' if built.new else 'unchanged, the registry holds this tree'}"


def _subject(image) -> str:
    """A line as sha256sum writes it: what an attestation is about."""
    return f"{image.digest.removeprefix('sha256:')}  {image.registry}/{image.repository}\n"


def show_planned(image, as_json: bool) -> None:
    """The references that the app's images have (with their digests) or would get."""
    if as_json:
        return document({"image": image, "published": image.is_published} | others_beside(image))
    return say("\n".join(_planned_line(member) for member in image.members))


def _planned_line(image) -> str:
    return f"{image}: {'the registry holds this tree' if image.digest else 'would be built'}"
