"""How the measured delivery of a change is told."""

import pytest

from aks_flow.core.image_ref import ImageRef
from aks_flow.rehearsal.scenarios.push_and_pull.measured import MeasuredDelivery, after_the_write

IMAGE = ImageRef.parse(f"localhost:5050/web:1.2@sha256:{'1' * 64}")


@pytest.mark.parametrize(
    ("reasons", "slowest", "told"),
    [
        ({}, 0.4, "90 requests at up to 50 a second, 0 failed"),
        ({}, 6.04, "90 requests at up to 50 a second, 0 failed; the slowest answer took 6.0 s"),
        (
            {"status 503": 2, "TimeoutError": 1},
            0.4,
            "90 requests at up to 50 a second, 3 failed (status 503: 2, TimeoutError: 1)",
        ),
        (
            {"status 404": 90},
            0.0,
            "none of 90 requests was answered (status 404: 90): if the app speaks HTTP, "
            "`rehearsal.load` names a path that it answers",
        ),
    ],
)
def test_failed_requests_are_told_with_their_reasons_and_late_ones(reasons, slowest, told):
    failed = sum(reasons.values())
    delivery = MeasuredDelivery("push", "dev", IMAGE, "", 90, failed, reasons, slowest, times={})
    assert delivery.requests == f"{told}; through the cluster's API"


def test_where_nothing_can_be_asked_no_request_is_said_not_to_have_failed():
    delivery = MeasuredDelivery("push", "dev", IMAGE, "", 0, 0, {}, 0.0, times={})
    assert delivery.requests == "nothing was asked meanwhile: `contract.service` names no Service"


@pytest.mark.parametrize(
    ("noted", "shown"),
    [
        ({"detect": 4, "apply": 4}, {"detect": 4.7, "apply": 4.7}),
        ({"detect": 6, "apply": 7}, {"detect": 6, "apply": 7}),
    ],
)
def test_argocd_sees_no_commit_before_it_is_written(noted, shown):
    assert after_the_write({"write": 4.7} | noted) == {"write": 4.7} | shown
