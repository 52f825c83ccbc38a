"""What the rehearsal needs on this machine, for the doctor: programs, and ports."""

from aks_flow.cli.doctor.facts import Lack, Port
from aks_flow.core.config import Config
from aks_flow.core.runner import Runner
from aks_flow.rehearsal.standins.docker import registry
from aks_flow.rehearsal.standins.process import processes
from aks_flow.rehearsal.standins.programs import machine, table
from aks_flow.rehearsal.standins.programs.bring import by_sudo, lacking, needed_by_rehearsal
from aks_flow.rehearsal.standins.programs.machine import Machine
from aks_flow.rehearsal.standins.programs.table import Program


def lacks(run: Runner, start: str) -> tuple[Lack, ...]:
    """The programs that are not here. start: what installs them where that can be done."""
    here = machine.here()
    return tuple(
        Lack(program.name, _brings(program, here, start), program.instead)
        for program in lacking(needed_by_rehearsal(run), here)
    )


def _brings(program: Program, here: Machine, start: str) -> str:
    known = table.release(here.facts)
    if known and here.can_install:
        return start
    return by_sudo(known.bring([program])) if known else f"install {program.why}"


def ports(run: Runner, config: Config) -> tuple[Port, ...]:
    """Where the stand-ins listen, or are to."""
    own = registry.container(run, config) or registry.process(config).pid()
    cluster, azure = processes.cluster(config).pid(), processes.azure(config).pid()
    return (
        _port(registry.PORT_KEY, config.registry_port, own),
        _port("rehearsal.api_port", config.rehearsal.api_port, cluster),
        _port("rehearsal.azure_port", config.rehearsal.azure_port, azure),
    )


def _port(key: str, number: int, own: object) -> Port:
    if own:
        return Port(key, number, "ours")
    return Port(key, number, "free" if processes.is_free(number) else "taken")
