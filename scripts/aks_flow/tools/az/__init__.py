"""az: argument lists and parsers. `Az` says whose sign-in and which subscription, the modules what is asked.

An option's value that starts with ``@`` is a file to az, ``@-`` its standard input: tokens travel that way.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.command import Command, command, flags
from aks_flow.core.reading import reads

MISSING = 3  # az's exit code for "there is no such thing" (azure-cli's documented codes)
POLL = 5  # seconds between two questions of an `az … wait`
FOUND_OR_NOT = (0, MISSING)
AUDIENCE = "api://AzureADTokenExchange"  # of the tokens that stand for an identity
# Nothing is sent but what is asked, and nothing is asked of a person.
_QUIET = {
    "AZURE_CORE_COLLECT_TELEMETRY": "false",
    "AZURE_CORE_NO_COLOR": "true",
    "AZURE_CORE_SURVEY_MESSAGE": "false",
    "AZURE_EXTENSION_USE_DYNAMIC_INSTALL": "no",
}


@dataclass(frozen=True)
class Az:
    """home: the folder of az's own files (AZURE_CONFIG_DIR). subscription: an id; "": the signed-in one."""

    home: Path
    subscription: str = ""

    def command(self, *words: object, **rest) -> Command:
        """An az call about the subscription, which answers with JSON."""
        return self.bare(*words, *self.chosen, *flags(output="json"), **rest)

    @property
    def chosen(self) -> tuple[str, ...]:
        return flags(subscription=self.subscription or None)

    def bare(self, *words: object, **rest) -> Command:
        return command(
            "az",
            *words,
            *flags(only_show_errors=True),
            env={"AZURE_CONFIG_DIR": str(self.home), **_QUIET},
            **rest,
        )


def tagged(tags: Mapping[str, str]) -> tuple[str, ...]:
    """The option of az for tags; it takes all of them behind one name, and so has no ``=``."""
    return ("--tags", *(f"{key}={value}" for key, value in tags.items()))


def every(seconds: int) -> tuple[str, ...]:
    """The flags of `az … wait`: how long at most, and asked more often than az's 30 seconds."""
    return flags(interval=POLL, timeout=seconds)


@reads("az", private=True)
def parse(text: str):
    """az's JSON answer; None if it said nothing."""
    return json.loads(text) if text.strip() else None
