"""What az says when it fails -> the cause in one sentence, and what to do. The table is faults.yaml."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed


@dataclass(frozen=True)
class KnownFault:
    """An entry of the table, which says what its words mean."""

    say: str
    cause: str
    do: str
    soon: bool = False
    expired: bool = False
    missing: bool = False
    done: bool = False
    begun: bool = False
    reread: bool = False


class AzureFailed(AksFlowError):
    """An az call failed. fault: the table's entry, or one that says nothing if the table has none."""

    def __init__(self, error: CommandFailed, fault: KnownFault | None):
        words = _last_words(error)
        cause = f"{fault.cause} ({words})" if fault else f"az failed: {words}"
        do = fault.do if fault else f"Look it up in Azure's documentation; the call was `{error.command}`."
        super().__init__(cause, where=" ".join(_verb(error.command.argv)), next_step=do)
        self.fault = fault or KnownFault(say="", cause=cause, do=do)


def known(text: str) -> KnownFault | None:
    """What the table says of the words of az, kubectl or kubelet."""
    return next((fault for fault in _table() if re.search(fault.say, text)), None)


def explained(error: CommandFailed) -> AzureFailed:
    """A failed az call with the table's cause and next step, or with az's own words if the table has none."""
    return AzureFailed(error, known(error.result.error_text or error.result.text))


def _last_words(error: CommandFailed) -> str:
    """az's own sentence: the line that says ERROR, without its mark, or the last one."""
    lines = [line.strip() for line in error.result.error_text.splitlines() if line.strip()]
    marked = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR:")]
    sentence = (marked or lines or [f"exit code {error.result.code}"])[-1 if not marked else 0]
    return sentence.rstrip(".")


def _verb(argv: tuple[str, ...]) -> list[str]:
    """`az aks create`: the call without its options."""
    words = []
    for word in argv:
        if word.startswith("-"):
            break
        words.append(word)
    return words


@cache
def _table() -> tuple[KnownFault, ...]:
    entries = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text())
    return tuple(KnownFault(**entry) for entry in entries)
