"""Jobs that keep the server from a later version: it changes no Job's pods, and a version would."""

from collections.abc import Iterable

from aks_flow.adopt.answers import BuiltImage
from aks_flow.adopt.survey.mentions import images_of_objects
from aks_flow.manifests.sync_waves import HELM_HOOK, HOOK


def blocking_jobs(objects: Iterable[dict], built: Iterable[BuiltImage]) -> tuple[str, ...]:
    """The names of those that run an image which is built here, are no hooks and do not remove themselves."""
    ours = {image.mention for image in built}
    jobs = [item for item in objects if item["kind"] == "Job" and not _goes(item)]
    return tuple(dict.fromkeys(item["metadata"]["name"] for item in jobs if _images(item) & ours))


def _goes(job: dict) -> bool:
    annotations = job["metadata"].get("annotations") or {}
    return bool({HOOK, HELM_HOOK} & set(annotations)) or "ttlSecondsAfterFinished" in job["spec"]


def _images(job: dict) -> set[str]:
    return {mention.image.name for mention in images_of_objects([job])}
