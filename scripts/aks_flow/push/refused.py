"""The server's no to a manifest."""

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed


class Refused(AksFlowError):
    """The server refused a manifest; nothing was changed."""

    def __init__(self, error: CommandFailed, environment: str):
        said = error.result.error_text.strip()
        super().__init__(
            f"the cluster refuses the manifests of {environment}, and nothing was changed:\n{said}\n",
            next_step="Correct the manifest; `./inv push.plan` asks the server again.",
        )
