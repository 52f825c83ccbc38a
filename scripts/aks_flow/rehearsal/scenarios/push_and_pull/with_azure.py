"""`rehearse --azure`: from an empty subscription to both paths, and back to nothing.

Everything is done by the same tasks and the real `az`; the rehearsal's Azure answers.
"""

import operator
import os
from collections.abc import Callable, Iterable
from dataclasses import replace

from aks_flow.azure.identity import pod_security
from aks_flow.azure.plan import down, facts, up
from aks_flow.azure.plan.plan import AzurePlanRequest
from aks_flow.azure.signin import session
from aks_flow.azure.signin.session import AzSession
from aks_flow.cli import connect
from aks_flow.cli.azure.identity import admit
from aks_flow.cli.azure.sign_in import sign_in
from aks_flow.core.config import Config
from aks_flow.core.config.checks import OFF
from aks_flow.core.config.errors import variable_of
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from aks_flow.core.steps import Steps
from aks_flow.rehearsal.scenarios import routes
from aks_flow.rehearsal.scenarios.push_and_pull import applications, both_paths
from aks_flow.rehearsal.scenarios.push_and_pull.summary import RehearsalSummary
from aks_flow.rehearsal.standins import stack
from aks_flow.rehearsal.standins.azure import azure_process, client
from aks_flow.rehearsal.standins.azure.seed import Seed
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import Kubectl, delete

TARGET = "azure"
REGISTRY, REPOSITORY, VAULT = "rehearsal", "rehearsal/aks-flow", "rehearsal-vault"
Tell = Callable[[str], None]


def play(config: Config, announce: Tell, steps: Steps, tell: Tell) -> RehearsalSummary:
    """Stand-ins, Azure's resources, both paths, and the resources removed.

    announce, tell: hear the title of each part before it begins, and what is installed for the stand-ins.
    AksFlowError before anything is made if the configuration asks for what is not rehearsed.
    """
    refuse_not_rehearsed(config)
    settings = prepare(config, steps, tell)
    announce("Azure: sign in (the rehearsal enters the code by itself), and make what the target needs")
    context = provision(settings, steps)
    summary = both_paths.play(context, announce)
    announce("Azure: all of it removed")
    empty(context)
    remove(settings, steps)
    return summary


# What no stand-in can play -> the value that is played instead, and why.
_NOT_REHEARSED = {
    "azure.cluster.ingress": ("none", "the rehearsal's Azure brings no gateway"),
    "azure.cluster.access": ("public", "nothing of the rehearsal is inside such a network"),
    "azure.cluster.group": ("", "the rehearsal's subscription has no cluster yet"),
    "azure.registry.group": ("", "the rehearsal's subscription has no registry yet"),
}


def refuse_not_rehearsed(config: Config) -> None:
    """AksFlowError with the key that asks for what is not played, and how to play the rest."""
    for key, (played, why) in _NOT_REHEARSED.items():
        asked = operator.attrgetter(key)(config)
        if asked != played:
            step = f"Play the rest: {variable_of(key)}={played} ./inv rehearse --azure"
            raise AksFlowError(f"{asked} is not rehearsed: {why}", where=key, next_step=step)


def prepare(config: Config, steps: Steps, tell: Tell) -> Config:
    """The stand-ins, running, and the configuration that means them; this process reaches no other Azure."""
    run = Local()
    stack.up(run, config, steps, tell)
    with steps("Azure") as step:
        seed = azure_process.ensure(run, config)
        settings = at_azure(config, seed)
        url, folder = f"https://{azure_process.address(config)}", azure_process.process(config).folder
        access = client.prepare(run, folder, settings.azure_home / "cli", url, tell)
        os.environ.update(access.environment)
        step.note = url
    return settings


ROLES_TAKE = 10  # seconds: the stand-in's roles need a few to count


def at_azure(config: Config, seed: Seed) -> Config:
    """The same configuration with Azure as target, its names and files the rehearsal's."""
    folder = azure_process.process(config).folder
    registry = replace(config.azure.registry, name=REGISTRY)
    azure = replace(
        config.azure,
        **{
            "subscription": seed.subscription,
            "tenant": seed.tenant,
            "client": "",
            "admins": {seed.admins: "Group"},
            "roles_take": ROLES_TAKE,
        },
        **{"home": str(folder / "sign-ins"), "registry": registry, "vault": VAULT},
        github=replace(config.azure.github, repository=REPOSITORY),
    )
    target = replace(
        config.targets[TARGET],
        **{"registry": azure_process.address(config), "kubeconfig": str(folder / "sign-ins" / "kubeconfig")},
        **{"via": "", "repository": config.destination.repository},
    )
    target = replace(target, azure=azure)
    return replace(config, targets={**config.targets, TARGET: target}).wholly_at(TARGET)


def provision(settings: Config, steps: Steps) -> DeliveryContext:
    """Sign in as a person, make everything, sign in to what was made; the context that reaches it."""
    run = Local()
    sign_in(run, settings, steps)
    up.up(AzSession(run), _wanted(settings), steps)
    sign_in(run, settings, steps)
    context = connect.connect(settings, run, lambda runner: runner, steps)
    admit(run, context)
    return context


def empty(context: DeliveryContext) -> None:
    """What was delivered goes with its cluster; the rehearsal's own stays, and is delivered to without Azure.

    A store that runs there has the vault's password, and the next delivery would make another one.
    """
    config, run = context.config, context.run
    names = dict.fromkeys((routes.pushed_to(config), routes.pulled_to(config)))
    namespaces = [config.environment(name).namespace for name in names]
    cluster = Kubectl.at(config.destination)
    with context.steps("cluster") as step:
        applications.remove(context, *names)
        run.run(delete.by_name(cluster, "namespace", *namespaces))
        pod_security.hold(run, cluster, _asking_nothing(config, names))
        step.note = f"emptied of {', '.join(namespaces)}"


def _asking_nothing(config: Config, names: Iterable[str]) -> Config:
    environments = {name: config.environment(name) for name in names}
    return replace(config, environments=environments, checks=replace(config.checks, policy=OFF))


def remove(settings: Config, steps: Steps) -> None:
    """azure.down: the group and all that is in it."""
    run, request = AzSession(Local()), _wanted(settings)
    for line in down.lines(request, facts.read(run, request.az, settings.azure)):
        with steps(line.verb) as step:
            step.note = f"{line.thing}: {line.why}"
            run.run(line.command)


def _wanted(settings: Config) -> AzurePlanRequest:
    return AzurePlanRequest(settings, session.az(settings), REPOSITORY)
