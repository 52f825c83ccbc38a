"""Why a container cannot be made from its specification, with the reason kubelet shows."""


class ContainerConfigError(Exception):
    """Shown as the waiting reason CreateContainerConfigError; it heals when what it names appears."""

    reason = "CreateContainerConfigError"
