"""One image set in each of many manifests of about 90 lines."""

import tempfile
from pathlib import Path

from aks_flow.core.image_ref import ImageRef
from aks_flow.manifests.images.images import set_image
from aks_flow.manifests.yaml_edit.files import edit_files
from aks_flow.rehearsal.scenarios.bench.clock import seconds
from aks_flow.rehearsal.scenarios.bench.figure import Figure
from aks_flow.target.delivery import DeliveryContext

FILES = 1000
MANIFEST = Path(__file__).with_name("deployment.yaml").read_text("utf-8")
IMAGE = ImageRef.parse("localhost:5000/web:1.3.0")


def image_set(context: DeliveryContext, runs: int) -> list[Figure]:
    """Seconds for all files in one pass; they lie where the work tree does, as in use."""
    samples = [_edit(context.config.state) for _ in range(runs)]
    return [Figure(f"manifests: an image set in {FILES} files of 90 lines", "s", 1.5, samples)]


def _edit(folder: Path) -> float:
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        paths = [Path(scratch, f"{number}.yaml") for number in range(FILES)]
        for path in paths:
            path.write_text(MANIFEST, "utf-8")
        return seconds(lambda: edit_files(paths, set_web))


def set_web(text: str, where: str) -> str:
    return set_image(text, "localhost:5000/web", IMAGE, where=where)
