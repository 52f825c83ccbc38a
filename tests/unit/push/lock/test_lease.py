"""What a Lease says, and who may take it."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from aks_flow.push.lock import lease
from aks_flow.push.lock.lease import SECONDS, Holder, Lease

NOW = datetime(2026, 7, 1, 12, 0, 0, 5, tzinfo=UTC)
RUN = Holder("1f", "ann", "https://github.com/team/vote/actions/runs/7")
PERSON = Holder("2f", "bob@desk", reason="looking into an outage")


def read_back(written: Lease, version: str = "8") -> Lease:
    stored = json.loads(lease.manifest(written, "vote-dev"))
    stored["metadata"]["resourceVersion"] = version
    return lease.parse(json.dumps(stored))


@pytest.mark.parametrize(
    ("stored", "unchanged", "free"),
    [
        (None, 0, True),
        (lease.released(lease.taken(None, RUN, NOW)), 0, True),
        (lease.taken(None, RUN, NOW), 0, False),
        (lease.taken(None, RUN, NOW), SECONDS - 0.1, False),
        (lease.taken(None, RUN, NOW), SECONDS, True),
        (lease.taken(None, PERSON, NOW), 10**6, False),
        (Lease("1", RUN, seconds=60), SECONDS, False),
    ],
    ids=[
        "none",
        "released",
        "seen now",
        "not yet",
        "expired",
        "a person's",
        "its holder promised less often",
    ],
)
def test_a_lock_is_free_once_nothing_of_it_has_changed_for_as_long_as_it_promises(stored, unchanged, free):
    assert lease.is_free(stored, unchanged) is free


def test_the_holder_s_clock_decides_nothing():
    long_ago = lease.taken(None, RUN, NOW - timedelta(days=1))
    to_come = lease.taken(None, RUN, NOW + timedelta(days=1))
    assert not lease.is_free(long_ago, 1) and lease.is_free(to_come, SECONDS)


@pytest.mark.parametrize(
    ("trip", "seconds"), [(0.1, 15), (1, 15), (2.5, 15), (4, 24), (9.1, 55), (10, 60), (40, 60)]
)
def test_a_lock_lasts_longer_where_the_cluster_answers_slowly_and_never_over_a_minute(trip, seconds):
    assert lease.lasting(trip) == seconds
    assert lease.heartbeat(seconds) < seconds / 3


@pytest.mark.parametrize("holder", [RUN, PERSON])
def test_what_is_written_is_read_back(holder):
    written = lease.taken(None, holder, NOW)
    parsed = read_back(written)
    assert parsed.holder == holder and parsed.seconds == written.seconds
    assert parsed.since == parsed.renewed == "2026-07-01T12:00:00.000005Z"


def test_a_stamp_is_utc_whatever_the_machine_s_zone():
    tokyo = NOW.astimezone(timezone(timedelta(hours=9)))
    assert lease.taken(None, RUN, tokyo).since == "2026-07-01T12:00:00.000005Z"


def test_a_sign_of_life_changes_the_beat_and_leaves_the_rest():
    held = read_back(lease.taken(None, RUN, NOW))
    later = lease.renewed(held, NOW + timedelta(seconds=4))
    assert later.beat != held.beat
    assert (later.since, later.holder, later.version) == (held.since, held.holder, held.version)


def test_a_lock_that_changes_hands_counts_and_replaces_the_version_that_was_read():
    first = read_back(lease.taken(None, RUN, NOW))
    second = lease.taken(first, PERSON, NOW)
    assert second.transitions == first.transitions + 1
    metadata = json.loads(lease.manifest(second, "vote-dev"))["metadata"]
    assert metadata["resourceVersion"] == first.version
    assert "aks-flow/run" not in metadata["annotations"]


def test_a_released_lock_names_nobody():
    released = read_back(lease.released(read_back(lease.taken(None, PERSON, NOW))))
    assert released.holder is None and released.seconds == 0 and released.since == ""


def test_a_lease_that_others_wrote_has_a_holder_by_its_identity():
    text = '{"metadata": {"name": "x", "resourceVersion": "3"}, "spec": {"holderIdentity": "someone"}}'
    parsed = lease.parse(text)
    assert str(parsed.holder) == "someone" and not lease.is_free(parsed, 10**6)


def test_no_answer_is_no_lease():
    assert lease.parse("") is None
