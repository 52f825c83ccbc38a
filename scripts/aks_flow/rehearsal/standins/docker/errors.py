"""Errors of what runs on the engine."""

from aks_flow.core.errors import AksFlowError


class Unavailable(AksFlowError):
    """A program or an image that the rehearsal needs is not here, and nothing here can make or fetch it."""
