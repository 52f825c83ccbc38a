"""Any object whose types are right passes through every pure function: at worst it is refused."""

from copy import deepcopy

from hypothesis import given, settings
from hypothesis import strategies as st

from aks_flow.rehearsal.standins.kubernetes import defaults, patch, printers, schema, validation
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.schema import models
from aks_flow.rehearsal.standins.kubernetes.schema.models import ModelField

NOW = "2026-11-22T22:05:00Z"
STORED = [kind for kind in kinds.BUILTIN if kind not in kinds.CREATE_ONLY]
DEEPEST = 7
TEXTS = st.sampled_from(
    ["", "a", "web", "Always", "RollingUpdate", "ClusterIP", "50%", "Bad Name", "é", "x" * 70]
)
LEAVES = {
    "string": TEXTS,
    "bool": st.booleans(),
    "bytes": st.sampled_from(["", "YQ=="]),
    "float64": st.floats(allow_nan=False, allow_infinity=False),
    "Time": st.just(NOW),
    "MicroTime": st.just("2026-11-22T22:05:00.000001Z"),
    "Quantity": st.sampled_from(["1", "500m", "64Mi", 2, "-1"]),
    "IntOrString": st.one_of(st.integers(-1, 70000), TEXTS),
    "any": st.dictionaries(TEXTS, TEXTS, max_size=1),
    "[]string": st.lists(TEXTS, max_size=1),
}
NUMBERS = st.integers(-1, 70000)


@st.composite
def objects(draw, model: str, depth: int = 0) -> dict:
    """An object of a model, with a few of its fields."""
    fields = models.fields(model)
    chosen = draw(st.lists(st.sampled_from(sorted(fields)), max_size=4, unique=True)) if fields else []
    if depth < 4:
        chosen = {*chosen, *({"spec", "template", "containers"} & set(fields))}
    return {name: draw(values(fields[name], depth)) for name in chosen}


def values(field: ModelField, depth: int) -> st.SearchStrategy:
    if field.is_model:
        single = objects(field.type, depth + 1) if depth < DEEPEST else st.just({})
    else:
        single = LEAVES.get(field.type, NUMBERS)
    if field.container == "[]":
        return st.lists(single, max_size=2)
    return st.dictionaries(TEXTS, single, max_size=2) if field.container else single


@st.composite
def kinds_and_objects(draw) -> tuple[kinds.Kind, dict, dict]:
    kind = draw(st.sampled_from(STORED))
    pair = []
    for _ in range(2):
        item = draw(objects(models.model_name(kind)))
        item |= {"apiVersion": kind.api_version, "kind": kind.kind}
        item["metadata"] = {"name": "x", "creationTimestamp": "2026-11-22T22:00:00Z"}
        pair.append(item)
    return kind, *pair


@settings(max_examples=150, deadline=None)
@given(kinds_and_objects())
def test_an_object_of_the_right_types_never_breaks_anything(drawn):
    kind, old, new = drawn
    for item in (old, new):
        assert schema.strict(kind, item, "Strict") == []
        defaults.apply(kind, item)
        once = deepcopy(item)
        defaults.apply(kind, item)
        assert item == once
        assert schema.strict(kind, item, "Strict") == []
    assert all(cause.message for cause in validation.create(kind, new))
    assert all(cause.message for cause in validation.update(kind, old, new))
    assert printers.render(kind, [old, new], NOW)["rows"]
    assert patch.apply(patch.MERGE_PATCH, kind, old, new)
    assert patch.apply(patch.STRATEGIC_MERGE_PATCH, kind, old, {}) == old
