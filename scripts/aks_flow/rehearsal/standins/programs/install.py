"""Packages installed, or a program taken out of one: each call of apt waits for its turn."""

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core import wait
from aks_flow.core.command import Command, Result
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.rehearsal.standins.programs.failure import explain
from aks_flow.tools import apt

LOCKED_FOR = 300  # seconds that another program may go on holding apt's lock


@dataclass(frozen=True)
class Installer:
    """refreshed: what `apt-get update` said; it fails in part where one of many sources is out of reach."""

    run: Runner
    tell: Callable[[str], None]
    refreshed: Result

    def size(self, packages: Sequence[str], taken: Sequence[str]) -> int:
        """The bytes that there are to download; AksFlowError if a package is unknown."""
        asked = [apt.addresses(packages)] if packages else []
        asked += [apt.archive_addresses(taken)] if taken else []
        doing = f"finding {', '.join((*packages, *taken))}"
        return sum(apt.size(self._good(command, doing).text) for command in asked)

    def install(self, packages: Sequence[str]) -> None:
        """All of them in one call, after what an earlier one may have left half done."""
        result = patiently(self.run, apt.install(packages), self.tell)
        if apt.was_interrupted(result):
            self.tell("an installation was interrupted before: finishing it (dpkg --configure --pending)")
            self._good(apt.configure(), "`dpkg --configure --pending`")
            result = patiently(self.run, apt.install(packages), self.tell)
        if result.code:
            raise explain(f"installing {', '.join(packages)}", result, self.refreshed)

    def take(self, package: str, folder: Path) -> None:
        """The program of the package's own name into a folder, and nothing else of the package."""
        with tempfile.TemporaryDirectory(prefix="aks-flow-") as name:
            work = Path(name)
            self._good(apt.download(package, work), f"downloading {package}")
            for archive in work.glob("*.deb"):
                self._good(apt.extract(archive, work), f"unpacking {package}")
            if (program := work / "usr" / "bin" / package).is_file():
                copy = folder / f".{package}.new"
                shutil.copy2(program, copy)
                os.replace(copy, folder / package)

    def _good(self, command: Command, doing: str) -> Result:
        result = patiently(self.run, command, self.tell)
        if result.code:
            raise explain(doing, result, self.refreshed)
        return result


def patiently(run: Runner, command: Command, tell: Callable[[str], None]) -> Result:
    """The command's answer, once no other program holds apt's lock; whom it waits for is said."""
    holders: list[str] = []

    def answer() -> Result | None:
        result = run.run(command)
        holder = apt.lock_holder(result)
        if holder and holder not in holders:
            holders.append(holder)
            tell(f"waiting for apt's lock, which {holder} holds")
        return None if holder else result

    result = wait.within(answer, LOCKED_FOR, pause=1)
    if result is None:
        what = f"apt's lock is still held after {LOCKED_FOR} s, by {holders[-1]}"
        raise AksFlowError(what, next_step="Let that end; then run the same command again.")
    return result
