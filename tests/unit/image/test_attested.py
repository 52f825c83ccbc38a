"""A delivery asks who published its images, where it is told to."""

from types import SimpleNamespace

import pytest

from aks_flow.core.command import Result
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef, with_others
from aks_flow.core.steps import Silent, Steps
from aks_flow.image import attested
from tests.unit.planned import DIGEST, Planned

OWN = ImageRef("ghcr.io", "octo/front", "1.5.0", DIGEST)
BOTH = with_others(OWN, {"worker": ImageRef("ghcr.io", "octo/worker", "1.5.0", DIGEST)})
ASKED = [
    f"gh attestation verify oci://ghcr.io/octo/{name}@{DIGEST} --repo=octo/vote"
    for name in ("front", "worker")
]
NONE = Result(1, b"", b"Error: HTTP 404: Not Found (https://api.github.com/repos/octo/vote/attestations)\n")


def context(answers: dict, repository: str = "octo/vote") -> SimpleNamespace:
    run, steps = Planned(answers), Steps(Silent())
    return SimpleNamespace(run=run, steps=steps, config=SimpleNamespace(attested_by=repository))


def test_each_image_of_a_version_is_asked_for_by_its_digest():
    asking = context(dict.fromkeys(ASKED, ""))
    attested.prove(asking, BOTH)
    assert sorted(asking.run.lines) == ASKED
    assert asking.steps.done[0].note == "published by a workflow of octo/vote"


def test_an_image_that_nobody_attests_is_refused_with_gh_s_words():
    with pytest.raises(
        AksFlowError, match=r"nothing proves that a workflow of octo/vote published it .*404.*ATTEST"
    ):
        attested.prove(context({ASKED[0]: NONE}), OWN)


def test_nothing_is_asked_unless_it_is_configured():
    attested.prove(context({}, repository=""), BOTH)
