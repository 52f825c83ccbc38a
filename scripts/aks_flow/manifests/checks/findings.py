"""What a rule finds, and the table of rules: what each finds, how to mend it, and whether it is an error."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from aks_flow.core.config.checks import RESTRICTED
from aks_flow.manifests.checks.facts import Manifest
from aks_flow.manifests.checks.view import FieldView

ERROR, POLICY = "error", "policy"


@dataclass(frozen=True)
class ManifestRule:
    """An entry of rules.yaml.

    kind: ``error`` (things that do not fit) or ``policy`` (hardening). least: the laxest policy that asks for
    it, "" of an error.
    """

    kind: str
    finds: str
    mend: str
    least: str = ""

    def is_asked(self, policy: str) -> bool:
        """Whether a project with this policy asks for it."""
        return self.kind == ERROR or policy == RESTRICTED or policy == self.least


@dataclass(frozen=True)
class ManifestFinding:
    """One thing that does not fit. at: the field that says so. what: a sentence without its end."""

    rule: str
    object: Manifest
    at: FieldView
    what: str

    @property
    def where(self) -> str:
        return self.object.where

    @property
    def kind(self) -> str:
        return rules()[self.rule].kind

    @property
    def mend(self) -> str:
        return rules()[self.rule].mend

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


Findings = Iterator[ManifestFinding]


@cache
def rules() -> dict[str, ManifestRule]:
    """Every rule by its name."""
    entries = yaml.safe_load(Path(__file__).with_name("rules.yaml").read_text())
    return {name: ManifestRule(**entry) for name, entry in entries.items()}
