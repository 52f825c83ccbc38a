"""Waiting on a condition: what it gives, and what is said when it does not come true."""

import pytest

from aks_flow.core import wait


def answers(*given):
    """A condition that answers these, one after the other, and the last one from then on."""
    left = list(given)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


@pytest.mark.parametrize("wait_for", [wait.within, lambda *given: wait.until(given[0], "it", *given[1:])])
def test_the_first_true_answer_is_given(wait_for):
    assert wait_for(answers(None, "", "there", "later"), 5, 0.001) == "there"


def test_a_deadline_gives_the_last_answer_or_an_error_that_says_what_to_do():
    assert wait.within(answers(0), 0.01, 0.001) == 0
    with pytest.raises(wait.DeadlineError) as raised:
        wait.until(answers(0), "the end", 0.01, 0.001)
    assert str(raised.value) == "the end did not happen within 0.01 s. Run the same command again."
