"""What holds for every text: found by generating texts, not by listing them."""

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aks_flow.manifests.yaml_edit import source
from aks_flow.manifests.yaml_edit.fields import get, set_scalar
from tests.unit.manifests.yaml_edit.generated import Text, texts, yaml_texts

LOADERS = [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)]


@st.composite
def edits(draw):
    text = draw(yaml_texts().filter(lambda text: text.leaves))
    return text, draw(st.sampled_from(text.leaves)), draw(texts)


def load(text: str) -> list:
    return list(yaml.load_all(text, Loader=LOADERS[-1]))


def changed(data: list, steps: tuple, value) -> list:
    *parents, last = steps
    holder = data
    for step in parents:
        holder = holder[step]
    holder[last] = value
    return data


@pytest.fixture(params=LOADERS, ids=["pure", "libyaml"])
def loader(request, monkeypatch):
    monkeypatch.setattr(source, "LOADER", request.param)


many = settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@many
@given(edits())
def test_only_the_span_of_the_scalar_changes_and_it_reads_as_the_text_given(loader, edit):
    text, (path, start, end, steps), value = edit
    result = set_scalar(text.text, path, value, where="f.yaml")
    assert result.startswith(text.text[:start])
    assert result.endswith(text.text[end:])
    assert len(result) >= start + len(text.text) - end
    assert load(result) == changed(load(text.text), steps, value)
    assert get(result, path)[0][0] == value


@many
@given(edits())
def test_setting_twice_is_setting_once(loader, edit):
    text, (path, *_), value = edit
    once = set_scalar(text.text, path, value, where="f.yaml")
    assert set_scalar(once, path, value, where="f.yaml") == once


@many
@given(yaml_texts())
def test_setting_what_is_there_changes_no_byte_unless_it_read_as_another_type(loader, text: Text):
    data = load(text.text)
    for path, _, _, steps in text.leaves:
        value = data
        for step in steps:
            value = value[step]
        if isinstance(value, str) and get(text.text, path)[0][0] == value and value not in ("12e3", "~"):
            assert set_scalar(text.text, path, value, where="f.yaml") == text.text


@many
@given(edits(), st.one_of(st.integers(), st.booleans(), st.none()))
def test_an_integer_a_boolean_and_null_read_as_such(loader, edit, value):
    text, (path, _, _, steps), _ = edit
    result = set_scalar(text.text, path, value, where="f.yaml")
    assert load(result) == changed(load(text.text), steps, value)


@many
@given(edits())
def test_both_parsers_give_the_same_bytes(edit):
    text, (path, *_), value = edit
    results = []
    for loader in LOADERS:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(source, "LOADER", loader)
            edited = set_scalar(text.text, path, value, where="f.yaml")
            results.append((edited, get(edited, path)))
    assert results[0] == results[1]
