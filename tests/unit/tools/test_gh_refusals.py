"""What gh says when GitHub refuses becomes one sentence and a next step."""

import pytest

from aks_flow.core.command import Result, command
from aks_flow.tools.gh import refusals

LIMIT = ("GitHub answers this login no more for now", "Wait")
SAID = {
    "gh: API rate limit exceeded for installation ID 19416693. (HTTP 403)": LIMIT,
    "gh: You have exceeded a secondary rate limit. Please wait a few minutes. (HTTP 403)": LIMIT,
    "gh: Too many requests (HTTP 429)": LIMIT,
    "gh: Server Error (HTTP 502)": ("GitHub does not answer", "Check the network"),
    "gh: Resource not accessible by integration (HTTP 403)": ("the token lacks a permission", "It needs"),
}


@pytest.mark.parametrize("said", SAID)
def test_what_github_says_has_a_sentence(said):
    error = refusals.refusal(command("gh", "api", "x"), Result(1, b"", said.encode()))
    what, step = SAID[said]
    assert error.what.startswith(what) and said in error.what and error.next_step.startswith(step)
