import pytest

from aks_flow.core.command import Result
from aks_flow.tools import helm


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Error: x/a.yaml:3: nil pointer\n", "x/a.yaml:3: nil pointer"),
        ("walk.go: found a link\nError: no such file\n\nUse --debug flag to render out\n", "no such file"),
        ("panic: it broke\n", "panic: it broke"),
        ("", "exit code 1"),
    ],
)
def test_why_a_chart_does_not_render_is_its_error_and_no_advice(text, why):
    assert helm.said(Result(1, b"", text.encode())) == why
