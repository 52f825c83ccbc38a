"""The tasks: names and signatures. What they do is in scripts/aks_flow/ (docs/architecture.md)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "scripts"))  # the package, wherever Invoke was started

from functools import partial

from invoke import Collection
from invoke import task as invoke_task

from aks_flow.cli import context

task = partial(invoke_task, klass=context.FlowTask)
development = partial(invoke_task, klass=context.DevelopmentTask)


@task(help={"verify": "are the programs that wheels brought what their projects published?"})
def doctor(c, verify=False):
    """Show what the chosen target needs, what is here and what installs the rest."""
    from aks_flow.cli import doctor, programs

    delivery = context.delivery(c)
    programs.check() if verify else doctor.check(delivery.config, delivery.run)


@task(
    help={"env": "the environment", "dirty": "allow a work tree with changes", "json": "print one document"}
)
def push_plan(c, env="dev", dirty=False, json=False):
    """Show what a push would change; build and change nothing."""
    from aks_flow.cli import push as commands

    commands.push_plan(context.delivery(c, json, environments=[env]), env, dirty, json)


@task(
    help={
        "env": "the environment",
        "dirty": "allow a work tree with changes",
        "undo": "on a bad verdict go back to the last good revision",
        "strategy": "rolling, canary or blue-green",
        "json": "print one document",
    }
)
def push_run(c, env="dev", dirty=False, undo=True, strategy="rolling", json=False):
    """Build, publish and deploy with kubectl; wait until the new version answers, or go back."""
    from aks_flow.cli import push as commands

    commands.push(
        context.delivery(c, json, environments=[env]), env, dirty, undo, strategy, json, c.config.run.dry
    )


@task(
    help={
        "version": "a version that the registry holds",
        "env": "the environment",
        "undo": "on a bad verdict go back to the last good revision",
        "strategy": "rolling, canary or blue-green",
        "json": "print one document",
    }
)
def push_deploy(c, version, env="dev", undo=True, strategy="rolling", json=False):
    """Deploy a version that is already in the registry; build nothing."""
    from aks_flow.cli import push as commands

    commands.deploy_version(context.delivery(c, json, environments=[env]), env, version, undo, strategy, json)


@task(help={"env": "the environment", "json": "print one document"})
def push_promote(c, env="dev", json=False):
    """Bring the version that waits beside the old one to all of an environment."""
    from aks_flow.cli import push as commands

    commands.push_promote(context.delivery(c, json, environments=[env]), env, json, c.config.run.dry)


@task(help={"env": "the environment", "json": "print one document"})
def push_reject(c, env="dev", json=False):
    """Take the version away that waits beside the old one."""
    from aks_flow.cli import push as commands

    commands.push_reject(context.delivery(c, json, environments=[env]), env, json, c.config.run.dry)


@task(
    help={
        "env": "the environment",
        "to": "a revision's number; default: the good one before",
        "json": "print one document",
    }
)
def push_undo(c, env="dev", to="", json=False):
    """Go back to an earlier revision, ConfigMaps included, and wait until it answers."""
    from aks_flow.cli import push as commands

    commands.push_undo(context.delivery(c, json, environments=[env]), env, to, json, c.config.run.dry)


@task(help={"env": "the environment", "json": "print one document"})
def push_history(c, env="dev", json=False):
    """Show what was delivered with kubectl: when, by whom, which image, and what came of it."""
    from aks_flow.cli import push as commands

    commands.push_history(context.delivery(c, json, environments=[env]), env, json)


@task
def push_drift(c):
    """Check that every environment is as it was delivered with kubectl, and that no lock was forgotten."""
    from aks_flow.cli import push as commands

    commands.push_drift(context.delivery(c))


@task(help={"env": "the environment", "reason": "what whoever is kept waiting reads"})
def push_lock(c, env="dev", reason=""):
    """Keep deliveries with kubectl from an environment until push.unlock."""
    from aks_flow.cli import push as commands

    commands.push_lock(context.delivery(c, environments=[env]), env, reason, c.config.run.dry)


@task(help={"env": "the environment"})
def push_unlock(c, env="dev"):
    """Take an environment's lock off, and say whose it was."""
    from aks_flow.cli import push as commands

    commands.push_unlock(context.delivery(c, environments=[env]), env, c.config.run.dry)


@task(help={"dirty": "allow a work tree with changes", "json": "print one document"})
def image_build(c, dirty=False, json=False):
    """Build the app's image into the engine, unless the registry has its tree's."""
    from aks_flow.cli import push as commands

    commands.image_build(context.delivery(c, json), dirty, json, c.config.run.dry)


@task(
    help={
        "dirty": "allow a work tree with changes",
        "json": "print one document",
        "remote": "build in the registry, not with the engine here (Azure)",
    }
)
def image_push(c, dirty=False, json=False, remote=False):
    """Build and publish the app's image, and give its version and digest."""
    from aks_flow.cli import push as commands

    commands.image_push(context.delivery(c, json, remote), dirty, json, c.config.run.dry)


@task
def image_mirror(c):
    """Bring the third-party images to the target's registry."""
    from aks_flow.cli import push as commands

    commands.image_mirror(context.delivery(c))


@task(
    help={"path": "spec.template.spec.containers[name=front].image, …", "files": "a path or a quoted pattern"}
)
def manifests_set(c, path, value, files, json=False):
    """Set one scalar of YAML files; every other byte stays."""
    from aks_flow.cli import manifests as manifest_commands

    manifest_commands.set_value(path, value, files, json)


@task(
    help={"path": "as for manifests.set", "files": "a path or a quoted pattern", "json": "print one document"}
)
def manifests_get(c, path, files, json=False):
    """Show the scalars at a path, with file and line."""
    from aks_flow.cli import manifests as manifest_commands

    manifest_commands.get_value(path, files, json)


@task(help={"files": "a path or a quoted pattern", "json": "print one document"})
def manifests_images(c, files, json=False):
    """Show every image that YAML files mention."""
    from aks_flow.cli import manifests as manifest_commands

    manifest_commands.list_images(files, json)


@task(help={"json": "print one document"})
def manifests_check(c, json=False):
    """Check that each environment's objects agree with each other."""
    from aks_flow.cli import manifests as manifest_commands

    manifest_commands.check(context.runner(c), context.config(c), json)


@task(
    help={
        "env": "the environment",
        "version": "default: the newest that it admits",
        "json": "print one document",
    }
)
def gitops_deliver(c, env, version="", json=False):
    """Write the newest admitted version into the branch that Argo CD reads."""
    from aks_flow.cli import gitops as gitops_commands

    gitops_commands.deliver(
        context.delivery(c, json, environments=[env]), env, version, json, c.config.run.dry
    )


@task(
    help={
        "source": "from here",
        "target": "to there",
        "pr": "open a pull request",
        "json": "print one document",
    }
)
def gitops_promote(c, source, target, pr=False, json=False):
    """Bring what one environment runs to another, digest and manifests."""
    from aks_flow.cli import gitops as gitops_commands

    gitops_commands.promote(
        context.delivery(c, json, environments=[source, target]), source, target, pr, json, c.config.run.dry
    )


@task(help={"env": "the environment", "reason": "what the hold says", "json": "print one document"})
def gitops_undo(c, env, reason="", json=False):
    """Go back to the previous version and hold it there."""
    from aks_flow.cli import gitops as gitops_commands

    gitops_commands.undo(context.delivery(c, json, environments=[env]), env, reason, json, c.config.run.dry)


@task(help={"env": "the environment", "json": "print one document"})
def gitops_release_hold(c, env, json=False):
    """Let automatic deliveries write an environment again."""
    from aks_flow.cli import gitops as gitops_commands

    gitops_commands.release_hold(context.delivery(c, json, environments=[env]), env, json, c.config.run.dry)


@task(
    help={
        "env": "the environment",
        "revision": "default: the newest that changed it",
        "json": "print one document",
    }
)
def gitops_wait(c, env, revision="", json=False):
    """Wait until a commit of the branch is synced, runs and is healthy."""
    from aks_flow.cli import gitops as gitops_commands

    gitops_commands.wait(context.delivery(c, json, environments=[env]), env, revision, json)


@task(help={"json": "print one document"})
def gitops_status(c, json=False):
    """Show what each environment should run, has and runs."""
    from aks_flow.cli import gitops as gitops_commands

    gitops_commands.status(context.delivery(c, json), json)


@task
def gitops_drift(c):
    """Check that every environment is what its branch says, and that no hold was forgotten."""
    from aks_flow.cli import gitops as gitops_commands

    gitops_commands.drift(context.delivery(c))


@task(help={"json": "print one document"})
def gitops_init(c, json=False):
    """Make the branch that Argo CD reads, and the Argo CD objects."""
    from aks_flow.cli import argocd as argocd_commands
    from aks_flow.cli import gitops as gitops_commands

    gitops_commands.init(context.delivery(c, json), json)
    argocd_commands.apply(context.delivery(c, json))


@task(help={"file": "the manifest; empty: Argo CD's own address", "digest": "sha256:… that it must have"})
def argocd_install(c, file="", digest=""):
    """Install the pinned Argo CD on the target's cluster."""
    from aks_flow.cli import argocd as argocd_commands

    argocd_commands.install(context.delivery(c), file, digest)


@task
def argocd_apply(c):
    """Bring the AppProject and the Applications to the cluster."""
    from aks_flow.cli import argocd as argocd_commands

    argocd_commands.apply(context.delivery(c))


@task(help={"commit": "default: what is checked out", "explain": "say why", "json": "print one document"})
def flow_version(c, commit="", explain=False, json=False):
    """Show the version of a commit, from tags and branches."""
    from aks_flow.cli import flow as flow_commands

    flow_commands.version(context.runner(c), context.ROOT, commit, explain, json)


@task(help={"json": "print one document"})
def flow_status(c, json=False):
    """Show each branch's version, its environment and what waits."""
    from aks_flow.cli import flow as flow_commands

    flow_commands.status(context.runner(c), context.ROOT, context.config(c).gitops.branch, json)


@task(help={"commit": "default: what is checked out", "json": "print one document"})
def flow_notes(c, commit="", json=False):
    """Show what a release brings, or what has come since the last one."""
    from aks_flow.cli import flow as flow_commands

    flow_commands.notes(context.runner(c), context.ROOT, commit, json)


@task(help={"json": "print one document"})
def flow_reuse(c, json=False):
    """Show which image a release has already, or why it is built anew."""
    from aks_flow.cli import flow as flow_commands

    flow_commands.reuse(context.delivery(c, json), json)


@task(help={"name": "without feature/", "push": "push the branch"})
def feature_start(c, name, push=False):
    """Start a feature where develop is."""
    from aks_flow.cli import flow as flow_commands

    flow_commands.start(context.runner(c), context.ROOT, "feature", name, push)


@task(help={"name": "default: the one checked out, or the only one", "push": "push what changed"})
def feature_finish(c, name="", push=False):
    """Merge a feature into develop; after a conflict, go on."""
    from aks_flow.cli import flow as flow_commands

    flow_commands.finish(context.runner(c), context.ROOT, "feature", name, push)


@task(help={"version": "X.Y.Z", "push": "push the branch"})
def release_start(c, version, push=False):
    """Start a release where develop is."""
    from aks_flow.cli import flow as flow_commands

    flow_commands.start(context.runner(c), context.ROOT, "release", version, push)


@task(help={"version": "default: the only one that is open", "push": "push what changed"})
def release_finish(c, version="", push=False):
    """Merge a release into main, tag it, merge it back; after a conflict, go on."""
    from aks_flow.cli import flow as flow_commands

    flow_commands.finish(context.runner(c), context.ROOT, "release", version, push)


@task(help={"version": "X.Y.Z", "push": "push the branch"})
def hotfix_start(c, version, push=False):
    """Start a hotfix where main is."""
    from aks_flow.cli import flow as flow_commands

    flow_commands.start(context.runner(c), context.ROOT, "hotfix", version, push)


@task(help={"version": "default: the only one that is open", "push": "push what changed"})
def hotfix_finish(c, version="", push=False):
    """Merge a hotfix into main, tag it, merge it back; after a conflict, go on."""
    from aks_flow.cli import flow as flow_commands

    flow_commands.finish(context.runner(c), context.ROOT, "hotfix", version, push)


@development
def rehearsal_up(c):
    """Start the stand-ins: engine, registry, cluster, GitHub, Argo CD."""
    from aks_flow.rehearsal.tasks import commands

    commands.up(context.rehearsal(c))


@development
def rehearsal_down(c):
    """Remove the stand-ins with their containers, networks and state."""
    from aks_flow.rehearsal.tasks import commands

    commands.down(context.rehearsal(c))


@development(help={"json": "print one document"})
def rehearsal_status(c, json=False):
    """Show the stand-ins, where they answer and where their logs are."""
    from aks_flow.rehearsal.tasks import commands

    commands.status(context.rehearsal(c, reads=True), json)


@development(help={"name": "as rehearsal.status shows it", "lines": "how many of the last lines"})
def rehearsal_logs(c, name="cluster", lines=50):
    """Show the end of a stand-in's log."""
    from aks_flow.rehearsal.tasks import commands

    commands.logs(context.rehearsal(c, reads=True), name, lines)


@development(help={"json": "print one document"})
def rehearsal_runs(c, json=False):
    """Show the runs of workflows that pushes to the rehearsal's GitHub have started."""
    from aks_flow.rehearsal.tasks import github

    github.runs(context.rehearsal(c, reads=True), json)


@development(help={"number": "as rehearsal.runs shows it", "json": "print one document"})
def rehearsal_run(c, number, json=False):
    """Show one run: its jobs and steps, its summary, what failed, what was not rehearsed."""
    from aks_flow.rehearsal.tasks import github

    github.one(context.rehearsal(c, reads=True), context.number(number), json)


@development(help={"name": "for example DELIVERY", "value": "without it the variable is removed"})
def rehearsal_variable(c, name, value=""):
    """Set a repository variable of the rehearsal's GitHub, and show all of them."""
    from aks_flow.rehearsal.tasks import github

    github.variable(context.rehearsal(c), name, value)


@development(help={"branch": "a pushed branch", "into": "the branch that it goes into"})
def rehearsal_pull_request(c, branch, into="develop"):
    """Open a pull request on the rehearsal's GitHub: its workflows run on a preview of the merge."""
    from aks_flow.rehearsal.tasks import github

    github.pull_request(context.rehearsal(c), branch, into)


@development(iterable=["input"], help={"branch": "whose file runs", "input": "NAME=VALUE, more than once"})
def rehearsal_dispatch(c, workflow, input, branch="main"):
    """Start a workflow by hand on the rehearsal's GitHub."""
    from aks_flow.rehearsal.tasks import github

    github.dispatch(context.rehearsal(c), workflow, branch, input)


@development(
    help={
        "gitflow": "a feature's way to production, with the workflow files",
        "azure": "with Azure: azure.up, both paths, azure.down, by the real az",
        "json": "print one document",
    }
)
def rehearse(c, gitflow=False, azure=False, json=False):
    """Rehearse the delivery on this machine: stand-ins up, deliver, change, deliver again under load."""
    from aks_flow.rehearsal.tasks import commands

    commands.rehearse(context.rehearsal(c), commands.story(gitflow, azure), json)


@development(help={"only": "unit or e2e", "args": "more arguments for pytest"})
def test(c, only="", args=""):
    """Run the tests: unit, then end to end on the rehearsal."""
    from aks_flow.rehearsal.tasks import testing

    testing.run(context.rehearsal(c), only, args)


@development(
    positional=["name"], help={"name": "a fault; default: all of them", "json": "print one document"}
)
def drill(c, name="", json=False):
    """Make each fault of a delivery on the rehearsal, and check what the delivery says: a scoreboard."""
    from aks_flow.rehearsal.tasks import commands

    commands.drill(context.rehearsal(c), name, json)


@development(help={"args": "more arguments for pytest, such as '-k kill'"})
def chaos(c, args=""):
    """Kill, fill, cut off and flood the rehearsal at length; `test` does so in short."""
    from aks_flow.rehearsal.tasks import testing

    testing.chaos(context.rehearsal(c), args)


@development
def lint(c):
    """Check style and import directions."""
    from aks_flow.cli import lint as checks

    checks.lint(context.ROOT)


@task(help={"json": "print one document"})
def workflows_check(c, json=False):
    """Check the workflow files: syntax, pins, permissions, and that the tasks they call exist."""
    from aks_flow.cli import workflows as workflow_commands

    workflow_commands.check(context.ROOT, namespace, json)


@task(help={"json": "print one document"})
def workflows_fidelity(c, json=False):
    """Show which lines of the workflow files a local run with act passes over."""
    from aks_flow.cli import workflows as workflow_commands

    workflow_commands.fidelity(context.ROOT, json)


@task(help={"only": "registry or cluster; default: both"})
def azure_login(c, only=""):
    """Sign in to Azure, its registry and its cluster: a job by its OIDC token, a person in a browser."""
    from aks_flow.cli import azure_signin

    azure_signin.login(context.local(c), context.own_config(c), context.steps(), only)


@task
def azure_admit(c):
    """Make the environments' namespaces, and let each identity deliver into its own."""
    from aks_flow.cli import azure as azure_commands

    azure_commands.admit(context.local(c), context.delivery(c))


@task(help={"apply": "set what is missing; without it, only show it"})
def azure_github(c, apply=False):
    """Show or set the repository's variables, environments and rules on GitHub."""
    from aks_flow.cli import azure as azure_commands

    config, steps = context.config(c, target="azure"), context.steps()
    azure_commands.set_up_github(context.runner(c), config, steps, apply and not c.config.run.dry)


@task
def azure_logout(c):
    """Forget the run's own sign-ins to Azure, registry and cluster."""
    from aks_flow.cli import azure_signin

    azure_signin.logout(context.local(c), context.config(c))


@task(help={"json": "print one document"})
def azure_plan(c, json=False):
    """Show every az command that azure.up would run; change nothing."""
    from aks_flow.cli import azure as azure_commands

    azure_commands.plan(context.runner(c), context.config(c, target="azure"), context.steps(json), json)


@task(help={"json": "print one document"})
def azure_up(c, json=False):
    """Make in Azure what invoke.yaml describes, or what is missing of it."""
    from aks_flow.cli import azure as azure_commands

    config, steps = context.config(c, target="azure"), context.steps(json)
    azure_commands.bring_up(context.runner(c), config, steps, json, c.config.run.dry)


@task
def azure_down(c):
    """Remove the resource group that azure.up made, with all that is in it."""
    from aks_flow.cli import azure as azure_commands

    config, steps = context.config(c, target="azure"), context.steps()
    azure_commands.take_down(context.runner(c), config, steps, c.config.run.dry)


@task(help={"json": "print one document"})
def azure_status(c, json=False):
    """Show what there is in Azure, what it lacks and what is half-made."""
    from aks_flow.cli import azure as azure_commands

    azure_commands.status(context.runner(c), context.config(c, target="azure"), json)


@task(
    help={
        "file": "the identities, in YAML",
        "live": "those in Azure; else as configured",
        "json": "one document",
    }
)
def azure_check_identity(c, file="", live=False, json=False):
    """Compare the subjects of the workflows' jobs with the identities that trust them."""
    from aks_flow.cli import azure as azure_commands

    config = context.config(c)
    azure_commands.check_identity(context.runner(c), context.ROOT, config, file, live, json)


@development(help={"json": "print one document", "runs": "how many times each figure is measured"})
def bench(c, json=False, runs=5):
    """Measure what the README claims: a table and JSON, medians."""
    from aks_flow.rehearsal.tasks import commands

    commands.bench(context.rehearsal(c), runs, json)


image = Collection("image", build=image_build, push=image_push, mirror=image_mirror)
push = Collection("push", plan=push_plan, deploy=push_deploy, undo=push_undo, history=push_history)
push.add_task(push_promote, name="promote")
push.add_task(push_reject, name="reject")
push.add_task(push_drift, name="drift")
push.add_task(push_lock, name="lock")
push.add_task(push_unlock, name="unlock")
push.add_task(push_run, name="run", default=True)
rehearsal = Collection(
    "rehearsal",
    **{"up": rehearsal_up, "down": rehearsal_down, "status": rehearsal_status, "logs": rehearsal_logs},
    **{"runs": rehearsal_runs, "run": rehearsal_run, "dispatch": rehearsal_dispatch},
    **{"variable": rehearsal_variable, "pull-request": rehearsal_pull_request},
)

manifests = Collection(
    "manifests", set=manifests_set, get=manifests_get, images=manifests_images, check=manifests_check
)
gitops = Collection(
    "gitops",
    **{"deliver": gitops_deliver, "promote": gitops_promote, "undo": gitops_undo, "wait": gitops_wait},
    **{"release-hold": gitops_release_hold, "status": gitops_status, "init": gitops_init},
    **{"drift": gitops_drift},
)
azure = Collection("azure", plan=azure_plan, up=azure_up, down=azure_down, status=azure_status)
azure.add_task(azure_check_identity, name="check-identity")
azure.add_task(azure_admit, name="admit")
azure.add_task(azure_github, name="github")
azure.add_task(azure_login, name="login")
azure.add_task(azure_logout, name="logout")
argocd = Collection("argocd", install=argocd_install, apply=argocd_apply)
workflows = Collection("workflows", check=workflows_check, fidelity=workflows_fidelity)
flow = Collection("flow", version=flow_version, status=flow_status, notes=flow_notes, reuse=flow_reuse)
flow.add_collection(Collection("feature", start=feature_start, finish=feature_finish))
flow.add_collection(Collection("release", start=release_start, finish=release_finish))
flow.add_collection(Collection("hotfix", start=hotfix_start, finish=hotfix_finish))

namespace = Collection(
    *(doctor, rehearse, drill, test, chaos, lint, bench),
    *(image, manifests, push, gitops, argocd, flow, workflows, azure, rehearsal),
)
