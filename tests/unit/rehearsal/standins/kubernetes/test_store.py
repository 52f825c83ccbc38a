"""The store: what was acknowledged survives, and its history can be followed."""

import os
import signal
import subprocess
import sys

import pytest

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError
from aks_flow.rehearsal.standins.kubernetes.store import ADDED, DELETED, MODIFIED, ObjectStore
from tests.package import ENVIRONMENT

PODS = frozenset(("pods",))


def an_object(name: str, **rest) -> dict:
    return {"metadata": {"name": name, "namespace": "shop"}, **rest}


@pytest.fixture
def store(tmp_path):
    opened = ObjectStore(tmp_path / "cluster.db")
    yield opened
    opened.close()


def test_every_write_has_a_resource_version_of_its_own(store):
    first = store.put("pods", an_object("a"))
    second = store.put("services", an_object("a"))
    assert int(second["metadata"]["resourceVersion"]) == int(first["metadata"]["resourceVersion"]) + 1


def test_objects_and_the_counter_survive_a_new_start(store, tmp_path):
    store.put("pods", an_object("a", spec={"x": "ü"}))
    store.put("pods", an_object("b"))
    store.delete("pods", "shop", "b")
    again = ObjectStore(tmp_path / "cluster.db")
    assert [item["metadata"]["name"] for item in again.list("pods")] == ["a"]
    assert again.get("pods", "shop", "a")["spec"] == {"x": "ü"}
    assert again.revision == store.revision
    again.close()


def test_history_tells_what_happened_after_a_revision(store):
    start = store.revision
    store.put("pods", an_object("a", n=1))
    store.put("services", an_object("a"))
    store.put("pods", an_object("a", n=2))
    store.delete("pods", "shop", "a")
    records = list(store.since(start, PODS))
    assert [record.type for record in records] == [ADDED, MODIFIED, DELETED]
    assert [record.previous and record.previous["n"] for record in records] == [None, 1, 2]
    assert [record.type for record in store.since(start + 3, PODS)] == [DELETED]


def test_a_deletion_carries_a_resource_version_of_its_own(store):
    written = store.put("pods", an_object("a"))
    gone = store.delete("pods", "shop", "a")
    assert int(gone["metadata"]["resourceVersion"]) > int(written["metadata"]["resourceVersion"])


def test_listeners_hear_of_their_resources_until_forgotten(store):
    heard = []
    store.listen(heard.append, PODS)
    store.put("pods", an_object("a"))
    store.put("services", an_object("a"))
    store.forget(heard.append)
    store.put("pods", an_object("b"))
    assert [record.object["metadata"]["name"] for record in heard] == ["a"]


def test_old_history_is_dropped_and_its_end_remembered(store, tmp_path, monkeypatch):
    monkeypatch.setattr(f"{ObjectStore.__module__}._HISTORY", 10)
    for number in range(100):
        store.put("pods", an_object("a", n=number))
    assert store.revision - store.oldest <= 20
    assert len(list(store.since(store.oldest, PODS))) == store.revision - store.oldest
    again = ObjectStore(tmp_path / "cluster.db")
    assert again.oldest == store.oldest
    again.close()


def test_a_write_that_finds_no_room_changes_nothing(store):
    kept = store.put("pods", an_object("a", n=1))
    revision = store.revision
    (pages,) = store._database.execute("PRAGMA page_count").fetchone()
    store._database.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StatusError, match="full.*make room on the disk of its state folder"):
        store.put("pods", an_object("a", n=2, text="x" * 1_000_000))
    assert (store.get("pods", "shop", "a"), store.revision) == (kept, revision)
    store._database.execute("PRAGMA max_page_count=1000000")
    assert store.put("pods", an_object("b"))["metadata"]["resourceVersion"] == str(revision + 1)


def test_a_killed_process_loses_nothing_that_it_acknowledged(tmp_path):
    writer = (
        "import sys\n"
        "from aks_flow.rehearsal.standins.kubernetes.store import ObjectStore\n"
        "store = ObjectStore(sys.argv[1])\n"
        "while True:\n"
        "    item = store.put('pods', {'metadata': {'name': f'p{store.revision}', 'namespace': 'shop'}})\n"
        "    print(item['metadata']['name'], flush=True)\n"
    )
    database = tmp_path / "cluster.db"
    with subprocess.Popen(
        [sys.executable, "-c", writer, str(database)], env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
    ) as process:
        acknowledged = [process.stdout.readline().strip() for _ in range(200)]
        os.kill(process.pid, signal.SIGKILL)
        acknowledged += process.stdout.read().split("\n")[:-1]
    store = ObjectStore(database)
    kept = {item["metadata"]["name"] for item in store.list("pods")}
    store.close()
    assert len(acknowledged) >= 200
    assert set(acknowledged) <= kept
