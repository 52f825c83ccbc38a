"""What the chosen target needs, what is here, and the command that brings what is missing."""

import re
from dataclasses import dataclass

from aks_flow import report
from aks_flow.cli import connect, programs
from aks_flow.cli.context import TaskContext
from aks_flow.core.command import Command, command
from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import Runner
from aks_flow.target.docker_login import credentials
from aks_flow.target.registry import RegistryClient, RegistryError
from aks_flow.tools import docker
from aks_flow.tools.kubectl import Kubectl

WHEEL = "./inv (its environment carries it; remove .venv/requirements.lock to make it again)"


@dataclass(frozen=True)
class Need:
    """A program: how to ask its version, the least that will do, what brings it, which targets need it.

    target: a target's name; login: a target's way to log in; "" for all.
    """

    name: str
    ask: Command
    wanted: str
    fix: str
    target: str = ""
    login: str = ""


@dataclass(frozen=True)
class Finding:
    """One line of the report; ``found`` is "" if it is missing or does not answer."""

    name: str
    found: str
    wanted: str
    fix: str

    @property
    def good(self) -> bool:
        return bool(self.found) and _numbers(self.found) >= _numbers(self.wanted)


NEEDS = (
    Need("git", command("git", "--version", reads=True), "2.30", "apt-get install git"),
    Need("kubectl", command("kubectl", "version", "--client", reads=True), "1.30", WHEEL),
    Need("act", command("act", "--version", reads=True), "0.2.60", "./inv rehearsal.up", target="rehearsal"),
    Need("gh", command("gh", "--version", reads=True), "2.40", WHEEL),
    Need("docker", command("docker", "--version", reads=True), "20.10", "apt-get install docker.io"),
    Need(
        "docker engine", docker.version(), "20.10", "./inv rehearsal.up (as root on Debian), or start Docker"
    ),
    Need(
        "docker-registry",
        command("docker-registry", "--version", reads=True),
        "2.8",
        "apt-get install docker-registry",
        target="rehearsal",
    ),
    Need(
        "mmdebstrap",
        command("mmdebstrap", "--version", reads=True),
        "1.0",
        "apt-get install mmdebstrap",
        target="rehearsal",
    ),
    Need(
        "az",
        command("az", "version", reads=True),
        "2.76",
        "pip install azure-cli, or https://aka.ms/azure-cli",
        login="azure",
    ),
    Need(
        "kubelogin",
        command("kubelogin", "--version", reads=True),
        "0.1",
        "az aks install-cli",
        login="azure",
    ),
)


def doctor_task(task: TaskContext, verify: bool) -> None:
    context = connect.delivery(task)
    programs.check() if verify else check(context.config, context.run)


def check(config: Config, run: Runner) -> None:
    """Show every finding; AksFlowError if the chosen target cannot work."""
    login = config.destination.login
    needs = (one for one in NEEDS if one.target in ("", config.target) and one.login in ("", login))
    findings = [_look(run, need) for need in needs]
    if config.target != "rehearsal":
        findings += [_registry(config, run), _cluster(config, run)]
    rows = [[one.name, one.found or "missing", one.wanted, "" if one.good else one.fix] for one in findings]
    report.table(f"target {config.target}", ["needed", "found", "wanted", "what to do"], rows)
    bad = [one for one in findings if not one.good]
    if bad:
        names = ", ".join(one.name for one in bad)
        raise AksFlowError(
            f"target {config.target} lacks: {names}", next_step="The last column says what helps."
        )


def _look(run: Runner, need: Need) -> Finding:
    try:
        answer = run.run(need.ask)
    except AksFlowError:
        return Finding(need.name, "", need.wanted, need.fix)
    version = re.search(r"\d+(?:\.\d+)+", answer.text)
    return Finding(need.name, version[0] if version and not answer.code else "", need.wanted, need.fix)


def _registry(config: Config, run: Runner) -> Finding:
    host, _, path = config.destination.registry.partition("/")
    try:
        RegistryClient(host, credentials(run, host, connect.docker_folder(config))).tags(
            ImageRef(host, f"{path}/{config.app.name}".strip("/"))
        )
    except RegistryError as error:
        sign_in = "./inv azure.login" if config.destination.login == "azure" else f"docker login {host}"
        return Finding(f"registry {host}", "", "", f"{sign_in} ({error.what})")
    return Finding(f"registry {host}", "answers", "", "")


def _cluster(config: Config, run: Runner) -> Finding:
    target = config.destination
    cluster = Kubectl(target.kubeconfig, target.context)
    name = f"cluster {target.context or '(current context)'}"
    try:
        version = re.search(r"Server Version: v?(\S+)", run.run(cluster.version()).text)
    except AksFlowError as error:
        return Finding(
            name,
            "",
            "1.27",
            f"correct targets.{config.target} in invoke.yaml ({error.what.splitlines()[-1].strip()})",
        )
    return Finding(name, version[1] if version else "", "1.27", "kubectl version says why")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])
