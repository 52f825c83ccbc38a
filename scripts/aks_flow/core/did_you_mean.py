"""The next step for a word that is none of those it could be."""

import difflib
from collections.abc import Iterable


def did_you_mean(word: str, choices: Iterable[str], otherwise: str = "") -> str:
    """``Did you mean 'push'?`` with the choice that is nearest to the word.

    If none is near: ``otherwise``, by default a sentence with all choices.
    """
    names = list(choices)
    close = difflib.get_close_matches(word, names, n=1)
    return f"Did you mean {close[0]!r}?" if close else otherwise or f"Choose one of: {', '.join(names)}."
