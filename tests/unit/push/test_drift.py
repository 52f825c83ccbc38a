"""What a nightly look says about an environment that is delivered to with kubectl."""

from datetime import UTC, datetime, timedelta

import pytest

from aks_flow.push.drift import FORGOTTEN, Drift, findings
from aks_flow.push.fields.foreign import ForeignField
from aks_flow.push.lock.lease import Holder, Lease
from tests.unit.push.revisions import entry

NOW = datetime(2026, 1, 9, tzinfo=UTC)


def locked(ago: timedelta, reason: str) -> Lease:
    return Lease("1", Holder("id", "ann@laptop", reason=reason), since=(NOW - ago).isoformat())


def test_an_environment_as_it_was_delivered_has_no_findings():
    assert findings(Drift("dev", entry(3, "a"), "", None), NOW) == []


def test_an_environment_that_was_never_delivered_to_has_none():
    assert findings(Drift("dev", None, "", None), NOW) == []


def test_a_difference_names_the_revision_and_what_puts_it_back():
    (finding,) = findings(Drift("dev", entry(3, "a"), "-replicas: 2\n+replicas: 1\n", None), NOW)
    assert (
        finding.startswith("dev differs from revision 3 (1.5.0") and "push.undo --env dev --to 3" in finding
    )


def test_what_people_added_is_drift_though_the_server_s_diff_does_not_show_it():
    field = ForeignField("deployment.apps/web", ".spec.x", "kubectl-edit", "2026-01-08T00:00:00Z", True, True)
    named, whole = findings(Drift("dev", entry(3, "a"), "", None, (field,)), NOW)
    assert named == "deployment.apps/web: kubectl-edit set .spec.x at 2026-01-08T00:00:00Z"
    assert "push.undo --env dev --to 3" in whole


def test_a_person_s_lock_is_forgotten_after_a_day():
    fresh = Drift("dev", None, "", locked(FORGOTTEN, "an outage"))
    old = Drift("dev", None, "", locked(FORGOTTEN + timedelta(seconds=1), "an outage"))
    assert findings(fresh, NOW) == []
    (finding,) = findings(old, NOW)
    assert "by ann@laptop: an outage" in finding and "push.unlock --env dev" in finding


def test_a_delivery_s_own_lock_is_never_forgotten():
    assert findings(Drift("dev", None, "", locked(timedelta(days=9), "")), NOW) == []


def held(ago: float) -> Lease:
    renewed = (NOW - timedelta(seconds=ago)).isoformat()
    return Lease("1", Holder("id", "ann@laptop"), seconds=15, renewed=renewed)


@pytest.mark.parametrize(("ago", "delivers"), [(0, True), (45, True), (46, False), (-20, True)])
def test_while_somebody_delivers_a_difference_says_nothing_and_who_it_is_is_said(ago, delivers):
    drift = Drift("dev", entry(3, "a"), "-replicas: 2\n", held(ago))
    assert drift.delivering(NOW) == ("ann@laptop" if delivers else "")
    assert len(findings(drift, NOW)) == (not delivers)


def test_a_person_s_lock_is_no_delivery():
    assert Drift("dev", None, "", locked(timedelta(0), "an outage")).delivering(NOW) == ""
