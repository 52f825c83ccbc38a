"""A lock in the hands of runs: taken, waited for, kept, lost, released."""

import json

import pytest

from aks_flow.core import patience
from aks_flow.core.command import Command, Result
from aks_flow.core.runner import CommandFailed
from aks_flow.push.lock.errors import Locked, LockLost, NoNamespace
from aks_flow.push.lock.fence import Fenced, hold_lock
from aks_flow.push.lock.lease import SECONDS
from aks_flow.push.lock.manual import lock, unlock
from aks_flow.push.lock.queue import Waiter
from tests.unit.push.lock.conftest import NAMESPACE
from tests.unit.push.lock.server import refused

CHANGE = Command(("kubectl", "apply"))
SILENCE = Result(1, b"", b"Unable to connect to the server: i/o timeout\n")


def waiter(own, notes=None):
    return Waiter(own, (notes if notes is not None else []).append)


def test_the_first_takes_the_lock_and_the_second_only_once_it_is_released(lock_of, server):
    first, second = lock_of("first"), lock_of("second")
    waiter(first).wait(1)
    with pytest.raises(Locked, match="dev is locked by first since .*push.unlock --env dev"):
        waiter(second).wait(0.01)
    first.release()
    waiter(second).wait(1)
    assert server.holder == "second"


def test_of_two_that_saw_a_free_lock_one_gets_it(lock_of, server):
    first, second = lock_of("first"), lock_of("second")
    seen = first.read()
    assert first.acquire(seen) and not second.acquire(seen)
    first.release()
    seen = second.read()
    assert second.acquire(seen) and not first.acquire(seen)
    assert server.holder == "second"


def test_a_waiter_says_whom_it_waits_for_and_how_long(lock_of, clock):
    notes, second = [], lock_of("second")
    waiter(lock_of("first")).wait(1)
    waiting = waiter(second, notes)
    waiting._try()
    clock.seconds += 12
    waiting._try()
    assert notes == ["waits for first", "waits for first, 10 s so far"]


def test_a_killed_holder_is_followed_after_the_lease_s_time_and_a_living_one_is_not(lock_of, clock, server):
    living = lock_of("first")
    waiter(living).wait(1)
    waiting = waiter(lock_of("second"))
    for _ in range(10):
        clock.seconds += SECONDS - 1
        assert not waiting._try()
        living.renew()
    assert not waiting._try()
    clock.seconds += SECONDS - 1
    assert not waiting._try()
    clock.seconds += 1
    assert waiting._try() and server.holder == "second"


def test_a_holder_that_was_followed_changes_nothing_more(lock_of, clock, server):
    slow = lock_of("slow")
    waiter(slow).wait(1)
    fenced = Fenced(server, slow)
    clock.seconds += SECONDS
    assert lock_of("next").acquire(slow.read())
    with pytest.raises(LockLost, match="the lock of dev was lost .next has it.: stopped here"):
        fenced.run(CHANGE)
    assert not any(command == CHANGE for command in server.ran)
    slow.release()
    assert server.holder == "next"


def test_a_holder_whose_signs_of_life_are_fresh_asks_nobody(lock_of, clock, server):
    mine = lock_of("mine")
    waiter(mine).wait(1)
    asked = len(server.ran)
    Fenced(server, mine).run(CHANGE)
    assert server.ran[asked:] == [CHANGE]


def test_a_holder_that_was_away_goes_on_if_nobody_took_the_lock(lock_of, clock, server):
    mine = lock_of("mine")
    waiter(mine).wait(1)
    clock.seconds += 10 * SECONDS
    Fenced(server, mine).run(CHANGE)
    assert server.ran[-1] == CHANGE and server.holder == "mine"


def test_a_holder_that_the_cluster_does_not_answer_stops(lock_of, clock, server):
    mine = lock_of("mine")
    waiter(mine).wait(1)
    server.trouble = SILENCE
    clock.seconds += SECONDS - 5
    mine.check()
    clock.seconds += 2
    with pytest.raises(LockLost, match="the cluster does not answer") as unsure:
        mine.check()
    assert unsure.value.unanswered


def test_a_delivery_goes_on_when_the_cluster_answers_again_and_the_lock_is_still_its_own(
    context, clock, server, monkeypatch
):
    monkeypatch.setattr(patience, "PAUSE", 0)
    asked = []

    def again(self, began=server.replace):
        asked.append(began)
        server.trouble = SILENCE if len(asked) < 4 else None
        return began(self)

    with hold_lock(context, "dev") as held:
        monkeypatch.setattr(server, "replace", again)
        clock.seconds += SECONDS
        held.context.run.run(CHANGE)
    assert server.ran.count(CHANGE) == 1 and len(asked) >= 4


def test_a_lock_that_went_to_another_meanwhile_is_lost_for_good(context, clock, server):
    with hold_lock(context, "dev") as held:
        server.lease |= {"spec": {"holderIdentity": "next"}}
        server.lease["metadata"].pop("annotations")
        server.touch()
        clock.seconds += SECONDS
        for _ in range(2):
            with pytest.raises(LockLost, match="next has it") as lost:
                held.context.run.run(CHANGE)
            assert not lost.value.unanswered


def test_where_the_cluster_answers_slowly_the_lock_lasts_longer(lock_of, clock, server, monkeypatch):
    get = server.get

    def slow(command):
        clock.seconds += 5
        return get(command)

    monkeypatch.setattr(server, "get", slow)
    mine = lock_of("mine")
    waiter(mine).wait(1)
    assert server.lease["spec"]["leaseDurationSeconds"] == 30
    clock.seconds += 12
    mine.check()
    assert server.writes == 1


def test_a_label_put_on_the_lease_does_not_lose_it(lock_of, server):
    mine = lock_of("mine")
    waiter(mine).wait(1)
    server.touch()
    mine.renew()
    assert server.lease["metadata"]["resourceVersion"] == "3"  # renewed at once: a label is no sign of life
    mine.check()
    mine.renew()
    assert server.lease["metadata"]["resourceVersion"] == "4"


def test_a_lock_that_somebody_took_off_is_lost(lock_of, context):
    mine = lock_of("mine")
    waiter(mine).wait(1)
    assert unlock(context, "dev").holder.who == "mine"
    mine.renew()
    with pytest.raises(LockLost, match="somebody removed it, or namespace/vote-dev"):
        mine.check()


def test_a_first_delivery_makes_the_namespace(lock_of, server):
    server.namespace = False
    mine = lock_of("mine", namespace=NAMESPACE)
    waiter(mine).wait(5)
    assert mine.made_namespace and server.holder == "mine"


def test_a_person_cannot_lock_what_has_no_namespace(context, server):
    server.namespace = False
    with pytest.raises(
        NoNamespace, match="dev has no namespace vote-dev on this cluster.*first delivery makes"
    ):
        lock(context, "dev", "looking into an outage")


def test_a_namespace_that_somebody_makes_at_the_same_moment_is_no_failure(lock_of, server):
    server.namespace, server.appears = False, True
    mine = lock_of("mine", namespace=NAMESPACE)
    waiter(mine).wait(5)
    assert not mine.made_namespace and server.holder == "mine"


def test_a_namespace_that_may_not_be_made_is_a_failure(lock_of, server, monkeypatch):
    server.namespace = False
    monkeypatch.setattr(server, "apply", lambda command: refused("Forbidden"))
    with pytest.raises(CommandFailed, match="unable to create"):
        waiter(lock_of("mine", namespace=NAMESPACE)).wait(1)


def test_a_lease_that_is_gone_since_it_was_read_is_made_anew(lock_of, server):
    first, second = lock_of("first"), lock_of("second", namespace=NAMESPACE)
    waiter(first).wait(1)
    first.release()

    def removed() -> None:
        server.lease = None

    server.meanwhile = removed
    waiter(second).wait(5)
    assert server.holder == "second" and not second.made_namespace


def test_a_namespace_that_is_being_removed_is_waited_for(lock_of, server):
    server.trouble = refused("Forbidden")
    mine = lock_of("mine", namespace=NAMESPACE)
    assert not waiter(mine)._try()
    server.trouble = None
    assert waiter(mine)._try() and not mine.made_namespace


def test_a_refusal_that_waiting_does_not_heal_is_shown(lock_of, server):
    words = b'Error from server (Forbidden): leases is forbidden: User "ann" cannot create resource\n'
    server.trouble = Result(1, b"", words)
    with pytest.raises(CommandFailed, match="cannot create resource"):
        waiter(lock_of("mine")).wait(1)


@pytest.mark.parametrize("end", [KeyboardInterrupt, RuntimeError])
def test_the_lock_is_given_back_however_the_delivery_ends(context, server, end):
    with pytest.raises(end), hold_lock(context, "dev"):
        assert server.holder
        raise end
    assert server.lease and not server.holder


def test_an_interrupted_write_that_reached_the_server_is_taken_back(context, server, monkeypatch):
    store = server._store

    def interrupted(command):
        store(command)
        monkeypatch.setattr(server, "_store", store)
        raise KeyboardInterrupt

    monkeypatch.setattr(server, "_store", interrupted)
    with pytest.raises(KeyboardInterrupt), hold_lock(context, "dev"):
        pass
    assert server.lease and not server.holder


def test_a_person_s_lock_refuses_deliveries_at_once_with_its_reason_and_does_not_expire(context, clock):
    assert lock(context, "dev", "an outage")
    clock.seconds += 10**6
    with pytest.raises(Locked, match="dev is locked by .* since .*: an outage. Nothing was changed"):  # noqa: SIM117
        with hold_lock(context, "dev"):
            pass


def test_locking_twice_is_once_and_another_reason_is_another_lock(context):
    assert lock(context, "dev", "an outage")
    assert not lock(context, "dev", "an outage")
    with pytest.raises(Locked):
        lock(context, "dev", "another")


def test_a_lock_that_may_not_be_taken_off_is_a_failure_with_the_server_s_words(context, server):
    lock(context, "dev", "an outage")
    server.trouble = refused("Forbidden")
    with pytest.raises(CommandFailed, match="unable to create new content"):
        unlock(context, "dev")


def test_unlocking_says_whose_lock_it_was(context, server):
    assert unlock(context, "dev").holder is None
    lock(context, "dev", "an outage")
    assert unlock(context, "dev").holder.reason == "an outage"
    assert not server.holder
    assert "annotations" not in json.loads(json.dumps(server.lease))["metadata"]
