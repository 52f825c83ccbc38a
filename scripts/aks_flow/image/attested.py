"""Before a delivery: was this very image published by a workflow of the repository that is trusted for it?"""

from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.side_by_side import side_by_side
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.gh import attestations


def prove(context: DeliveryContext, image: ImageRef) -> None:
    """AksFlowError if `attested_by` names a repository, and one of the images has no attestation of it."""
    repository = context.config.attested_by
    if not repository:
        return
    with context.steps("attestation") as step:
        side_by_side(lambda member: _prove(context, member, repository), image.members)
        step.note = f"published by a workflow of {repository}"


def _prove(context: DeliveryContext, image: ImageRef, repository: str) -> None:
    answer = context.run.run(attestations.verify(image, repository))
    if answer.code:
        said = " ".join((answer.error_text or answer.text).split())
        what = f"nothing proves that a workflow of {repository} published it ({said})"
        step = (
            "Publish it by a workflow with the variable ATTEST, or set attested_by in invoke.yaml to the "
            "repository that did; in a job gh needs GH_TOKEN and `attestations: read`."
        )
        raise AksFlowError(what, where=str(image), next_step=step)
