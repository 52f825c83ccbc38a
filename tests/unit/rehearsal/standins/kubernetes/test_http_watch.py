"""Watches: every change once, in order, to those whom it concerns."""

import pytest

from aks_flow.rehearsal.standins.kubernetes.api import watch
from tests.unit.rehearsal.standins.kubernetes.conftest import serving

CONFIG_MAPS = "/api/v1/namespaces/default/configmaps"
WATCH = f"{CONFIG_MAPS}?watch=true"
WEB = "labelSelector=app%3Dweb"
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"

CPU = {"type": "Utilization", "averageUtilization": 60}


def a_config_map(name: str, **labels: str) -> dict:
    return {"metadata": {"name": name, "labels": labels}}


def create(server, name: str, **labels: str) -> dict:
    return server.call("POST", CONFIG_MAPS, a_config_map(name, **labels)).body


def relabel(server, name: str, app: str) -> None:
    change = {"metadata": {"labels": {"app": app}}}
    server.call("PATCH", f"{CONFIG_MAPS}/{name}", change, content_type="application/merge-patch+json")


def revision(server) -> str:
    return server.call("GET", CONFIG_MAPS).body["metadata"]["resourceVersion"]


def test_a_watch_tells_what_happens_after_a_revision(server):
    since = revision(server)
    create(server, "a", app="web")
    with server.watch(f"{WATCH}&resourceVersion={since}") as events:
        assert events.next_name() == ("ADDED", "a")
        relabel(server, "a", "api")
        assert events.next_name() == ("MODIFIED", "a")
        server.call("DELETE", f"{CONFIG_MAPS}/a")
        assert events.next_name() == ("DELETED", "a")


def test_events_carry_whole_objects_in_order(server):
    with server.watch(f"{WATCH}&resourceVersion={revision(server)}") as events:
        create(server, "a")
        create(server, "b")
        first, second = events.next()["object"], events.next()["object"]
    assert (first["kind"], first["apiVersion"]) == ("ConfigMap", "v1")
    assert int(first["metadata"]["resourceVersion"]) < int(second["metadata"]["resourceVersion"])


def test_a_watch_from_nowhere_begins_with_what_exists(server):
    create(server, "a", app="web")
    with server.watch(f"{WATCH}&{WEB}") as events:
        assert events.next_name() == ("ADDED", "a")
        create(server, "b", app="web")
        assert events.next_name() == ("ADDED", "b")


def test_entering_a_selection_is_added_and_leaving_it_deleted(server):
    create(server, "a", app="api")
    with server.watch(f"{WATCH}&{WEB}&resourceVersion={revision(server)}") as events:
        relabel(server, "a", "web")
        assert events.next_name() == ("ADDED", "a")
        relabel(server, "a", "other")
        left = events.next()
        assert left["type"] == "DELETED"
        assert left["object"]["metadata"]["labels"] == {"app": "web"}
        assert left["object"]["metadata"]["resourceVersion"] == revision(server)
        relabel(server, "a", "another")
        create(server, "b", app="web")
        assert events.next_name() == ("ADDED", "b")


def test_what_left_the_selection_before_the_watch_began_is_told_too(server):
    create(server, "a", app="web")
    since = revision(server)
    relabel(server, "a", "other")
    with server.watch(f"{WATCH}&{WEB}&resourceVersion={since}") as events:
        assert events.next_name() == ("DELETED", "a")


def test_initial_events_end_with_a_bookmark(server):
    create(server, "a", app="web")
    options = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"
    with server.watch(f"{WATCH}&{WEB}&{options}") as events:
        assert events.next_name() == ("ADDED", "a")
        bookmark = events.next()
        assert bookmark["type"] == "BOOKMARK"
        assert bookmark["object"]["kind"] == "ConfigMap"
        assert bookmark["object"]["metadata"]["annotations"] == {"k8s.io/initial-events-end": "true"}
        assert bookmark["object"]["metadata"]["resourceVersion"] == revision(server)
        create(server, "b", app="web")
        assert events.next_name() == ("ADDED", "b")


def test_a_field_selector_follows_one_object(server):
    path = f"{WATCH}&fieldSelector=metadata.name%3Db&resourceVersion={revision(server)}"
    with server.watch(path) as events:
        create(server, "a")
        create(server, "b")
        assert events.next_name() == ("ADDED", "b")


def test_a_watch_ends_when_its_time_is_over(server):
    with server.watch(f"{WATCH}&timeoutSeconds=1&resourceVersion={revision(server)}") as events:
        assert events.next() is None


def test_a_watch_from_too_long_ago_is_gone(server):
    before = revision(server)
    create(server, "a")
    with server.watch(f"{WATCH}&resourceVersion={before}") as events:
        assert events.next_name() == ("ADDED", "a")
    server.api.objects.store.oldest = int(before) + 1
    with server.watch(f"{WATCH}&resourceVersion={before}") as events:
        error = events.next()
        assert (error["type"], error["object"]["code"], error["object"]["reason"]) == (
            "ERROR",
            410,
            "Expired",
        )
        assert events.next() is None


def test_a_watch_goes_on_over_a_restart(tmp_path):
    with serving(tmp_path / "cluster.db") as server:
        since = revision(server)
        create(server, "a")
    path = f"{WATCH}&resourceVersion={since}"
    with serving(tmp_path / "cluster.db") as server, server.watch(path) as events:
        assert events.next_name() == ("ADDED", "a")


def test_a_watched_table_has_its_columns_once(server):
    with server.watch(f"{WATCH}&resourceVersion={revision(server)}", accept=TABLE) as events:
        create(server, "a")
        create(server, "b")
        first, second = events.next()["object"], events.next()["object"]
    assert first["columnDefinitions"] and not second["columnDefinitions"]
    assert [table["rows"][0]["cells"][0] for table in (first, second)] == ["a", "b"]


def test_a_watch_from_the_first_days_is_refused(server):
    with server.watch(f"{WATCH}&resourceVersion=1") as events:
        error = events.next()
    assert (error["type"], error["object"]["code"], error["object"]["reason"]) == ("ERROR", 410, "Expired")


@pytest.mark.parametrize(("left", "pause"), [(3600, 60), (61, 59), (10, 8), (2, 60), (1, 60)])
def test_a_bookmark_comes_every_minute_and_before_the_end(left, pause):
    assert watch.bookmark_pause(left) == pause


def test_watches_of_two_versions_and_of_tables_each_get_their_form(server):
    path = "/namespaces/default/horizontalpodautoscalers"
    spec = {"maxReplicas": 2, "scaleTargetRef": {"kind": "Deployment", "name": "web"}}
    spec["metrics"] = [{"type": "Resource", "resource": {"name": "cpu", "target": CPU}}]
    new, old = f"/apis/autoscaling/v2{path}", f"/apis/autoscaling/v1{path}"
    with (
        server.watch(f"{new}?watch=true") as first,
        server.watch(f"{old}?watch=true") as second,
        server.watch(f"{new}?watch=true", Accept=TABLE) as third,
    ):
        server.call("POST", new, {"metadata": {"name": "web"}, "spec": spec})
        objects = [events.next()["object"] for events in (first, second, third)]
    assert [item["apiVersion"] for item in objects] == ["autoscaling/v2", "autoscaling/v1", "meta.k8s.io/v1"]
    assert objects[0]["spec"]["metrics"][0]["resource"]["target"] == CPU
    assert objects[1]["spec"]["targetCPUUtilizationPercentage"] == 60
