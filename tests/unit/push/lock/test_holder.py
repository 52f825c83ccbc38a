"""A lock in the hands of runs: taken, waited for, kept, lost, released."""

import json

import pytest

from aks_flow.core.command import Command, Result
from aks_flow.core.runner import CommandFailed
from aks_flow.push.lock.errors import Locked, LockLost
from aks_flow.push.lock.fence import Fenced, held
from aks_flow.push.lock.lease import SECONDS
from aks_flow.push.lock.manual import lock, unlock
from aks_flow.push.lock.queue import Turn
from tests.unit.push.lock.conftest import NAMESPACE
from tests.unit.push.lock.server import refused

CHANGE = Command(("kubectl", "apply"))
SILENCE = Result(1, b"", b"Unable to connect to the server: i/o timeout\n")


def turn(hold, said=None):
    return Turn(hold, (said if said is not None else []).append)


def test_the_first_takes_the_lock_and_the_second_only_once_it_is_released(hold_of, server):
    first, second = hold_of("first"), hold_of("second")
    turn(first).wait(1)
    with pytest.raises(Locked, match="dev is locked by first since .*push.unlock --env dev"):
        turn(second).wait(0.01)
    first.release()
    turn(second).wait(1)
    assert server.holder == "second"


def test_of_two_that_saw_a_free_lock_one_gets_it(hold_of, server):
    first, second = hold_of("first"), hold_of("second")
    seen = first.read()
    assert first.take(seen) and not second.take(seen)
    first.release()
    seen = second.read()
    assert second.take(seen) and not first.take(seen)
    assert server.holder == "second"


def test_a_waiter_says_whom_it_waits_for_and_how_long(hold_of, clock):
    said, waiter = [], hold_of("second")
    turn(hold_of("first")).wait(1)
    waiting = turn(waiter, said)
    waiting._look()
    clock.seconds += 12
    waiting._look()
    assert said == ["waits for first", "waits for first, 10 s so far"]


def test_a_killed_holder_is_followed_after_the_lease_s_time_and_a_living_one_is_not(hold_of, clock, server):
    living = hold_of("first")
    turn(living).wait(1)
    waiting = turn(hold_of("second"))
    for _ in range(10):
        clock.seconds += SECONDS - 1
        assert not waiting._look()
        living.renew()
    assert not waiting._look()
    clock.seconds += SECONDS - 1
    assert not waiting._look()
    clock.seconds += 1
    assert waiting._look() and server.holder == "second"


def test_a_holder_that_was_followed_changes_nothing_more(hold_of, clock, server):
    slow = hold_of("slow")
    turn(slow).wait(1)
    fenced = Fenced(server, slow)
    clock.seconds += SECONDS
    assert hold_of("next").take(slow.read())
    with pytest.raises(LockLost, match="the lock of dev was lost .next has it.: stopped here"):
        fenced.run(CHANGE)
    assert not any(command == CHANGE for command in server.ran)
    slow.release()
    assert server.holder == "next"


def test_a_holder_whose_signs_of_life_are_fresh_asks_nobody(hold_of, clock, server):
    mine = hold_of("mine")
    turn(mine).wait(1)
    asked = len(server.ran)
    Fenced(server, mine).run(CHANGE)
    assert server.ran[asked:] == [CHANGE]


def test_a_holder_that_was_away_goes_on_if_nobody_took_the_lock(hold_of, clock, server):
    mine = hold_of("mine")
    turn(mine).wait(1)
    clock.seconds += 10 * SECONDS
    Fenced(server, mine).run(CHANGE)
    assert server.ran[-1] == CHANGE and server.holder == "mine"


def test_a_holder_that_the_cluster_does_not_answer_stops(hold_of, clock, server):
    mine = hold_of("mine")
    turn(mine).wait(1)
    server.trouble = SILENCE
    clock.seconds += SECONDS - 5
    mine.check()
    clock.seconds += 2
    with pytest.raises(LockLost, match="the cluster does not answer"):
        mine.check()


def test_where_the_cluster_answers_slowly_the_lock_lasts_longer(hold_of, clock, server, monkeypatch):
    get = server.get

    def slow(command):
        clock.seconds += 5
        return get(command)

    monkeypatch.setattr(server, "get", slow)
    mine = hold_of("mine")
    turn(mine).wait(1)
    assert server.lease["spec"]["leaseDurationSeconds"] == 30
    clock.seconds += 12
    mine.check()
    assert server.writes == 1


def test_a_label_put_on_the_lease_does_not_lose_it(hold_of, server):
    mine = hold_of("mine")
    turn(mine).wait(1)
    server.touch()
    mine.renew()
    mine.check()
    mine.renew()
    assert server.lease["metadata"]["resourceVersion"] == "3"


def test_a_lock_that_somebody_took_off_is_lost(hold_of, context):
    mine = hold_of("mine")
    turn(mine).wait(1)
    assert unlock(context, "dev").holder.who == "mine"
    mine.renew()
    with pytest.raises(LockLost, match="somebody took it off"):
        mine.check()


def test_a_first_delivery_makes_the_namespace(hold_of, server):
    server.namespace = False
    mine = hold_of("mine", namespace=NAMESPACE)
    turn(mine).wait(5)
    assert mine.made_namespace and server.holder == "mine"


def test_a_namespace_that_is_being_removed_is_waited_for(hold_of, server):
    server.trouble = refused("Forbidden")
    mine = hold_of("mine", namespace=NAMESPACE)
    assert not turn(mine)._look()
    server.trouble = None
    assert turn(mine)._look() and not mine.made_namespace


def test_a_refusal_that_waiting_does_not_heal_is_shown(hold_of, server):
    words = b'Error from server (Forbidden): leases is forbidden: User "ann" cannot create resource\n'
    server.trouble = Result(1, b"", words)
    with pytest.raises(CommandFailed, match="cannot create resource"):
        turn(hold_of("mine")).wait(1)


@pytest.mark.parametrize("end", [KeyboardInterrupt, RuntimeError])
def test_the_lock_is_given_back_however_the_delivery_ends(context, server, end):
    with pytest.raises(end), held(context, "dev"):
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
    with pytest.raises(KeyboardInterrupt), held(context, "dev"):
        pass
    assert server.lease and not server.holder


def test_a_person_s_lock_refuses_deliveries_at_once_with_its_reason_and_does_not_expire(context, clock):
    assert lock(context, "dev", "an outage")
    clock.seconds += 10**6
    with pytest.raises(Locked, match="dev is locked by .* since .*: an outage. Nothing was changed"):  # noqa: SIM117
        with held(context, "dev"):
            pass


def test_locking_twice_is_once_and_another_reason_is_another_lock(context):
    assert lock(context, "dev", "an outage")
    assert not lock(context, "dev", "an outage")
    with pytest.raises(Locked):
        lock(context, "dev", "another")


def test_unlocking_says_whose_lock_it_was(context, server):
    assert unlock(context, "dev").holder is None
    lock(context, "dev", "an outage")
    assert unlock(context, "dev").holder.reason == "an outage"
    assert not server.holder
    assert "annotations" not in json.loads(json.dumps(server.lease))["metadata"]
