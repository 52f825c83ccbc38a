"""gh: who published an image, as GitHub's attestations prove it.

https://docs.github.com/actions/how-tos/secure-your-work/use-artifact-attestations/use-artifact-attestations
"""

from aks_flow.core.command import Command, command, flags
from aks_flow.core.image_ref import ImageRef
from aks_flow.tools.gh import ANY


def verify(image: ImageRef, repository: str) -> Command:
    """Exit code 0 if a workflow of the repository (OWNER/NAME) attests the digest; by docker's login."""
    place = f"oci://{image.registry}/{image.repository}@{image.digest}"
    return command("gh", "attestation", "verify", place, *flags(repo=repository), reads=True, ok=ANY)
