"""A word that is none of those it could be is answered with the nearest one, or with all of them."""

import pytest

from aks_flow.core.did_you_mean import did_you_mean

CHOICES = ("rolling", "canary", "blue-green")


@pytest.mark.parametrize(
    ("word", "step"),
    [
        ("canry", "Did you mean 'canary'?"),
        ("bluegreen", "Did you mean 'blue-green'?"),
        ("", "Choose one of: rolling, canary, blue-green."),
        ("x; y", "Choose one of: rolling, canary, blue-green."),
    ],
)
def test_the_nearest_word_is_suggested_or_all_are_named(word, step):
    assert did_you_mean(word, CHOICES) == step


def test_a_caller_can_say_something_else_where_nothing_is_near():
    assert did_you_mean("x", CHOICES, otherwise="Unset it.") == "Unset it."
