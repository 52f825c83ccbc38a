"""What `azure.admit`, `.github` and `.check-identity` do: who may do what, in the cluster and on GitHub."""

from dataclasses import replace
from pathlib import Path

from aks_flow import report
from aks_flow.azure import secret_classes
from aks_flow.azure.effective import AwaitingRoles, await_pulls
from aks_flow.azure.identity import access, github, identities, kubernetes_roles, pod_security, unguarded
from aks_flow.azure.identity.audit import JobIdentity, Misfit, misfits, not_judged
from aks_flow.azure.identity.jobs import SigningJob, jobs
from aks_flow.azure.identity.repository import repository
from aks_flow.azure.plan import facts, up
from aks_flow.azure.signin import session
from aks_flow.cli import connect
from aks_flow.cli.azure import lines
from aks_flow.cli.context import TaskContext
from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed, Runner
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.gh.repository import Repository
from aks_flow.tools.kubectl import Kubectl, apply, get
from aks_flow.workflows import files


def admit_task(task: TaskContext) -> None:
    admit(task.attached(), connect.delivery(task))


def admit(run: Runner, context: DeliveryContext) -> None:
    """Make the namespaces, and let the identities do there what Azure's roles leave out."""
    config = context.config
    seen = facts.read(session.AzSession(run), session.az(config), config.azure)
    principals = {name: identity["principalId"] for name, identity in seen.identities.items()}
    needed = {*access.identities(config).values(), *access.vault_readers(config).values()}
    if missing := needed - set(principals):
        what = f"there is no identity {', '.join(sorted(missing))}"
        raise AksFlowError(what, where="Azure", next_step="Run ./inv azure.up first.")
    cluster, patience = Kubectl.at(config.destination), config.azure.roles_take
    context = replace(context, run=AwaitingRoles(context.run, patience, context.steps))
    with context.steps("pod security") as step:  # before the Namespaces: it may ask less than it did
        step.note = pod_security.hold(context.run, cluster, config)
    with context.steps("namespaces"):
        context.run.run(apply.manifest(cluster, kubernetes_roles.namespaces(config)))
        context.run.run(apply.manifest(cluster, kubernetes_roles.roles(config, principals)))
    if config.azure.vault:
        with context.steps("vault"):
            context.run.run(apply.manifest(cluster, secret_classes.objects(config, seen)))
    with context.steps("Argo CD") as step:
        if context.run.run(get.existing(cluster, f"namespace/{config.gitops.namespace}")).text.strip():
            context.run.run(apply.manifest(cluster, kubernetes_roles.applications(config, principals)))
        else:
            step.note = "is not there: run this again after ./inv argocd.install, for pull delivery"
    await_pulls(seen, patience, context.steps)


def github_task(task: TaskContext, apply: bool) -> None:
    """What the repository lacks of variables, environments and rules: shown, or set."""
    run, steps = session.AzSession(task.runner()), task.steps()
    request = lines.request(task, run)
    place = Repository(access.without_ids(_named(request.repository)))
    with steps("read"):
        seen = facts.read(run, request.az, request.config.azure)
        there = github.read(run, place, request.config)
        due = list(github.lines(request.config, place, seen, there))
    for sentence in unguarded.sentences(request.config, there):
        report.note(sentence)
    if not apply or task.dry:
        return lines.show(due)
    up.refuse(due)
    changes = [line for line in due if not line.settled]
    try:
        lines.carry_out(run, changes, steps)
    except CommandFailed as error:
        raise unguarded.without_plan(error, there.private) or error from error
    end = f"{len(changes)} changes to {place.name}" if changes else f"unchanged: {place.name} is ready"
    return report.say(end)


def check_identity_task(task: TaskContext, file: str, live: bool, json: bool) -> None:
    """Compare the subjects of the workflows' jobs with the credentials; AksFlowError if they do not fit."""
    run, config = task.runner(), task.config()
    name = _named(repository(run, config))
    if live:
        name = github.subjects(run, Repository(access.without_ids(name))) or name
    signing_in = jobs(files.read_all(task.root), name)
    trusting = _identities(run, config, name, file, live)
    wrong = misfits(signing_in, trusting)
    if json:
        report.document(
            {"jobs": signing_in, "identities": trusting, "misfits": wrong, "not_judged": not_judged(trusting)}
        )
    else:
        for sentence in not_judged(trusting):
            report.say(sentence)
        _show(signing_in, wrong)
    if wrong:
        raise AksFlowError(f"{len(wrong)} findings", next_step="Each one says what removes it.")


def _named(name: str) -> str:
    if not name:
        step = "Set azure.github.repository to OWNER/NAME."
        raise AksFlowError("the repository on GitHub is not known", where="azure.github", next_step=step)
    return name


def _identities(run: Runner, config: Config, name: str, file: str, live: bool) -> list[JobIdentity]:
    if file:
        return identities.written(Path(file))
    if live:
        return identities.live(config, facts.read(session.AzSession(run), session.az(config), config.azure))
    return identities.configured(config, name)


def _show(signing_in: list[SigningJob], wrong: list[Misfit]) -> None:
    for job in signing_in:
        for subject in job.subjects:
            report.say(f"{job.where}: job {job.name}: {subject}")
    for misfit in wrong:
        file, _, line = misfit.where.rpartition(":")
        is_line = line.isdecimal()
        report.finding(str(misfit), file if is_line else "", int(line) if is_line else 0)
    subjects = {subject for job in signing_in for subject in job.subjects}
    report.say(f"{len(signing_in)} jobs sign in, with {len(subjects)} subjects; {len(wrong)} findings")
