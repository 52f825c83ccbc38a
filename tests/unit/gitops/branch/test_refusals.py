"""git's words -> one sentence, and whether another try makes sense."""

import tomllib
from pathlib import Path

import pytest

from aks_flow.core.command import Result
from aks_flow.gitops.branch.refusals import refusal

CASES = tomllib.loads(Path(__file__).with_name("refusals.toml").read_text())["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_refusal_is_told_by_its_words(case):
    refused = refusal(Result(1, b"", case["said"].encode()), "origin", "gitops")
    assert (refused.retryable, refused.lost) == (case.get("retryable", False), case.get("lost", False))
    assert case.get("sentence", "") in refused.what
    assert case.get("step", "") in refused.next_step
    assert case.get("words", case["said"].splitlines()[0].strip()) in str(refused)
    assert "hint:" not in str(refused)
