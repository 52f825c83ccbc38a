"""What a push leaves on the app's Deployment for the next one."""

from aks_flow.gitflow.supersede import Delivered
from aks_flow.push import newer_version


def test_a_deployment_that_no_delivery_marked_tells_nothing():
    assert newer_version.running({}) is None
    assert newer_version.running({"metadata": {"annotations": {"a": "b"}}}) is None


def test_the_mark_is_read_from_the_deployment():
    delivered = Delivered("c0ffee", "1.5.0")
    assert newer_version.running({"metadata": {"annotations": newer_version.marks(delivered)}}) == delivered
