"""Is another version the same image? Built once, an image has a tag for each version that it became.

So an app that tells the version that it was built as is right about itself, though a later one is delivered.
"""

from collections.abc import Callable

from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import Runner
from aks_flow.rollout.verdict import digests
from aks_flow.tools.kubectl import Kubectl, get, output

IsVersion = Callable[[ImageRef, str], bool]
IsSame = Callable[[str], bool]


def behind(run: Runner, cluster: Kubectl, service: str, image: ImageRef, is_version: IsVersion) -> IsSame:
    """Tells of a version whether all that a Service's pods run of a delivery is that version, too.

    image: what is delivered, with its others. is_version: asks the registry whether an image, of which the
    digest counts, is a version's. What cannot be asked is not the same.
    """

    def is_same(version: str) -> bool:
        try:
            running = _images(_pods(run, cluster, service), image)
            return bool(running) and all(member.digest and is_version(member, version) for member in running)
        except AksFlowError:
            return False

    return is_same


def never(version: str) -> bool:
    return False


def _pods(run: Runner, cluster: Kubectl, service: str) -> list[dict]:
    """Those that the Service selects, without those that end."""
    selector = output.only(run.run(get.by_name(cluster, "service", service)).text)["spec"].get("selector")
    if not selector:
        return []
    pods = output.objects(run.run(get.labelled(cluster, "pods", selector)).text)
    return [pod for pod in pods if "deletionTimestamp" not in pod["metadata"]]


def _images(pods: list[dict], image: ImageRef) -> set[ImageRef]:
    """What their containers run of the delivery, or of another build of it."""
    texts = {container["image"] for pod in pods for container in pod["spec"]["containers"]}
    return {running for text in texts if (running := digests.own(text, image))}
