"""The section `checks` of invoke.yaml: what `manifests.check` asks for, and what it accepts."""

from dataclasses import dataclass
from typing import Annotated

from aks_flow.core import names

RESTRICTED, BASELINE, OFF = "restricted", "baseline", "off"


@dataclass(frozen=True)
class AcceptedRule:
    """A rule whose findings are accepted in some objects: ``KIND/NAME``, * for any part of it; and why."""

    rule: names.Word
    object: names.ObjectPattern
    reason: names.Sentence


@dataclass(frozen=True)
class CheckSettings:
    """policy: how hardened pods must be, by a Pod Security Standard's name; ``off`` asks for errors alone."""

    policy: Annotated[str, names.one_of(RESTRICTED, BASELINE, OFF)] = RESTRICTED
    accept: tuple[AcceptedRule, ...] = ()
