"""$(VAR) references in env values, commands and arguments, as Kubernetes expands them."""

import re
from collections.abc import Mapping

_REFERENCE = re.compile(r"\$(?:\$|\(([^)]*)\))")


def expand(text: str, variables: Mapping[str, str]) -> str:
    """``$(NAME)`` -> its value; unknown names stay as written; ``$$`` -> ``$``."""

    def value(match: re.Match) -> str:
        if match[0] == "$$":
            return "$"
        return variables.get(match[1], match[0])

    return _REFERENCE.sub(value, text)
