"""What the doctor looks at: programs, engine, registry, cluster, ports, room. Nothing is decided here."""

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from aks_flow.azure.signin import session
from aks_flow.cli.doctor.versions import needed
from aks_flow.core.command import Command, Result
from aks_flow.core.config import Config
from aks_flow.core.config.secrets import EXISTING
from aks_flow.core.errors import AksFlowError
from aks_flow.core.names import COMMAND_INVOKE
from aks_flow.core.runner import CommandFailed, Runner
from aks_flow.image import names
from aks_flow.rollout import namespace_secrets
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools import docker
from aks_flow.tools.az import account
from aks_flow.tools.kubectl import Kubectl, auth, get, version


@dataclass(frozen=True)
class ProbeAnswer:
    """An answer; or "", why there is none, and what the error advises."""

    text: str = ""
    why: str = ""
    step: str = ""

    @classmethod
    def of_error(cls, error: AksFlowError) -> "ProbeAnswer":
        return cls(why=error.what.strip(), step=error.next_step)


@dataclass(frozen=True)
class Port:
    """A loopback port that a stand-in listens on, or is to. key: of the configuration."""

    key: str
    number: int
    state: Literal["ours", "free", "taken"]


@dataclass(frozen=True)
class Lack:
    """A program that is not here. brings: what brings it. instead: what does its work, "" if nothing does."""

    name: str
    brings: str
    instead: str = ""


@dataclass(frozen=True)
class StandIns:
    """What a target that is made on this machine needs besides. start: the command that makes it."""

    start: str
    ports: tuple[Port, ...] = ()
    lacking: tuple[Lack, ...] = ()


@dataclass(frozen=True)
class DoctorFacts:
    """programs: each one's answer by `Need.name`. rights: may deployments be changed, by namespace.

    has_kubeconfig: False if one is named and is not there. room: free bytes by folder.
    secrets: are those there that others make, by namespace; empty if the project has none.
    azure: the sign-in, None where nobody need sign in.
    """

    config: Config
    programs: Mapping[str, ProbeAnswer]
    engine: ProbeAnswer = ProbeAnswer()
    registry: ProbeAnswer = ProbeAnswer()
    cluster: ProbeAnswer = ProbeAnswer()
    has_kubeconfig: bool = True
    rights: Mapping[str, ProbeAnswer] = field(default_factory=dict)
    secrets: Mapping[str, ProbeAnswer] = field(default_factory=dict)
    azure: ProbeAnswer | None = None
    room: Mapping[str, int] = field(default_factory=dict)
    stand_ins: StandIns | None = None
    is_root: bool = False


def read(context: DeliveryContext, stand_ins: StandIns | None) -> DoctorFacts:
    config, run = context.config, context.run
    target = config.destination
    engine = _ask(run, docker.version())
    cluster = _ask(run, version.as_text(Kubectl(target.kubeconfig, target.context)))
    signed_in = _ask(run, account.show(session.az(config))) if target.login == "azure" else None
    return DoctorFacts(
        config,
        programs={need.name: _ask(run, need.ask) for need in needed(config)},
        engine=engine,
        registry=_registry(context),
        cluster=cluster,
        has_kubeconfig=not target.kubeconfig or bool(target.via) or Path(target.kubeconfig).is_file(),
        rights=_rights(context) if cluster.text else {},
        secrets=_secrets(context) if cluster.text else {},
        azure=signed_in,
        room=_room(config, run, engine, stand_ins),
        stand_ins=stand_ins,
        is_root=os.geteuid() == 0,
    )


def _told(ask: Callable[[], Result]) -> ProbeAnswer:
    try:
        answer = ask()
    except CommandFailed as error:
        return ProbeAnswer(why=error.last, step=error.next_step)
    except AksFlowError as error:
        return ProbeAnswer.of_error(error)
    return ProbeAnswer(answer.text.strip()) if not answer.code else ProbeAnswer(why=_last_line(answer))


def _ask(run: Runner, command: Command) -> ProbeAnswer:
    return _told(lambda: run.run(command))


def _last_line(answer: Result) -> str:
    lines = (answer.error_text.strip() or answer.text.strip()).splitlines()
    return lines[-1].strip() if lines else f"exit code {answer.code}"


def _registry(context: DeliveryContext) -> ProbeAnswer:
    """Whether it lets this user look into the app's repository."""
    try:
        context.registry.tags(names.app_repository(context.config))
    except AksFlowError as error:
        return ProbeAnswer.of_error(error)
    return ProbeAnswer("answers")


def _rights(context: DeliveryContext) -> dict[str, ProbeAnswer]:
    """Nothing where each question takes a job in the cluster."""
    if context.config.destination.via == COMMAND_INVOKE:
        return {}
    names = context.config.environments_here
    return {
        context.config.environment(name).namespace: _ask(
            context.run, auth.can_i_deploy(context.cluster(name))
        )
        for name in names
    }


def _secrets(context: DeliveryContext) -> dict[str, ProbeAnswer]:
    """As of `_rights`."""
    config = context.config
    if config.destination.via == COMMAND_INVOKE or not config.secrets_from(EXISTING):
        return {}
    names = config.environments_here
    return {config.environment(name).namespace: _secrets_of(context, name) for name in names}


def _secrets_of(context: DeliveryContext, environment: str) -> ProbeAnswer:
    cluster, wanted = context.cluster(environment), context.config.secrets_from(EXISTING)
    namespace, refs = f"namespace/{cluster.namespace}", [f"secret/{name}" for name in wanted]
    try:
        asked = get.existing_in_detail(cluster, namespace, *refs)
        present = get.parse_existing(context.run.run(asked).text)
        missing = namespace_secrets.lacks(wanted, namespace_secrets.keys_of(present))
        namespace_secrets.refuse(missing, cluster, namespace not in present)
    except AksFlowError as error:
        return ProbeAnswer.of_error(error)
    return ProbeAnswer("there")


def _room(config: Config, run: Runner, engine: ProbeAnswer, stand_ins: StandIns | None) -> dict[str, int]:
    """Where the engine keeps its images, if that is on this machine, and where stand-ins keep theirs."""
    folders = [config.root] if stand_ins else []
    if engine.text:
        folders.append(Path(_ask(run, docker.root()).text or "/nowhere"))
    return {str(folder): shutil.disk_usage(folder).free for folder in folders if folder.is_dir()}
