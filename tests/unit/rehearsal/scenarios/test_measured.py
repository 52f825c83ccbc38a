"""How the measured delivery of a change is told."""

import pytest

from aks_flow.core.image_ref import ImageRef
from aks_flow.rehearsal.scenarios.push_and_pull.measured import MeasuredDelivery

IMAGE = ImageRef.parse(f"localhost:5050/web:1.2@sha256:{'1' * 64}")


@pytest.mark.parametrize(
    ("reasons", "told"),
    [
        ({}, "90 requests at 50 a second, 0 failed"),
        (
            {"status 503": 2, "TimeoutError": 1},
            "90 requests at 50 a second, 3 failed (status 503: 2, TimeoutError: 1)",
        ),
    ],
)
def test_failed_requests_are_told_with_their_reasons(reasons, told):
    failed = sum(reasons.values())
    delivery = MeasuredDelivery("push", "dev", IMAGE, "", sent=90, failed=failed, reasons=reasons, times={})
    assert delivery.requests == told
