"""Building an image in the registry itself, by `az acr build`: no engine is needed here."""

import tempfile
from pathlib import Path

from aks_flow.core.config.azure import AzureSettings
from aks_flow.core.runner import Runner
from aks_flow.core.tarball import unpack
from aks_flow.tools.az import Az, acr
from aks_flow.tools.docker import ImageBuild


def build(az: Az, azure: AzureSettings, run: Runner, asked: ImageBuild) -> None:
    """Send the context and have it built and pushed; ends when that is done."""
    with tempfile.TemporaryDirectory(prefix="aks-flow-") as folder:
        unpack(asked.context, Path(folder))
        run.run(acr.build(az, azure, asked, folder))
