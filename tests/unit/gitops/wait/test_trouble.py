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


def read(item: dict, lineage: str = REACHED, looked: bool = True):
    return trouble.read(AWAITED, argocd.parse(item), Lineage(lineage), looked)


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


def test_a_failed_operation_counts_if_it_was_for_the_commit_that_is_compared_with():
    failed = application(COMMIT, "OutOfSync", phase="Failed", message="field is immutable")
    assert read(failed).text == "the sync failed: field is immutable"
    assert read(application(COMMIT, "OutOfSync", phase="Failed", operation=BEFORE)) is None
    assert read(application(BEFORE, phase="Failed"), BEHIND) is None


def test_a_warning_is_no_trouble():
    assert read(with_error("part of two", "SharedResourceWarning")) is None
