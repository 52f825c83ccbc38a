"""The table of models: up to date, complete, and read fast."""

import json
import sys

import pytest

from aks_flow.rehearsal.standins.kubernetes import schema
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.schema import descriptions, models
from dev import generate_schema, generate_structure


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the types are read from an ELF program")
def test_the_table_is_what_the_generator_gives():
    assert generate_schema.TARGET.read_text() == generate_schema.generate()


def test_every_built_in_kind_has_a_model_that_leads_only_to_models():
    seen: set[str] = set()
    todo = [models.model_name(kind) for kind in kinds.BUILTIN]
    while todo:
        model = todo.pop()
        if model not in seen:
            seen.add(model)
            todo += [field.type for field in models.fields(model).values() if field.is_model]
    assert {"core/v1.Container", "apiextensions/v1.JSONSchemaProps"} <= seen


def test_a_field_knows_its_type_its_merge_key_and_its_number():
    ports = models.fields("core/v1.Container")["ports"]
    assert (ports.type, ports.container, ports.merge_key, ports.number) == (
        "core/v1.ContainerPort",
        "[]",
        "containerPort",
        6,
    )


def test_what_lies_inline_is_found_beside_its_owner():
    assert "httpGet" in models.fields("core/v1.Probe")
    assert "apiVersion" in models.fields("core/v1.PersistentVolumeClaim")


def test_names_that_python_would_not_take_are_kept():
    assert "continue" in models.fields("meta/v1.ListMeta")
    assert {"not", "$ref", "x-kubernetes-preserve-unknown-fields"} <= set(
        models.fields("apiextensions/v1.JSONSchemaProps")
    )


@pytest.mark.parametrize("kind", kinds.BUILTIN, ids=lambda kind: kind.resource)
def test_every_reference_in_a_schema_resolves(kind):
    components = schema.openapi_components(kind)
    references = set(_references(components))
    assert references <= {f"#/components/schemas/{name}" for name in components}
    assert components[schema.openapi_name(kind)]["x-kubernetes-group-version-kind"]
    assert json.loads(json.dumps(components)) == components


def _references(value: object):
    if isinstance(value, dict):
        for key, content in value.items():
            if key == "$ref" and isinstance(content, str):
                yield content
            else:
                yield from _references(content)
    elif isinstance(value, list):
        for element in value:
            yield from _references(element)


def test_what_a_field_means_is_said_in_the_api_s_own_words():
    words = descriptions.of("apps/v1.DeploymentSpec")
    assert words.about.startswith("DeploymentSpec is the specification of the desired behavior")
    assert "newly created pod should be ready" in words.fields["minReadySeconds"]
    assert descriptions.of("core/v1.EndpointPort").fields["port"]
    assert descriptions.of("core/v1.HTTPGetAction").fields["path"]
    assert descriptions.of("core/v1.Nothing") == ("", {})


def test_most_models_are_described():
    every = json.loads(generate_schema.TARGET.read_text())
    described = [model for model in every if descriptions.of(model).fields]
    assert len(described) > 0.9 * len(every)


def test_what_has_one_owner_is_said_of_models_and_fields_that_there_are():
    marks = json.loads(generate_structure.TARGET.read_text())
    for place, mark in marks.items():
        model, _, name = place.rpartition(".")
        field = models.fields(model)[name] if not name[0].isupper() else None
        assert mark != (models.default_structure(field) if field else "granular"), place
        if field and field.is_model and mark not in ("atomic", "granular", "set"):
            assert set(mark.split(",")) <= models.fields(field.type).keys(), place


@pytest.mark.parametrize(
    ("model", "name", "structure"),
    [
        ("core/v1.ServiceSpec", "ports", "port,protocol"),
        ("core/v1.PodSpec", "containers", "name"),
        ("core/v1.PodSpec", "tolerations", "atomic"),
        ("core/v1.PodSpec", "nodeSelector", "atomic"),
        ("meta/v1.ObjectMeta", "finalizers", "set"),
        ("meta/v1.ObjectMeta", "labels", "granular"),
        ("meta/v1.LabelSelector", "", "atomic"),
    ],
)
def test_how_a_value_is_owned(model, name, structure):
    assert models.structure(model, name) == structure
