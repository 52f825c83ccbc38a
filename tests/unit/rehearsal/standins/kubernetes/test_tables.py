"""kubectl's columns: as recorded, and by example where the recordings show nothing."""

import json
from pathlib import Path

import pytest

from aks_flow.rehearsal.standins.kubernetes import printers
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds, versions
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind
from aks_flow.rehearsal.standins.kubernetes.printers import json_path
from aks_flow.rehearsal.standins.kubernetes.printers.values import duration

DATA = Path(__file__).parent / "data"
KINDS = kinds.builtin()
BY_NAME = {kind.kind: kind for kind in kinds.BUILTIN if versions.hub(kind) == kind}
CREATED, NOW = "2026-11-22T22:00:00Z", "2026-11-22T22:05:00Z"
COLUMNS = json.loads((DATA / "tables_columns.json").read_text())


def cases(name: str):
    return [pytest.param(case, id=case["name"]) for case in json.loads((DATA / f"{name}.json").read_text())]


def row(kind: Kind, item: dict, now: str = NOW) -> dict:
    return printers.render(kind, [item], now)["rows"][0]


@pytest.mark.parametrize("case", cases("tables_recorded"))
def test_a_row_is_the_recorded_one(case):
    item = case["object"]
    kind = KINDS.by_kind(item["apiVersion"], item["kind"])
    assert row(kind, item, case["now"])["cells"] == case["cells"]


@pytest.mark.parametrize("resource", COLUMNS)
def test_the_columns_are_the_recorded_ones(resource):
    kind = next(kind for kind in KINDS if kind.resource == resource)
    table = printers.render(kind, [], NOW)
    shown = [[c["name"], c["type"], c["format"], c["priority"]] for c in table["columnDefinitions"]]
    assert shown == COLUMNS[resource]


@pytest.mark.parametrize("case", cases("tables_cells"))
def test_the_cells_after_the_name_are_as_kubectl_users_know_them(case):
    metadata = {"name": "x", "creationTimestamp": CREATED} | case["object"].get("metadata", {})
    assert row(BY_NAME[case["kind"]], case["object"] | {"metadata": metadata})["cells"] == [
        "x",
        *case["cells"],
    ]


@pytest.mark.parametrize("kind", kinds.BUILTIN, ids=lambda kind: kind.resource)
def test_an_empty_object_of_any_kind_has_a_cell_in_each_column(kind):
    table = printers.render(kind, [{"metadata": {"name": "x"}}], NOW)
    assert len(table["rows"][0]["cells"]) == len(table["columnDefinitions"])


def test_an_entry_without_the_key_that_a_list_shows_is_shown_empty():
    item = {"metadata": {"name": "x"}, "spec": {"tokenRequests": [{}, {"audience": "vault"}]}}
    assert ",vault" in row(BY_NAME["CSIDriver"], item)["cells"]


def test_a_row_carries_its_objects_metadata():
    metadata = {"name": "x", "uid": "1"}
    partial = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": metadata}
    assert row(kinds.CONFIG_MAP, {"metadata": metadata, "data": {}})["object"] == partial


def test_a_completed_pod_says_so_beside_its_cells():
    succeeded = row(kinds.POD, {"metadata": {"name": "x"}, "status": {"phase": "Succeeded"}})
    assert succeeded["conditions"] == [
        {
            "type": "Completed",
            "status": "True",
            "reason": "Succeeded",
            "message": "The pod has completed successfully.",
        }
    ]
    assert "conditions" not in row(kinds.POD, {"metadata": {"name": "x"}, "status": {"phase": "Running"}})


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "<invalid>"), (-1, "0s"), (0, "0s"), (119, "119s"), (120, "2m"), (185, "3m5s"), (599, "9m59s"),
        (600, "10m"), (10799, "179m"), (10800, "3h"), (11100, "3h5m"), (28799, "7h59m"), (28800, "8h"),
        (172799, "47h"), (172800, "2d"), (183600, "2d3h"), (691199, "7d23h"), (691200, "8d"),
        (63071999, "729d"), (63072000, "2y"), (65664000, "2y30d"), (252288000, "8y"),
    ],
)  # fmt: skip
def test_a_duration_has_two_units_at_most(seconds, text):
    assert duration(seconds) == text


def test_an_event_of_the_newer_group_shows_the_same():
    old = {
        "metadata": {"name": "e"}, "type": "Normal", "reason": "Pulled", "message": "done ", "count": 2,
        "involvedObject": {"kind": "Pod", "name": "p"}, "firstTimestamp": CREATED, "lastTimestamp": NOW,
        "source": {"component": "kubelet", "host": "n"},
    }  # fmt: skip
    new = {
        "metadata": {"name": "e"}, "type": "Normal", "reason": "Pulled", "note": "done ",
        "deprecatedCount": 2, "regarding": {"kind": "Pod", "name": "p"}, "deprecatedFirstTimestamp": CREATED,
        "deprecatedLastTimestamp": NOW, "reportingController": "kubelet", "reportingInstance": "n",
    }  # fmt: skip
    cells = ["0s", "Normal", "Pulled", "pod/p", "", "kubelet, n", "done", "5m", 2, "e"]
    assert row(kinds.EVENT, old)["cells"] == row(kinds.NEW_EVENT, new)["cells"] == cells


def test_an_event_in_a_series_counts_the_series():
    series = {"count": 7, "lastObservedTime": "2026-11-22T22:04:00.000000Z"}
    cells = row(kinds.EVENT, {"metadata": {"name": "e"}, "eventTime": CREATED, "series": series})["cells"]
    assert (cells[0], cells[7], cells[8]) == ("60s", "5m", 7)


def custom(*columns: dict) -> Kind:
    return Kind("e.com", "v1", "Thing", "things", "thing", columns=columns, schema={"type": "object"})


def test_a_custom_kind_has_the_columns_of_its_definition():
    kind = custom(
        {"name": "Sync", "type": "string", "jsonPath": ".status.sync"},
        {"name": "Count", "type": "integer", "jsonPath": ".spec.count", "priority": 10},
        {"name": "Since", "type": "date", "jsonPath": ".metadata.creationTimestamp"},
        {"name": "Ready", "type": "string", "jsonPath": '.status.conditions[?(@.type=="Ready")].status'},
    )
    conditions = [{"type": "Other", "status": "False"}, {"type": "Ready", "status": "True"}]
    item = {"metadata": {"name": "x", "creationTimestamp": CREATED}, "status": {"conditions": conditions}}
    item |= {"spec": {"count": "not a number"}}
    assert row(kind, item)["cells"] == ["x", None, None, "5m", "True"]
    priorities = [column["priority"] for column in printers.render(kind, [], NOW)["columnDefinitions"]]
    assert priorities == [0, 0, 10, 0, 0]


def test_a_custom_kind_without_columns_has_a_name_and_an_age():
    assert row(custom(), {"metadata": {"name": "x", "creationTimestamp": CREATED}})["cells"] == ["x", "5m"]


@pytest.mark.parametrize(
    ("path", "values"),
    [
        (".a.b", [1]), (".a", [{"b": 1}]), (".none.b", []), (".list[0]", ["x"]), (".list[-1]", ["y"]),
        (".list[9]", []), (".list[*]", ["x", "y"]), (r".dotted\.key", [2]), ("['dotted.key']", [2]),
        (".items[?(@.on==true)].n", [3]), (".items[?(@.n!=3)].n", [4]),
    ],
)  # fmt: skip
def test_a_path_finds_every_value(path, values):
    item = {"a": {"b": 1}, "list": ["x", "y"], "dotted.key": 2, "items": [{"on": True, "n": 3}, {"n": 4}]}
    assert json_path.parse(path)(item) == values


def test_what_is_no_path_is_refused():
    with pytest.raises(ValueError, match="is not a path"):
        json_path.parse("a b")
