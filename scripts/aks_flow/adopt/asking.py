"""Questions: each has a flag, and a proposal that counts where nobody is asked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aks_flow.core.errors import AksFlowError

# (question, proposal) -> what a person answers; "" takes the proposal.
Ask = Callable[[str, str], str]


@dataclass(frozen=True)
class Given:
    """What a person has said already, by flags; "" and () for what is open."""

    name: str = ""
    manifests: str = ""
    app: str = ""
    version_path: str = ""
    image: tuple[str, ...] = ()
    environments: str = ""
    secret: tuple[str, ...] = ()
    lint: str = ""
    test: str = ""
    change: str = ""
    package: str = ""


def answer(ask: Ask, question: str, given: str, proposal: str) -> str:
    """What was given, or what is said now, or what is proposed."""
    return given or ask(question, proposal) or proposal


def checked(text: str, kind: Any, flag: str) -> str:
    """The text, if it is of the kind (a type of `core.names`); AksFlowError that names the flag if not."""
    grammars = kind.__metadata__
    if all(grammar.read(text) is None for grammar in grammars):
        what = f"must be {' or '.join(grammar.what for grammar in grammars)}, not {text!r}"
        raise AksFlowError(what, where=f"--{flag}", next_step="Give another one.")
    return text


def pairs(texts: tuple[str, ...], flag: str, form: str) -> dict[str, str]:
    """``("a=b", …)`` -> {"a": "b"}; AksFlowError for another form, and for a name that is given twice."""
    result: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            raise AksFlowError(f"{text!r} is not {form}", where=f"--{flag}", next_step=f"Write it as {form}.")
        if name in result:
            raise AksFlowError(
                f"{name} is given twice", where=f"--{flag}", next_step="Leave one of them out."
            )
        result[name] = value
    return result
