"""What of Argo CD's errors is about the awaited commit, and for how long it may last."""

import pytest

from aks_flow.core.image_ref import ImageRef
from aks_flow.gitops.wait import trouble
from aks_flow.gitops.wait.awaited_commit import AwaitedCommit
from aks_flow.gitops.wait.lineage import BEHIND, REACHED, Lineage
from aks_flow.gitops.wait.trouble import AWAY, GRACE
from aks_flow.tools import argocd
from tests.unit.gitops.objects import application, digest

COMMIT, BEFORE = "c" * 40, "b" * 40
AWAITED = AwaitedCommit("dev", COMMIT, ImageRef("localhost:5050", "front", "1.5.0", digest("new")))
LOAD = "Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: "


def read(item: dict, lineage: str = REACHED, looked: bool = True, begun: bool = True):
    return trouble.read(AWAITED, argocd.parse(item), Lineage(lineage), looked, begun)


def with_error(message: str, kind: str = "ComparisonError", revision: str = COMMIT) -> dict:
    return application(revision, "Unknown", conditions=[{"type": kind, "message": message}])


# The message of a ComparisonError -> seconds that it may last, and whether git may not be read.
COMPARISONS = {
    "dev/overlays/dev: app path does not exist": (GRACE, False),
    "code = Unknown desc = `kustomize build dev` failed: no such resource": (GRACE, False),
    "code = Unavailable desc = connection error": (AWAY, False),
    "code = Unavailable desc = dial tcp 10.0.0.7:8081: connect: connection refused": (AWAY, False),
    "code = DeadlineExceeded desc = context deadline exceeded": (AWAY, False),
    "code = Unknown desc = failed to list refs: dial tcp: lookup git.local: no such host": (AWAY, False),
    "code = Unknown desc = failed to list refs: authentication required: Repository": (
        GRACE,
        True,
    ),
    "code = Unknown desc = ssh: unable to authenticate, attempted methods [none publickey]": (GRACE, True),
    "code = Unknown desc = git@git.local: Permission denied (publickey).": (GRACE, True),
    "code = Unknown desc = knownhosts: key is unknown": (GRACE, True),
    "failed to list refs: fatal: could not read Username for 'https://git.local'": (GRACE, True),
    "failed to list refs: fatal: '/git/x' does not appear to be a git repository": (GRACE, True),
    'failed to list refs: error creating SSH agent: "SSH agent requested but SSH_AUTH_SOCK not-specified"': (
        GRACE,
        True,
    ),
    "code = Unknown desc = ssh: no key found": (GRACE, True),
    "code = Unknown desc = ssh: this private key is passphrase protected": (GRACE, True),
    "failed to list refs: authorization failed: Write access to repository not granted.": (GRACE, True),
    "code = Unknown desc = could not refresh installation id 7's token: received non 2xx": (GRACE, True),
    'failed to list refs: Get "https://git.corp/x": tls: failed to verify certificate: x509: unknown': (
        GRACE,
        True,
    ),
    "failed to list refs: ssh: handshake failed: EOF": (AWAY, False),
    "failed to list refs: dial tcp: lookup git.local on 10.0.0.10:53: server misbehaving": (AWAY, False),
    "failed to list refs: dial tcp 10.1.2.3:22: connect: no route to host": (AWAY, False),
    "failed to list refs: dial tcp 10.1.2.3:443: connect: network is unreachable": (AWAY, False),
    'failed to list refs: unexpected client error: unexpected requesting "https://x" status code: 502': (
        AWAY,
        False,
    ),
    "code = Internal desc = Failed to fetch default: `git fetch origin --tags` failed timeout after 1m30s": (
        AWAY,
        False,
    ),
    "code = Unknown desc = failed to list refs: NOAUTH Authentication required.": (AWAY, False),
    "code = Unknown desc = `kustomize build dev` failed exit status 1: fatal: could not read Username": (
        GRACE,
        False,
    ),
}


@pytest.mark.parametrize(("message", "end"), COMPARISONS.items(), ids=COMPARISONS)
def test_what_cannot_be_compared_has_a_grace_by_its_cause(message, end):
    seen = read(with_error(LOAD + message))
    assert (seen.grace, seen.unreadable) == end and message in seen.text


def test_an_error_of_the_commit_before_is_not_the_new_one_s():
    assert read(with_error("anything", revision=""), BEHIND, looked=False) is None
    assert read(with_error("anything", revision=""), BEHIND, looked=True).grace == GRACE


SYNCS = {
    "of the commit before": (f"Failed last sync attempt to [{BEFORE}]: no", BEHIND, BEFORE, False),
    "of the commit before, once the new one is seen": (f"attempt to [{BEFORE}]: no", REACHED, COMMIT, False),
    "of the awaited commit": (f"Failed last sync attempt to [{COMMIT}]: no", REACHED, COMMIT, True),
    "of a later commit with the same pin": (f"attempt to [{'d' * 40}]: no", REACHED, "d" * 40, True),
    "that would take all away": (
        f"Skipping sync attempt to [{COMMIT}]: auto-sync will wipe out all resources",
        REACHED,
        COMMIT,
        True,
    ),
}


@pytest.mark.parametrize(("message", "lineage", "revision", "counts"), SYNCS.values(), ids=SYNCS)
def test_a_sync_s_error_counts_if_it_names_the_commit(message, lineage, revision, counts):
    seen = read(with_error(message, "SyncError", revision), lineage)
    assert (seen is not None) is counts


def test_a_failed_operation_counts_if_it_was_for_the_commit_or_a_later_one_with_its_pin():
    for sync in ("OutOfSync", "Synced"):
        failed = application("d" * 40, sync, phase="Failed", message="no", operation=COMMIT)
        assert read(failed).text == "the sync failed: no"
    assert read(application(COMMIT, "OutOfSync", phase="Failed", operation=BEFORE), begun=False) is None
    assert read(application(BEFORE, phase="Failed"), BEHIND) is None


HOOK = {"kind": "Job", "name": "smoke", "status": "Synced", "hookType": "PostSync", "hookPhase": "Failed"}
TASKS = "one or more synchronization tasks completed unsuccessfully"
# How the sync of the awaited commit ended -> whether the commit is the cause.
ENDS = {
    "an object is refused": ("Failed", "one or more objects failed to apply, reason: exceeded quota", True),
    "a hook failed": ("Failed", f"{TASKS} (retried 2 times).", True),
    "git was away": ("Error", "ComparisonError: failed to list refs: i/o timeout", False),
    "the project is not there": ("Error", "InvalidSpecError: Application referencing project x", False),
    "the API server was away": ("Failed", "one or more objects failed to apply: connection refused", False),
    "a webhook was away": (
        "Failed",
        'failed calling webhook "x": Post "https://x.svc": context deadline exceeded',
        False,
    ),
    "somebody ended it": ("Failed", "Operation terminated", False),
}


@pytest.mark.parametrize(("phase", "message", "failed"), ENDS.values(), ids=ENDS)
@pytest.mark.parametrize("told", ["by the operation", "by a condition"])
def test_a_sync_that_failed_proves_the_commit_bad_unless_others_are_the_cause(phase, message, failed, told):
    said = [{"type": "SyncError", "message": f"Failed last sync attempt to [{COMMIT}]: {message}"}]
    conditions = said if told == "by a condition" else []
    item = application(COMMIT, "OutOfSync", phase=phase, message=message, conditions=conditions)
    assert read(item).sync_failed is failed


def test_a_commit_that_cannot_be_rendered_was_not_synced():
    assert read(with_error("kustomize build failed")).sync_failed is False


def test_the_objects_that_failed_are_named_with_their_own_words():
    results = [
        HOOK | {"message": "Job has reached the specified backoff limit"},
        {"kind": "Service", "name": "front", "status": "Synced", "hookPhase": "Running"},
    ]
    for conditions in ([], [{"type": "SyncError", "message": f"attempt to [{COMMIT}]: {TASKS}"}]):
        item = application(
            COMMIT, "OutOfSync", phase="Failed", message=TASKS, results=results, conditions=conditions
        )
        assert read(item).text.endswith(f"{TASKS} (Job/smoke: Job has reached the specified backoff limit)")


SCALER = {"kind": "HorizontalPodAutoscaler", "name": "front", "hookPhase": "Failed", "message": "no metrics"}


@pytest.mark.parametrize(("results", "failed"), [([SCALER], False), ([SCALER, HOOK], True)])
def test_an_autoscaler_without_metrics_is_named_and_no_fault_of_the_commit(results, failed):
    """It ends a sync that has a later wave, or a hook after it, since v3.5 calls it Degraded."""
    seen = read(application(COMMIT, phase="Failed", message=TASKS, results=results))
    assert "HorizontalPodAutoscaler/front: no metrics" in seen.text and seen.sync_failed is failed


def test_that_others_were_away_may_stand_in_the_words_of_an_object_alone():
    why = 'failed calling webhook "policy": Post "https://policy.svc": connect: connection refused'
    refused = {"kind": "ConfigMap", "name": "a", "status": "SyncFailed", "message": why}
    seen = read(application(COMMIT, "OutOfSync", phase="Failed", message=TASKS, results=[refused]))
    assert why in seen.text and not seen.sync_failed


def test_what_the_sync_s_own_words_say_is_not_said_again():
    refused = {"kind": "ConfigMap", "name": "a", "status": "SyncFailed", "message": "exceeded quota"}
    item = application(
        COMMIT, "OutOfSync", phase="Failed", message="failed to apply: exceeded quota", results=[refused]
    )
    assert read(item).text == "the sync failed: failed to apply: exceeded quota"


def test_a_warning_is_no_trouble():
    assert read(with_error("part of two", "SharedResourceWarning")) is None
