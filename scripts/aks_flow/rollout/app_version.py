"""The version that the app itself tells, through the cluster's API: no route to its address is needed."""

import json

from aks_flow.core import wait
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import Runner
from aks_flow.tools.kubectl import Kubectl, get, raw, resources

WITHIN = 15  # seconds from the end of the rollout to the app's own word


def wait_for(run: Runner, cluster: Kubectl, service: str, image: ImageRef) -> dict:
    """The app's /version, once it is the image's; DeadlineError if that does not come true."""
    what = f"{service} answering with {image.tag} ({image.digest[:19]}) in {cluster.namespace}"
    step = f"Look at `kubectl --namespace {cluster.namespace} describe pods` and at the Service's endpoints."
    return wait.until(lambda: now(run, cluster, service, image), what, WITHIN, next_step=step)


def now(run: Runner, cluster: Kubectl, service: str, image: ImageRef) -> dict:
    """The app's /version if it is the image's already, {} if not."""
    version = _ask(run, cluster, service)
    return version if _is_of(image, version) else {}


def url(run: Runner, cluster: Kubectl, service: str) -> str:
    """Where the Service answers from outside, "" if nowhere."""
    return resources.service_url(json.loads(run.run(get.by_name(cluster, "service", service)).stdout))


def _ask(run: Runner, cluster: Kubectl, service: str) -> dict:
    answer = run.run(raw.service_get(cluster, service, "http", "/version"))
    try:
        return json.loads(answer.stdout) if answer.code == 0 else {}
    except ValueError:
        return {}


def _is_of(image: ImageRef, version: dict) -> bool:
    """Whether a /version is the image's: by version, and by digest where the app tells its own.

    Of several images it is the one that the app says it is.
    """
    told = ImageRef.parse(version["image"]) if version.get("image") else image
    digest_fits = told.digest in ("", image.member_of(told).digest)
    return version.get("version") == image.tag and digest_fits
