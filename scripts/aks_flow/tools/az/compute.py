"""az: which sizes of virtual machine a region has for the subscription, and how many it may still have."""

from aks_flow.core.command import Command, flags
from aks_flow.tools.az import Az


def sizes(az: Az, location: str, size: str) -> Command:
    """The size as the region has it, and others whose names hold it; those that are not allowed too."""
    kind = flags(resource_type="virtualMachines", all=True)
    return az.command("vm", "list-skus", *flags(location=location, size=size), *kind, reads=True)


def usage(az: Az, location: str) -> Command:
    """How many vCPUs are used and allowed, in all and of each family of sizes."""
    return az.command("vm", "list-usage", *flags(location=location), reads=True)
