"""GitHub's filter patterns for branches, tags and paths.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

_PART = re.compile(r"(\\.|\*\*|\*|\[[^]]*\]|.)", re.S)
_STARS = {"**": ".*", "*": "[^/]*"}
_CLASS = re.compile(r"(.)-(.)|(.)", re.S)


def selects(patterns: Iterable[str], name: str) -> bool:
    """As GitHub decides: the last pattern that matches counts, one with `!` excludes."""
    last = [pattern for pattern in patterns if matches(pattern.removeprefix("!"), name)]
    return bool(last) and not last[-1].startswith("!")


def matches(pattern: str, name: str) -> bool:
    """`*` stops at a slash, `**` does not; `?`, `+` and `[]` as in a regex; `\\` takes the next one as it is.

    A pattern that is none, as `[9-0]` or `+x`, matches nothing.
    """
    regex = _regex(pattern)
    return bool(regex and regex.fullmatch(name))


@cache
def _regex(pattern: str) -> re.Pattern | None:
    try:
        return re.compile("".join(_translated(_PART.findall(pattern))), re.S)
    except re.error:
        return None


def _translated(parts: list[str]) -> Iterator[str]:
    for before, part in zip(["", *parts], parts, strict=False):
        if part in ("?", "+"):
            if before in ("", "?", "+", *_STARS):
                raise re.error(f"nothing that {part} could repeat")
            yield part
        elif part.startswith("[") and len(part) > 1:
            yield f"[{''.join(_members(part[1:-1]))}]"
        else:
            yield _STARS.get(part) or re.escape(part[-1])


def _members(inside: str) -> Iterator[str]:
    for first, last, single in _CLASS.findall(inside):
        yield re.escape(single) if single else f"{re.escape(first)}-{re.escape(last)}"
