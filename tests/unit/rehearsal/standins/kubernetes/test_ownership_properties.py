"""What holds for field ownership whatever is applied: pure functions, any objects."""

from copy import deepcopy

from hypothesis import given
from hypothesis import strategies as st

from aks_flow.rehearsal.standins.kubernetes import field_management
from aks_flow.rehearsal.standins.kubernetes.field_management import comparing, fieldsets, shapes
from aks_flow.rehearsal.standins.kubernetes.field_management.merging import without
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind

NOW = "2026-11-25T12:00:00Z"
WIDGET = Kind(
    *("example.com", "v1", "Widget", "widgets", "widget"),
    schema={
        "type": "object",
        "properties": {
            "spec": {
                "type": "object",
                "properties": {
                    "parts": {
                        "type": "array",
                        "x-kubernetes-list-type": "map",
                        "x-kubernetes-list-map-keys": ["name"],
                        "items": {"type": "object", "properties": {"name": {}, "size": {}}},
                    },
                    "tags": {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}},
                    "whole": {"type": "object", "x-kubernetes-map-type": "atomic"},
                },
            }
        },
    },
)
NAMES = st.sampled_from(["a", "b", "c"])
VALUES = st.integers(0, 2) | st.booleans() | st.sampled_from(["x", "y"])
MAPS = st.dictionaries(NAMES, VALUES, max_size=3)
CONTAINERS = st.lists(
    st.fixed_dictionaries(
        {"name": NAMES}, optional={"image": st.sampled_from(["one", "two"]), "stdin": st.booleans()}
    ),
    max_size=3,
    unique_by=lambda item: item["name"],
)
DEPLOYMENTS = st.fixed_dictionaries(
    {"metadata": st.fixed_dictionaries({}, optional={"labels": MAPS, "annotations": MAPS})},
    optional={
        "spec": st.fixed_dictionaries(
            {},
            optional={
                "replicas": st.integers(0, 3),
                "selector": st.fixed_dictionaries({"matchLabels": MAPS}),
                "template": st.fixed_dictionaries(
                    {"spec": st.fixed_dictionaries({"containers": CONTAINERS})}
                ),
            },
        )
    },
)
WIDGETS = st.fixed_dictionaries(
    {"metadata": st.just({})},
    optional={
        "spec": st.fixed_dictionaries(
            {},
            optional={
                "parts": CONTAINERS,
                "tags": st.lists(NAMES, unique=True, max_size=3),
                "whole": MAPS,
            },
        )
    },
)
PAIRS = st.one_of(
    st.tuples(st.just(kinds.DEPLOYMENT), DEPLOYMENTS, DEPLOYMENTS),
    st.tuples(st.just(WIDGET), WIDGETS, WIDGETS),
)


def apply(kind, live, config, entries, manager, force=False):
    author = field_management.Author(manager, kind.api_version)
    return field_management.applied(kind, deepcopy(live), deepcopy(config), entries, author, force, NOW)


def mine(entries, manager):
    return frozenset().union(*(entry.fields for entry in entries.values() if entry.author.name == manager))


@given(PAIRS)
def test_applying_again_changes_nothing(pair):
    kind, config, _ = pair
    once, entries = apply(kind, {}, config, {}, "one")
    assert apply(kind, once, config, entries, "one") == (once, entries)


@given(PAIRS)
def test_an_applier_owns_what_it_applies_and_gets_it(pair):
    kind, first, second = pair
    live, entries = apply(kind, {}, first, {}, "one")
    item, entries = apply(kind, live, second, entries, "two", force=True)
    shape = shapes.of(kind)
    assert not comparing.compare(shape, second, item).modified - {()}
    owned = {path for path in comparing.fields_of(shape, second) if path != ("f:metadata",)}
    assert mine(entries, "two") == owned


@given(PAIRS)
def test_managers_conflict_only_over_fields_that_would_change(pair):
    kind, first, second = pair
    live, entries = apply(kind, {}, first, {}, "one")
    changes = comparing.compare(
        shapes.of(kind), live, apply(kind, live, second, entries, "two", force=True)[0]
    )
    contested = mine(entries, "one") & changes.new
    try:
        apply(kind, live, second, entries, "two")
        conflicted = set()
    except field_management.Conflicts as conflicts:
        conflicted = {field for _, field in conflicts.fields}
    assert conflicted == {fieldsets.text(path) for path in contested}


@given(PAIRS)
def test_what_is_forced_belongs_to_one_manager_alone_if_it_changed(pair):
    kind, first, second = pair
    live, entries = apply(kind, {}, first, {}, "one")
    item, after = apply(kind, live, second, entries, "two", force=True)
    changed = comparing.compare(shapes.of(kind), live, item).new
    assert not mine(after, "one") & changed


@given(PAIRS)
def test_whoever_applies_nothing_more_leaves_nothing_behind(pair):
    kind, first, second = pair
    live, entries = apply(kind, {}, first, {}, "one")
    both, entries = apply(kind, live, second, entries, "two", force=True)
    left, entries = apply(kind, both, {"metadata": {}}, entries, "two")
    shape = shapes.of(kind)
    kept = frozenset(comparing.fields_of(shape, left)) - mine(entries, "one") - {("f:metadata",)}
    assert "metadata" in left
    assert mine(entries, "two") == frozenset()
    assert not kept & frozenset(comparing.fields_of(shape, second))


@given(PAIRS)
def test_an_update_owns_what_it_changed_and_nothing_that_it_did_not(pair):
    kind, old, new = pair
    _, entries = apply(kind, {}, old, {}, "one")
    author = field_management.Author("two", kind.api_version)
    after = field_management.updated(kind, old, new, entries, author, NOW)
    changes = comparing.compare(shapes.of(kind), old, new)
    assert mine(after, "two") == changes.new - {("f:metadata",)}
    assert not mine(after, "one") & (changes.new | changes.removed)


@given(PAIRS)
def test_a_set_of_fields_survives_its_json_form(pair):
    kind, config, _ = pair
    paths = frozenset(comparing.fields_of(shapes.of(kind), config))
    assert fieldsets.decode(fieldsets.encode(paths)) == paths
    assert set(fieldsets.in_order(paths)) == paths


@given(PAIRS)
def test_taking_out_every_field_leaves_none(pair):
    kind, config, _ = pair
    shape = shapes.of(kind)
    paths = fieldsets.with_parents(comparing.fields_of(shape, config))
    assert not any(comparing.fields_of(shape, without(shape, config, paths)))


@given(PAIRS)
def test_managed_fields_can_be_read_as_they_were_written(pair):
    kind, first, second = pair
    live, entries = apply(kind, {}, first, {}, "one")
    _, entries = apply(kind, live, second, entries, "two", force=True)
    assert field_management.read({"managedFields": field_management.write(entries)}) == entries
