"""Facts -> what is well, what is not, and what helps. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aks_flow.cli.doctor.facts import DoctorFacts, Lack, ProbeAnswer
from aks_flow.cli.doctor.versions import Need, needed
from aks_flow.core.config.errors import variable_of

LEAST_CLUSTER = "1.27"
LEAST_ROOM = 5_000_000_000  # bytes
SIGN_IN = "./inv azure.login"
MAKE = "./inv azure.up makes it; or correct azure.registry.name"
START_ENGINE = "sudo systemctl start docker"
JOIN = 'sudo usermod --append --groups docker "$USER", then log in again; or use sudo'
MISSING = "missing"
# What kubectl says of a cluster that it cannot use, and what helps. Unless told, it looks at localhost:8080.
_NO_CLUSTER = (
    (
        r"localhost:8080",
        "name a kubeconfig with targets.{target}.kubeconfig or KUBECONFIG",
    ),  # kubectl's default
    (
        r"context .*(does not exist|not found)|no context exists",
        "correct targets.{target}.context (`kubectl config get-contexts` lists them)",
    ),
    (r"must be logged in|Unauthorized|credentials", "log in to the cluster again"),
    (
        r"refused|no such host|time(d )?out|deadline exceeded|Unable to connect|unreachable|no route",
        "start it, or correct its address in the kubeconfig",
    ),
)


@dataclass(frozen=True)
class DoctorFinding:
    """One line of the report. found: what is here, or why it is not. help: "" if all is well."""

    name: str
    found: str
    wanted: str = ""
    help: str = ""
    good: bool = False


def decide(facts: DoctorFacts) -> list[DoctorFinding]:
    """Every line, the programs first."""
    return [
        *_programs(facts),
        _engine(facts),
        *_azure(facts),
        _registry(facts),
        _cluster(facts),
        *_rights(facts),
        *_secrets(facts),
        *_ports(facts),
        *_room(facts),
    ]


def _programs(facts: DoctorFacts) -> Iterator[DoctorFinding]:
    lacking = {lack.name: lack for lack in facts.stand_ins.lacking} if facts.stand_ins else {}
    for need in needed(facts.config):
        yield _program(facts, need, lacking.pop(need.name, None))
    lacking.pop("dockerd", None)  # the engine has a line of its own
    yield from (_lack(lack) for lack in lacking.values())


def _program(facts: DoctorFacts, need: Need, lack: Lack | None) -> DoctorFinding:
    said = re.search(r"\d+(?:\.\d+)+", facts.programs[need.name].text)
    version = said[0] if said else ""
    if version and _numbers(version) >= _numbers(need.wanted):
        return good(need.name, version, need.wanted)
    return DoctorFinding(need.name, version or MISSING, need.wanted, lack.brings if lack else need.fix)


def _lack(lack: Lack) -> DoctorFinding:
    """One whose work something else does is no fault."""
    if lack.instead:
        return good(lack.name, f"{MISSING}; {lack.instead} does its work")
    return DoctorFinding(lack.name, MISSING, help=lack.brings)


def _engine(facts: DoctorFacts) -> DoctorFinding:
    name, least = "docker engine", "20.10"
    if facts.engine.text:
        good = _numbers(facts.engine.text) >= _numbers(least)
        return DoctorFinding(name, facts.engine.text, least, "" if good else "install a newer Docker", good)
    return DoctorFinding(name, facts.engine.why, least, _engine_help(facts))


def _engine_help(facts: DoctorFacts) -> str:
    if "permission denied" in facts.engine.why:
        return JOIN
    if not facts.stand_ins:
        return START_ENGINE
    if facts.is_root:
        return facts.stand_ins.start
    absent = (lack.brings for lack in facts.stand_ins.lacking if lack.name == "dockerd")
    return next(absent, START_ENGINE)


def _azure(facts: DoctorFacts) -> Iterator[DoctorFinding]:
    name, told = "sign-in to Azure", facts.azure
    if told:
        yield good(name, "yes") if told.text else DoctorFinding(name, told.why, help=SIGN_IN)


def _registry(facts: DoctorFacts) -> DoctorFinding:
    name = f"registry {facts.config.destination.registry_host}"
    if facts.registry.text:
        return good(name, facts.registry.text)
    return DoctorFinding(name, facts.registry.why, help=_registry_help(facts))


def _registry_help(facts: DoctorFacts) -> str:
    if facts.stand_ins:
        return facts.stand_ins.start
    if facts.config.destination.login != "azure":
        return facts.registry.step
    return SIGN_IN if re.search(r"answered 40[13]", facts.registry.why) else MAKE


def _cluster(facts: DoctorFacts) -> DoctorFinding:
    name = f"cluster {facts.config.destination.context or '(current context)'}"
    version = re.search(r"Server Version: v?(\S+)", facts.cluster.text)
    if not version:
        return DoctorFinding(
            name, facts.cluster.why or MISSING, LEAST_CLUSTER, _cluster_help(facts, facts.cluster)
        )
    good = _numbers(version[1]) >= _numbers(LEAST_CLUSTER)
    return DoctorFinding(name, version[1], LEAST_CLUSTER, "" if good else "upgrade the cluster", good)


def _cluster_help(facts: DoctorFacts, told: ProbeAnswer) -> str:
    target, here = facts.config.target, facts.config.destination
    if facts.stand_ins:
        return facts.stand_ins.start
    if here.login == "azure" and not here.via:
        return SIGN_IN
    if not facts.has_kubeconfig:
        return f"correct targets.{target}.kubeconfig: there is no {here.kubeconfig}"
    known = (help for words, help in _NO_CLUSTER if re.search(words, told.why, re.IGNORECASE))
    return next(known, told.step or "correct targets.{target}").format(target=target)


def _rights(facts: DoctorFacts) -> Iterator[DoctorFinding]:
    for namespace, told in facts.rights.items():
        name = f"delivering to {namespace}"
        if told.text:
            yield good(name, "allowed")
        elif told.why.startswith("no"):
            step = "ask an administrator for the role `edit` there"
            azure = "./inv azure.admit, by an administrator"
            own = azure if facts.config.destination.login == "azure" else step
            yield DoctorFinding(name, "not allowed", help=own)
        else:
            yield DoctorFinding(name, told.why, help=_cluster_help(facts, told))


def _secrets(facts: DoctorFacts) -> Iterator[DoctorFinding]:
    for namespace, told in facts.secrets.items():
        name = f"Secrets of {namespace}"
        yield good(name, told.text) if told.text else DoctorFinding(name, told.why, help=told.step)


def _ports(facts: DoctorFacts) -> Iterator[DoctorFinding]:
    for port in facts.stand_ins.ports if facts.stand_ins else ():
        name = f"port {port.number}"
        if port.state == "taken":
            step = (
                f"stop what listens there, or choose another port with {port.key} or {variable_of(port.key)}"
            )
            yield DoctorFinding(name, "taken by another program", help=step)
        else:
            yield good(name, "free" if port.state == "free" else "a stand-in's")


def _room(facts: DoctorFacts) -> Iterator[DoctorFinding]:
    for folder, free in facts.room.items():
        good = free >= LEAST_ROOM
        step = "" if good else "free some: `docker system df` and `df -h` show what takes it"
        yield DoctorFinding(f"room in {folder}", _gigabytes(free), _gigabytes(LEAST_ROOM), step, good)


def good(name: str, found: str, wanted: str = "") -> DoctorFinding:
    return DoctorFinding(name, found, wanted, good=True)


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])
