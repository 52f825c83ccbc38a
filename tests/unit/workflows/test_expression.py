"""Expressions as GitHub reads them, and that no text, pattern or byte stops a check."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aks_flow.core.errors import AksFlowError
from aks_flow.workflows import check, expression
from aks_flow.workflows.patterns import matches
from tests.unit.workflows.test_faults import SOUND


def truth(text: str, **facts) -> bool | None:
    return expression.truth_of(
        expression.value(expression.parse(text), {f"github.{k}": v for k, v in facts.items()})
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'x'", True),
        ("''", False),
        ("0", False),
        ("-1", True),
        ("0x0", False),
        ("null", False),
        ("!null", True),
        ("'it''s' == 'IT''S'", True),
        ("true && false || true", True),
        ("true || false && false", True),
        ("github.ref == 'a'", None),
        ("(vars.X || 'push') == 'push'", None),
        ("('push' || vars.X) == 'push'", True),
        ("vars.X && false", False),
        ("a.b != 'x' || a['B'] != 'y'", True),
        ("a[0] != 'x' || a[1] != 'y'", None),
        ("a.*.b != 'x' || a.*.b != 'y'", None),
        ("a != 'x' || a != 'X'", None),
        ("a == 'x' || a != 'x'", True),
        ("fn(a)[0].b != 'x' || fn(b)[0].b != 'y'", None),
        ("always()", None),
    ],
)
def test_what_an_expression_gives_without_a_run(text, expected):
    assert truth(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("github.event_name == 'push'", False),
        ("startsWith(github.ref, 'refs/pull/')", True),
        ("endsWith(github.ref, '/x') || contains(github.ref, 'pull')", True),
        ("github.event_name != 'pull_request' && vars.X", False),
        ("github.event_name == 'pull_request' && vars.X", None),
    ],
)
def test_what_it_gives_with_what_is_known_of_an_event(text, expected):
    assert truth(text, event_name="pull_request", ref="refs/pull/1/merge") is expected


@pytest.mark.parametrize("text", ["", "a =", "a = 'b'", "'open", "f(", "a b", "a.", "&&", '"x"'])
def test_a_text_that_is_none_is_left_to_the_linter(text):
    assert expression.parse(text) is None


@given(st.text(alphabet="ab'!=&|()[].,* \n$0"))
def test_any_text_is_an_expression_or_none(text):
    tree = expression.parse(expression.bare(text))
    assert tree is None or expression.truth_of(expression.value(tree, {})) in (True, False, None)


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("release/[9-0]", "release/9", False),
        ("+x", "x", False),
        ("*+", "x", False),
        ("v[0-9]+.x", "v10.x", True),
        ("colou?r", "color", True),
        ("a\\*", "a*", True),
        ("a\\*", "ab", False),
        ("[", "[", True),
        ("[^a]", "b", False),
        ("*", "a/b", False),
        ("**", "a/b", True),
    ],
)
def test_a_pattern_matches_as_github_documents(pattern, name, expected):
    assert matches(pattern, name) is expected


@given(st.text(alphabet="ab[]-+?*!\\^/0"), st.text(alphabet="ab/0"))
def test_any_pattern_has_an_answer(pattern, name):
    assert matches(pattern, name) in (True, False)


@given(st.binary(max_size=40), st.integers(0, len(SOUND)))
def test_any_bytes_within_a_workflow_have_findings_or_none(noise, at):
    content = SOUND.encode()
    check.findings({"w.yml": content[:at] + noise + content[at:]}, {}, lambda words: "")


def test_nothing_but_a_refusal_comes_of_a_file_that_is_nested_without_end():
    try:
        check.findings({"w.yml": b"[" * 5000}, {}, lambda words: "")
    except AksFlowError:
        pytest.fail("a file that cannot be read is a finding")
