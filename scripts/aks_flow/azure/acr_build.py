"""Building an image in the registry itself, by `az acr build`: no engine is needed here."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from aks_flow.core.config.azure import AzureSettings
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import Runner
from aks_flow.core.tarball import unpack
from aks_flow.tools.az import Az, acr


def build(
    az: Az,
    azure: AzureSettings,
    run: Runner,
    image: ImageRef,
    context: bytes,
    arguments: Mapping[str, str],
    dockerfile: str = "",
    target: str = "",
) -> None:
    """Send the context (a tar) and have it built and pushed; ends when that is done."""
    with tempfile.TemporaryDirectory(prefix="aks-flow-") as folder:
        unpack(context, Path(folder))
        run.run(acr.build(az, azure, image, folder, arguments, dockerfile, target))
