"""Images: built now or there already, and the step outputs that later jobs read."""

from aks_flow.report import job_summary
from aks_flow.report.json_document import document
from aks_flow.report.text import say


def show_built(built, as_json: bool) -> None:
    """An image and whether it was built now."""
    text = f"{built.image}: {'built now' if built.new else 'unchanged, the registry holds this tree'}"
    job_summary.line(text)
    job_summary.output("version", built.image.tag)
    job_summary.output("digest", built.image.digest)
    job_summary.output("built", str(built.new).lower())
    document(built) if as_json else say(text)


def show_planned(reference, as_json: bool) -> None:
    """The reference that an image has (with its digest) or would get."""
    if as_json:
        return document({"image": reference, "published": bool(reference.digest)})
    return say(f"{reference}: {'the registry holds this tree' if reference.digest else 'would be built'}")
