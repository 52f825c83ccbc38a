"""What the tasks of Azure do, one function a task: read, decide, act, report."""

from pathlib import Path

from aks_flow.azure import secret_classes
from aks_flow.azure.identity import access, github, identities, kubernetes_roles
from aks_flow.azure.identity.audit import Identity, Misfit, misfits
from aks_flow.azure.identity.jobs import Job, jobs
from aks_flow.azure.identity.repository import repository
from aks_flow.azure.plan import down, facts, up
from aks_flow.azure.plan.line import Line
from aks_flow.azure.plan.plan import Wanted, lines
from aks_flow.azure.signin import session
from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.core.steps import Steps
from aks_flow.report import report
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.gh.repository import Repository
from aks_flow.tools.kubectl import Kubectl
from aks_flow.workflows import files


def plan(run: Runner, config: Config, steps: Steps, as_json: bool) -> None:
    """Every command that `azure.up` would run."""
    run = session.Session(run)
    _show(up.look(run, _wanted(run, config), steps), as_json)


def bring_up(run: Runner, config: Config, steps: Steps, as_json: bool, dry: bool) -> None:
    if dry:
        return plan(run, config, steps, as_json)
    run = session.Session(run)
    done = up.up(run, _wanted(run, config), steps)
    if as_json:
        return report.document({"changes": done})
    return report.say(f"{len(done)} changes" if done else "unchanged: Azure is as invoke.yaml says")


def take_down(run: Runner, config: Config, steps: Steps, dry: bool) -> None:
    run = session.Session(run)
    wanted = _wanted(run, config)
    with steps("read"):
        [line] = down.lines(wanted, facts.read(run, wanted.az, config.azure))
    up.refuse([line])
    if dry or line.settled:
        return _show([line], as_json=False)
    with steps(line.verb) as step:
        step.note = f"{line.thing}: {line.why}"
        run.run(line.command)
    return report.say(f"{line.thing} is gone, and all that was in it")


def status(run: Runner, config: Config, as_json: bool) -> None:
    """Everything that there is, what it lacks, and what is half-made."""
    run = session.Session(run)
    wanted = _wanted(run, config)
    found = facts.read(run, wanted.az, config.azure)
    states = {one["id"]: one.get("provisioningState") or "" for one in found.resources}
    half = sorted(f"{Path(name).name} is {state}" for name, state in states.items() if state != "Succeeded")
    due = lines(wanted, found)
    if as_json:
        return report.document({"lines": due, "half_made": half})
    rows = [[line.thing, "ok" if line.settled else line.verb, line.why] for line in due]
    report.table(f"subscription {found.account['name']}", ["thing", "state", ""], rows)
    for one in half:
        report.say(f"half-made: {one}")
    return report.say("nothing is half-made" if not half else "./inv azure.up goes on from there")


def admit(run: Runner, context: DeliveryContext) -> None:
    """Make the namespaces, and let the identities do there what Azure's roles leave out."""
    config = context.config
    found = facts.read(session.Session(run), session.az(config), config.azure)
    principals = {name: one["principalId"] for name, one in found.identities.items()}
    if missing := set(access.identities(config).values()) - set(principals):
        what = f"there is no identity {', '.join(sorted(missing))}"
        raise AksFlowError(what, where="Azure", next_step="Run ./inv azure.up first.")
    cluster = Kubectl(config.destination.kubeconfig, config.destination.context)
    with context.steps("namespaces"):
        context.run.run(cluster.apply(kubernetes_roles.namespaces(config)))
        context.run.run(cluster.apply(kubernetes_roles.roles(config, principals)))
    if config.azure.vault:
        with context.steps("vault"):
            context.run.run(cluster.apply(secret_classes.objects(config, found)))
    with context.steps("Argo CD") as step:
        if context.run.run(cluster.existing(f"namespace/{config.gitops.namespace}")).text.strip():
            context.run.run(cluster.apply(kubernetes_roles.applications(config, principals)))
        else:
            step.note = "is not there: run this again after ./inv argocd.install, for pull delivery"


def set_up_github(run: Runner, config: Config, steps: Steps, apply: bool) -> None:
    """What the repository lacks of variables, environments and rules: shown, or set."""
    run = session.Session(run)
    wanted = _wanted(run, config)
    where = Repository(access.without_ids(_known(wanted.repository)))
    with steps("read"):
        found = facts.read(run, wanted.az, config.azure)
        due = list(github.lines(config, where, found, github.read(run, where, config)))
    if not apply:
        return _show(due, as_json=False)
    up.refuse(due)
    for line in (line for line in due if not line.settled):
        with steps(line.verb) as step:
            step.note = f"{line.thing}: {line.why}"
            run.run(line.command)
    changed = sum(1 for line in due if not line.settled)
    return report.say(
        f"{changed} changes to {where.name}" if changed else f"unchanged: {where.name} is ready"
    )


def check_identity(run: Runner, root: Path, config: Config, file: str, live: bool, as_json: bool) -> None:
    """Compare the subjects of the workflows' jobs with the credentials; AksFlowError if they do not fit."""
    name = _known(repository(run, config))
    if live:
        name = github.subjects(run, Repository(access.without_ids(name))) or name
    found = jobs(files.read_all(root), name)
    known = _identities(run, config, name, file, live)
    wrong = misfits(found, known)
    if as_json:
        report.document({"jobs": found, "identities": known, "misfits": wrong})
    else:
        _show_jobs(found, wrong)
    if wrong:
        raise AksFlowError(f"{len(wrong)} findings", next_step="Each one says what removes it.")


def _known(name: str) -> str:
    if not name:
        step = "Set azure.github.repository to OWNER/NAME."
        raise AksFlowError("the repository on GitHub is not known", where="azure.github", next_step=step)
    return name


def _identities(run: Runner, config: Config, name: str, file: str, live: bool) -> list[Identity]:
    if file:
        return identities.written(Path(file))
    if live:
        return identities.live(facts.read(session.Session(run), session.az(config), config.azure))
    return identities.configured(config, name)


def _show_jobs(found: list[Job], wrong: list[Misfit]) -> None:
    for job in found:
        for subject in job.subjects:
            report.say(f"{job.where}: job {job.name}: {subject}")
    for one in wrong:
        file, _, line = one.where.rpartition(":")
        report.finding(str(one), file if line.isdecimal() else "", int(line) if line.isdecimal() else 0)
    subjects = {subject for job in found for subject in job.subjects}
    report.say(f"{len(found)} jobs sign in, with {len(subjects)} subjects; {len(wrong)} findings")


def _wanted(run: Runner, config: Config) -> Wanted:
    return Wanted(config, session.az(config), repository(run, config))


def _show(found: list[Line], as_json: bool) -> None:
    if as_json:
        return report.document(
            [{**vars(line), "command": line.command and str(line.command)} for line in found]
        )
    for line in found:
        report.say(f"{line.verb:10} {line.thing}{f': {line.why}' if line.why else ''}")
        if line.command:
            report.say(f"           $ {line.command}")
        if line.do:
            report.say(f"           {line.do}")
    due = sum(1 for line in found if not line.settled)
    return report.say(f"{due} of {len(found)} to do; nothing was changed" if due else "unchanged")
