"""What is lacking is found first, said once, and installed in one call of apt-get."""

from collections.abc import Callable, Iterable, Sequence

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local, Runner
from aks_flow.rehearsal.standins.docker import engine
from aks_flow.rehearsal.standins.programs.install import Installer, patiently
from aks_flow.rehearsal.standins.programs.machine import Machine, starts_server
from aks_flow.rehearsal.standins.programs.table import REHEARSAL, Program, Release, release
from aks_flow.tools import apt

Tell = Callable[[str], None]


def needed_by_rehearsal(run: Local) -> list[Program]:
    """The rehearsal's programs, without the engine's where there is an engine."""
    return [program for program in REHEARSAL if program.name != "dockerd" or not engine.is_given(run)]


def lacking(programs: Iterable[Program], machine: Machine) -> list[Program]:
    """Those that are not here; where nothing can be installed, only those that nothing can do without."""
    return [
        program
        for program in programs
        if not machine.has(program.name) and (machine.can_install or not (program.instead or program.server))
    ]


def bring(run: Runner, programs: Sequence[Program], machine: Machine, tell: Tell) -> None:
    """Make these programs be there; AksFlowError with a next step if that cannot be done."""
    if not programs:
        return
    known = _need_release(programs, machine)
    welcome = _without_servers(run, programs, known, tell)
    packages = known.bring(program for program in welcome if not program.taken)
    taken = known.bring(program for program in welcome if program.taken)
    if packages or taken:
        installer = Installer(run, tell, patiently(run, apt.update(), tell))
        tell(_announcement(known, packages, taken, installer.size(packages, taken)))
        if packages:
            installer.install(packages)
        for package in taken:
            installer.take(package, machine.own)
    _prove(welcome, known, machine)


def _need_release(programs: Sequence[Program], machine: Machine) -> Release:
    """The release whose packages can be installed here; otherwise AksFlowError that says what is missing."""
    known = release(machine.facts)
    if known and machine.can_install:
        return known
    step = "Install what this distribution has for it; then run the same command again."
    if known:
        packages = known.bring(program for program in programs if not program.taken)
        step = f"`{by_sudo(packages)}` brings it; then run the same command again."
    names = ", ".join(f"{program.name} ({program.why})" for program in programs)
    raise AksFlowError(f"missing: {names}", next_step=step)


def by_sudo(packages: Sequence[str]) -> str:
    """What a person types who may not install. Images of machines come without lists of packages."""
    return f"sudo apt-get update && sudo apt-get install {' '.join(packages)}"


def _without_servers(run: Runner, programs: Sequence[Program], known: Release, tell: Tell) -> list[Program]:
    """All but those whose package would start a server on this machine."""
    welcome = []
    for program in programs:
        packages = known.bring([program])
        if program.server and starts_server(run, packages[0]):
            tell(f"{packages[0]} is not installed: it would start a server; without it: {program.why}")
        else:
            welcome.append(program)
    return welcome


def _announcement(known: Release, packages: Sequence[str], taken: Sequence[str], size: int) -> str:
    parts = [f"installs {', '.join(packages)}"] if packages else []
    parts += [f"takes {name} out of its package, which would start a server" for name in taken]
    return f"{known.name}: {'; '.join(parts)}; about {size / 1e6:.0f} MB to download"


def _prove(programs: Sequence[Program], known: Release, machine: Machine) -> None:
    for program in programs:
        if not machine.has(program.name):
            packages = ", ".join(known.bring([program]))
            what = f"the program {program.name} is still not there after {packages} was installed"
            step = f"Bring {program.name} into PATH in another way; then run the same command again."
            raise AksFlowError(what, next_step=step)
