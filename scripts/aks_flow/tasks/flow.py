"""GitFlow: versions, branches, notes."""

from invoke import Collection

from aks_flow.cli.declare import tasks_of

task = tasks_of("aks_flow.cli.flow")

COMMIT = {"commit": "default: what is checked out"}
START = {"version": "X.Y.Z", "push": "push the branch"}
PR = {"pr": "by pull requests: open, or go on after a merge"}
FINISH = {"version": "default: the only one that is open", "push": "push what changed", **PR}


@task(help={**COMMIT, "explain": "say why"})
def version(c, commit="", explain=False, json=False):
    """Show the version of a commit, from tags, branches and merges."""


@task
def status(c, json=False):
    """Show each branch's version, its environment and what waits."""


@task(help=COMMIT)
def notes(c, commit="", json=False):
    """Show what is new in a release, or since the last one."""


@task(help={"tag": "vX.Y.Z, of a release that GitHub has"}, example="v1.5.0")
def announce(c, tag):
    """Make the release's page on GitHub, with its notes, unless it is there."""


@task(help={"branch": "default: the one checked out"})
def proposed(c, branch="", json=False):
    """Show the branch's open pull requests that workflows check."""


@task(help={"branch": "that was merged by a pull request"}, example="release/1.5.0")
def finish_merged(c, branch):
    """Go on with a finish by pull requests, whatever kind the merged branch is."""


@task
def reuse(c, json=False):
    """Show whether a release's image exists already, or why it is built again."""


@task(help={"name": "without feature/", "push": "push the branch"}, example="dark-mode")
def start_feature(c, name, push=False):
    """Start a feature from develop."""


@task(help={"name": "default: the one checked out, or the only one", "push": "push what changed", **PR})
def finish_feature(c, name="", push=False, pr=False):
    """Merge a feature into develop; after a conflict, continue."""


@task(help=START)
def start_release(c, version, push=False):
    """Start a release from develop."""


@task(help=FINISH)
def finish_release(c, version="", push=False, pr=False):
    """Merge a release into main, tag it, merge it back; after a conflict, continue."""


@task(help=START)
def start_hotfix(c, version, push=False):
    """Start a hotfix from main."""


@task(help=FINISH)
def finish_hotfix(c, version="", push=False, pr=False):
    """Merge a hotfix into main, tag it, merge it back; after a conflict, continue."""


namespace = Collection(
    "flow",
    version,
    status,
    notes,
    announce,
    proposed,
    finish_merged,
    reuse,
    Collection("feature", start=start_feature, finish=finish_feature),
    Collection("release", start=start_release, finish=finish_release),
    Collection("hotfix", start=start_hotfix, finish=finish_hotfix),
)
