"""The glance at all environments."""

from dataclasses import astuple

from aks_flow.core.command import Result
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import CommandFailed
from aks_flow.gitops import drift, status
from aks_flow.gitops.deliver import deliver
from aks_flow.gitops.undo import undo
from tests.e2e.gitops.argo import Scripted
from tests.unit.gitops.objects import application, digest, namespace

OLD = ImageRef("localhost:5050", "front", "0.1.0-alpha.1", digest("front:0.1.0-alpha.1"))


def test_each_environment_is_one_row(world):
    for version in ("0.1.0-alpha.1", "0.1.0-alpha.2"):
        world.publish(version)
        deliver(world.context, "dev")
    before = undo(world.context, "dev", "it loses votes").commit
    world.publish("0.2.0-rc.1", "0.2.0")
    world.run = Scripted([(application(before, "OutOfSync", "Progressing"), namespace(OLD))])
    dev, staging, production = (astuple(row) for row in status.read(world.context))
    assert dev == (
        *("dev", "0.1.0-alpha.1", "0.1.0-alpha.1 (OutOfSync)", "0.1.0-alpha.1", "0.2.0", "Progressing"),
        *("Deployment/front", "it loses votes"),
    )
    assert staging[:3] == ("staging", "none", "unknown") and staging[4:] == (
        "0.2.0",
        "unknown",
        "unknown",
        "none",
    )
    assert production[:3] == ("production", "none", "unknown") and production[4] == "0.2.0"


def test_a_cluster_that_does_not_answer_leaves_the_branch_and_the_registry_to_tell(world):
    class Silent(Scripted):
        def run(self, command):
            if command.argv[0] == "kubectl":
                raise CommandFailed(command, Result(1, b"", b"connection refused"))
            return super().run(command)

    world.publish("0.1.0-alpha.1")
    deliver(world.context, "dev")
    world.run = Silent([])
    dev = status.read(world.context)[0]
    assert astuple(dev) == (
        "dev",
        "0.1.0-alpha.1",
        *("unknown",) * 2,
        "0.1.0-alpha.1",
        *("unknown",) * 2,
        "none",
    )


def test_a_revision_that_is_nowhere_here_is_shown_by_its_hash(world):
    world.publish("0.1.0-alpha.1")
    deliver(world.context, "dev")
    world.run = Scripted([(application("f" * 40), namespace(OLD))])
    assert status.read(world.context)[0].synced == "ffffffffffff (Synced)"


def test_an_environment_that_nothing_was_delivered_to_differs_from_nothing(world):
    """Argo CD finds no folder of it on the branch, and says so by an error."""
    world.publish("0.1.0-rc.1")
    deliver(world.context, "staging")
    error = {"type": "ComparisonError", "message": "dev: app path does not exist"}
    world.run = Scripted([(application("", "Unknown", conditions=[error]), namespace(OLD))])
    dev = status.read(world.context)[0]
    assert (dev.wanted, dev.drift) == ("none", "none")
    assert drift.findings(dev, {}, 0) == []
