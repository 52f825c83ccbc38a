"""Faults of other people's days, in the words of the kubelet, containerd, ACR, the scheduler and controllers.

Each says when the verdict is bad, for which reason, and in which words; "" or None: it can heal until the
deadline.
"""

import pytest

from aks_flow.rollout.verdict.goal import applied_goal
from tests.unit.rollout.verdict.objects import (
    BACKS_OFF,
    CRASHED,
    TEMPLATE,
    deployment,
    event,
    owner,
    pod,
    replica_set,
)
from tests.unit.rollout.verdict.test_verdict import Watch, broken, unscheduled, waiting

IMAGE = "shop.azurecr.io/team/web:1.5.0"
REF = f'failed to pull and unpack image "{IMAGE}"'
RESOLVE = f'{REF}: failed to resolve reference "{IMAGE}"'
TOKEN = "https://shop.azurecr.io/oauth2/token?scope=repository%3Ateam%2Fweb%3Apull&service=shop.azurecr.io"
MANIFEST = "https://shop.azurecr.io/v2/team/web/manifests/1.5.0"
PULLS = {
    # why the kubelet does not pull: its reason, and what it says: the verdict's reason
    "not found": ("ErrImagePull", f"{RESOLVE}: {IMAGE}: not found", "image-not-found"),
    "for another platform": (
        "ErrImagePull",
        f"{REF}: no match for platform in manifest: not found",
        "image-not-found",
    ),
    "for another platform, by Docker": (
        "ErrImagePull",
        "no matching manifest for linux/arm64/v8 in the manifest list entries",
        "image-not-found",
    ),
    "a layer that was purged": (
        "ErrImagePull",
        f"{REF}: failed to copy: httpReadSeeker: failed open: content at {MANIFEST} not found: not found",
        "image-not-found",
    ),
    "a layer that the registry lost": (
        "ErrImagePull",
        f"{REF}: failed to copy: httpReadSeeker: failed open: could not fetch content descriptor sha256:7b9a "
        "(application/vnd.oci.image.layer.v1.tar+gzip) from remote: not found",
        "image-not-found",
    ),
    "a layer that the registry lost, by Docker": ("ErrImagePull", "unknown blob", "image-not-found"),
    "anonymous": (
        "ErrImagePull",
        f"{RESOLVE}: failed to authorize: failed to fetch anonymous token: unexpected status from GET "
        f"request to "
        f"{TOKEN}: 401 Unauthorized",
        "image-pull-denied",
    ),
    "a firewall": (
        "ImagePullBackOff",
        f'Back-off pulling image "{IMAGE}": ErrImagePull: {RESOLVE}: unexpected status from HEAD '
        f"request to {MANIFEST}: "
        "403 Forbidden",
        "image-pull-denied",
    ),
    "no right to it": (
        "ErrImagePull",
        f"{RESOLVE}: pull access denied, repository does not exist or may require authorization: server "
        f"message: "
        "insufficient_scope: authorization failed",
        "image-pull-denied",
    ),
    "an authority that the node does not know": (
        "ErrImagePull",
        f'{RESOLVE}: failed to do request: Head "{MANIFEST}": tls: failed to verify certificate: x509: '
        f"certificate "
        "signed by unknown authority",
        "image-pull-denied",
    ),
    "a registry without TLS": (
        "ErrImagePull",
        f'{RESOLVE}: failed to do request: Head "{MANIFEST}": http: server gave HTTP response to HTTPS '
        f"client",
        "image-pull-denied",
    ),
    "a signature": (
        "SignatureValidationFailed",
        f"image pull failed for {IMAGE} because the signature validation failed: no matching signatures "
        f"were found",
        "image-pull-denied",
    ),
    "a verifier": (
        "ErrImagePull",
        f"{REF}: image verifier bindir blocked pull of {IMAGE} with digest sha256:7b9a for reason: rejected",
        "image-pull-denied",
    ),
    "a limit": (
        "ErrImagePull",
        f"{REF}: failed to copy: httpReadSeeker: failed open: unexpected status code {MANIFEST}: 429 "
        f"Too Many Requests"
        " - Server message: toomanyrequests: You have reached your unauthenticated pull rate limit.",
        "",
    ),
    "a slow network": (
        "ErrImagePull",
        f'{RESOLVE}: failed to do request: Head "{MANIFEST}": dial tcp 20.61.98.1:443: i/o timeout',
        "",
    ),
    "a registry that is away": (
        "RegistryUnavailable",
        f"image pull failed for {IMAGE} because the registry is unavailable: 503 Service Unavailable",
        "",
    ),
    "a node that lost a layer": (
        "ErrImagePull",
        f"rpc error: code = NotFound desc = {REF}: failed to prepare extraction snapshot "
        f'"extract-795119289-7389 '
        'sha256:9281": parent snapshot sha256:0b16 does not exist: not found',
        "",
    ),
    "a node that may not write": (
        "ErrImagePull",
        f"{REF}: failed to extract layer sha256:92: mount callback failed on "
        f"/var/lib/containerd/tmpmounts/c: "
        "mkdir /var/lib/containerd/tmpmounts/c/x: permission denied",
        "",
    ),
    "a full disk": ("ErrImagePull", f"{REF}: write /var/lib/containerd/x: no space left on device", ""),
    "an engine that does not answer": (
        "ImageInspectError",
        f'Failed to inspect image "{IMAGE}": rpc error: code = DeadlineExceeded desc = context deadline '
        f"exceeded",
        "",
    ),
}


@pytest.mark.parametrize(("state", "words", "reason"), PULLS.values(), ids=PULLS)
def test_a_pull_that_does_not_heal_is_the_end_at_once_and_any_other_at_the_deadline(state, words, reason):
    container = [{"name": "web", "image": IMAGE, "readinessProbe": {}}]
    watch, items = Watch(), broken(pod(ready=False, state=waiting(state, words), containers=container))
    assert (watch(items).kind, watch(items).reason) == (("bad", reason) if reason else ("waiting", ""))
    assert watch(items, 170).kind == ("bad" if reason else "waiting")
    last = watch(items, 10, overdue=True)
    assert (last.reason, words in last.findings[0].text) == (reason or "deadline", True)


MADE = {
    # why the kubelet makes no container: its reason, what it says, the verdict's reason, and after how long
    "a key": (
        "CreateContainerConfigError",
        "couldn't find key url in ConfigMap shop/web",
        "config-missing",
        3,
    ),
    "a root image": (
        "CreateContainerConfigError",
        'container has runAsNonRoot and image will run as root (pod: "web", container: web)',
        "never-ready",
        3,
    ),
    "no command": (
        "CreateContainerError",
        'failed to generate container "c" spec: failed to generate spec: no command specified',
        "never-ready",
        3,
    ),
    "a full API server": (
        "CreateContainerConfigError",
        "failed to sync configmap cache: timed out waiting for the condition",
        "never-ready",
        None,
    ),
    "a node that has just come": (
        "CreateContainerConfigError",
        "services have not yet been read at least once, cannot construct envvars",
        "never-ready",
        None,
    ),
    "a slow disk": ("CreateContainerError", "context deadline exceeded", "never-ready", None),
    "the try before": (
        "CreateContainerError",
        'failed to reserve container name "web_web-new-1_shop_0": name "web_web-new-1_shop_0" is '
        'reserved for "7c54"',
        "never-ready",
        None,
    ),
}


@pytest.mark.parametrize(("state", "words", "reason", "seconds"), MADE.values(), ids=MADE)
def test_a_container_that_is_not_made_has_until_the_deadline_if_the_next_try_may_succeed(
    state, words, reason, seconds
):
    watch, items = Watch(), broken(pod(ready=False, state=waiting(state, words)))
    assert watch(items).kind == "waiting"
    assert watch(items, seconds or 170).kind == ("bad" if seconds else "waiting")
    last = watch(items, 1, overdue=True)
    assert (last.reason, last.findings[0].text) == (reason, f"{state}: {words}")


WEBHOOK = (
    'Internal error occurred: failed calling webhook "validation.gatekeeper.sh": failed to call '
    "webhook: Post "
    '"https://gatekeeper-webhook-service.gatekeeper-system.svc:443/v1/admit?timeout=3s": '
)
FORBIDDEN = 'pods "web-new-1" is forbidden: '
REFUSALS = {
    # why no pod is made: the verdict's reason, and after how long
    f"{FORBIDDEN}exceeded quota: small, requested: pods=1, used: pods=2, limited: pods=2": ("quota", 10),
    f"{FORBIDDEN}failed quota: small: must specify limits.cpu for: web": ("quota", 10),
    f"{FORBIDDEN}maximum memory usage per Container is 1Gi, but limit is 2Gi": ("never-ready", 10),
    f'{FORBIDDEN}violates PodSecurity "restricted:latest": runAsNonRoot != true': ("never-ready", 10),
    f'{FORBIDDEN}error looking up service account shop/web: serviceaccount "web" not found': (
        "never-ready",
        10,
    ),
    f"{FORBIDDEN}ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no timeout is set": (
        "never-ready",
        10,
    ),
    'admission webhook "validation.gatekeeper.sh" denied the request: [azurepolicy-timeout] no limits': (
        "never-ready",
        10,
    ),
    f"{WEBHOOK}context deadline exceeded": ("never-ready", None),
    f'{WEBHOOK}no endpoints available for service "gatekeeper-webhook-service"': ("never-ready", None),
    f"{WEBHOOK}dial tcp 10.112.0.99:8443: connect: connection refused": ("never-ready", None),
    "Timeout: request did not complete within requested timeout context deadline exceeded": (
        "never-ready",
        None,
    ),
    "etcdserver: request timed out": ("never-ready", None),
    f"{FORBIDDEN}status unknown for quota: small, resources: pods": ("never-ready", None),
    'Operation cannot be fulfilled on resourcequotas "small": the object has been modified': (
        "never-ready",
        None,
    ),
}


@pytest.mark.parametrize("shown_by", ["the condition", "the event"])
@pytest.mark.parametrize(("words", "verdict"), REFUSALS.items(), ids=REFUSALS)
def test_a_pod_that_is_refused_is_the_end_and_one_that_nobody_decided_on_is_tried_again(
    words, verdict, shown_by
):
    (reason, seconds), watch = verdict, Watch()
    failure = {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": words}
    items = [deployment(2, 0, 2), replica_set(conditions=[failure])]
    if shown_by == "the event":
        items = [
            deployment(2, 0, 2),
            replica_set(),
            event("uid-web-new", "FailedCreate", f"Error creating: {words}"),
        ]
    assert watch(items).kind == watch(items, 9.9).kind == "waiting"
    assert watch(items, 100).kind == ("bad" if seconds else "waiting")
    last = watch(items, 1, overdue=True)
    assert last.reason == reason and words in last.findings[0].text


VOLUME = 'MountVolume.SetUp failed for volume "kv" : rpc error: code = Unknown desc = failed to '
MOUNT = f"{VOLUME}mount secrets store objects for pod shop/web, err: rpc error: code = Unknown desc = "
"failed to mount "
MOUNTS = {
    # what the kubelet says of a volume: whether that is a configuration which is missing
    'MountVolume.SetUp failed for volume "a" : configmap references non-existent config key: app.yaml': True,
    'MountVolume.SetUp failed for volume "a" : fetching NodePublishSecretRef shop/login failed: '
    "kubernetes.io/csi: "
    'failed to find the secret login in the namespace shop with error: secrets "login" not found': True,
    f"{VOLUME}get secretproviderclass shop/web, error: SecretProviderClass.secrets-store.csi.x-k8s.io "
    '"web" not found': True,
    f"{MOUNT}objects, error: failed to get objectType:secret, objectName:web: GET https://shop.vault.azure.net/secrets/"
    "web/: 404 Not Found: SecretNotFound: A secret with (name/id) web was not found in this key vault.": True,
    f"{MOUNT}objects, error: failed to get keyvault client: failed to get authorizer for keyvault "
    f"client: nmi response "
    "failed with status code: 404": False,
    'MountVolume.SetUp failed for volume "a" : failed to sync secret cache: timed out waiting for the '
    "condition": False,
    'Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) web-old-1': False,
}
SUMMARY = (
    "Unable to attach or mount volumes: unmounted volumes=[kv], unattached volumes=[kv]: timed out waiting"
)


@pytest.mark.parametrize("summed_up", [False, True])
@pytest.mark.parametrize(("words", "is_missing"), MOUNTS.items(), ids=range(len(MOUNTS)))
def test_a_volume_that_is_not_mounted_says_why_whatever_is_said_of_all_of_them_after_that(
    words, is_missing, summed_up
):
    reason = "FailedAttachVolume" if words.startswith("Multi-Attach") else "FailedMount"
    said = [event("uid-web-new-1", reason, words)]
    said += [event("uid-web-new-1", "FailedMount", SUMMARY, at="2026-01-01T00:02:03Z")] if summed_up else []
    watch, items = Watch(), broken(pod(ready=False, state=waiting("ContainerCreating")), *said)
    watch(items)
    assert watch(items, 60).kind == ("bad" if is_missing else "waiting")
    last = watch(items, 1, overdue=True)
    assert (last.reason, words in last.findings[0].text) == (
        "config-missing" if is_missing else "deadline",
        True,
    )


def test_a_secret_that_came_is_not_missing_while_the_image_is_pulled():
    missing = 'MountVolume.SetUp failed for volume "a" : secret "b" not found'
    pulls = event("uid-web-new-1", "Pulling", f'Pulling image "{IMAGE}"', at="2026-01-01T00:00:04Z")
    items = broken(
        pod(ready=False, state=waiting("ContainerCreating")),
        event("uid-web-new-1", "FailedMount", missing),
        pulls,
    )
    watch = Watch()
    assert watch(items).kind == watch(items, 60).kind == "waiting"


STARTS = (
    "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc "
    "create failed: unable "
    'to start container process: error during container init: exec: "serve": executable file not found '
    "in $PATH"
)
NOT_STARTED = {
    "exitCode": 128,
    "reason": "StartError",
    "message": STARTS,
    "startedAt": "1970-01-01T00:00:00Z",
}
NOT_STARTED |= {"finishedAt": "2026-01-01T00:00:00Z"}
HOOK = event("uid-web-new-1", "FailedPostStartHook", "PostStartHook failed")
KILLED = {"terminated": {"exitCode": 137, "reason": "OOMKilled"}}
ENDS = {
    # how it ended, what it waits for, what else was said: the words
    "no such program": (
        {"terminated": NOT_STARTED},
        waiting("RunContainerError", STARTS),
        (),
        f"StartError: {STARTS}",
    ),
    "memory": (KILLED, BACKS_OFF, (), "exit code 137 (OOMKilled), 3 times"),
    "a hook": (
        CRASHED,
        waiting("PostStartHookError", "Exec lifecycle hook failed"),
        (HOOK,),
        "its postStart hook failed",
    ),
}


@pytest.mark.parametrize(("last", "state", "events", "words"), ENDS.values(), ids=ENDS)
def test_a_crash_loop_says_what_ended_it(last, state, events, words):
    watch, items = Watch(), broken(pod(ready=False, state=state, last=last, restarts=2), *events)
    watch(items)
    verdict = watch(items, 10)
    assert verdict.reason == "crash-loop" and words in verdict.findings[0].text


def claiming(sick: dict) -> dict:
    sick["spec"] = {
        **sick["spec"],
        "volumes": [{"name": "d", "persistentVolumeClaim": {"claimName": "data"}}],
    }
    return sick


def of_claim(reason: str, message: str, name: str = "data") -> dict:
    about = {"kind": "PersistentVolumeClaim", "name": name, "uid": f"claim-{name}"}
    return event("", reason, message) | {"involvedObject": about}


UNMADE = 'storageclass.storage.k8s.io "fast" not found'
UNBOUND = "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims."
CLAIMS = {
    "at once": (unscheduled(UNBOUND), 60, f"{UNBOUND}: {UNMADE}"),
    "once a node is chosen": (
        broken(pod(ready=False, state={"waiting": {}})),
        None,
        f"it does not run: {UNMADE}",
    ),
}


@pytest.mark.parametrize(("items", "seconds", "words"), CLAIMS.values(), ids=CLAIMS)
def test_why_a_volume_is_not_made_is_said_of_its_claim_only(items, seconds, words):
    watch, others = (
        Watch(),
        [of_claim("ProvisioningFailed", "another one", "other"), of_claim("Resizing", "no")],
    )
    items = [*items, of_claim("ProvisioningFailed", UNMADE), *others]
    claiming(next(item for item in items if item["kind"] == "Pod"))
    assert watch(items).kind == "waiting"
    assert watch(items, 60).kind == ("bad" if seconds else "waiting")
    assert watch(items, 1, overdue=True).findings[0].text == words


def test_a_pod_for_which_others_are_being_ended_waits_for_their_end():
    watch, items = Watch(), unscheduled("0/3 nodes are available: 3 Insufficient cpu.")
    next(item for item in items if item["kind"] == "Pod")["status"]["nominatedNodeName"] = "aks-user-1"
    assert watch(items).kind == watch(items, 60).kind == "waiting"
    assert watch(items, 1, overdue=True).reason == "unschedulable"


@pytest.mark.parametrize("reason", ["SchedulingGated", "SchedulerError"])
def test_what_else_keeps_a_pod_from_a_node_is_said_at_the_deadline(reason):
    words = "Scheduling is blocked due to non-empty scheduling gates"
    condition = {"type": "PodScheduled", "status": "False", "reason": reason, "message": words}
    gated = pod(ready=False, state={"waiting": {}})
    gated["status"]["conditions"] = [condition]
    watch, items = Watch(), broken(gated)
    assert watch(items).kind == watch(items, 60).kind == "waiting"
    assert watch(items, 1, overdue=True).findings[0].text == words


def test_a_pod_whose_node_is_away_is_not_blamed_on_its_probe():
    lost = pod(ready=False)
    lost["status"]["containerStatuses"][0]["ready"] = True
    watch = Watch()
    items = broken(lost, event("uid-web-new-1", "NodeNotReady", "Node is not ready"))
    assert watch(items).waits_for == "deployment/web (web-new-1 is not ready (Node is not ready))"
    assert watch(items, 60, overdue=True).findings[0].text == "Node is not ready"


def test_pods_that_the_node_ends_again_and_again_are_named_at_the_deadline():
    evicted = pod("web-new-0", ready=False)
    told = {"reason": "Evicted", "message": "The node was low on resource: ephemeral-storage."}
    evicted["status"] = {"phase": "Failed", **told}
    watch, items = Watch(), broken(evicted, pod(ready=False, state=waiting("ContainerCreating")))
    assert watch(items).kind == watch(items, 60).kind == "waiting"
    texts = [finding.text for finding in watch(items, 1, overdue=True).findings]
    assert texts[-1] == "web-new-0 has failed: Evicted: The node was low on resource: ephemeral-storage."


def stateful_set(**status) -> dict:
    metadata = {"name": "db", "uid": "s", "generation": 2}
    status = {"observedGeneration": 2, "updateRevision": "new", "currentRevision": "old", **status}
    return {
        "kind": "StatefulSet",
        "metadata": metadata,
        "spec": {"replicas": 2, "template": TEMPLATE},
        "status": status,
    }


@pytest.mark.parametrize(
    ("made", "kind"), [("2026-01-01T00:00:05Z", "waiting"), ("2025-12-31T23:59:59Z", "bad")]
)
def test_a_refusal_counts_until_a_pod_is_made_though_no_later_event_tells_of_that(made, kind):
    labels = {"controller-revision-hash": "new"}
    new = pod("db-1", owned_by="s", ready=False, labels=labels)
    new["metadata"]["creationTimestamp"] = made
    refused = event(
        "s", "FailedCreate", 'pods "db-1" is forbidden: maximum memory usage', at="2026-01-01T00:00:04Z"
    )
    item = stateful_set(readyReplicas=1)
    watch, items = Watch(applied_goal("shop", [item])), [item, new, refused]
    watch(items)
    assert watch(items, 11).kind == kind


def of_set(name: str, revision: str, ready: bool, ends: bool = False) -> dict:
    made = pod(name, "s", ready=ready, labels={"controller-revision-hash": revision})
    return made | {
        "metadata": made["metadata"] | ({"deletionTimestamp": "2026-01-01T00:00:00Z"} if ends else {})
    }


STUCK = {
    "an old pod that is broken": (
        [of_set("db-0", "old", True), of_set("db-1", "old", False)],
        "1 of 2 pods ready: db-1 is of an older revision and not ready, and replaced only when it is",
    ),
    "an old pod on a node that is away": (
        [of_set("db-0", "old", True), of_set("db-1", "old", False, ends=True)],
        "1 of 2 pods ready: db-1, which is to end, has not",
    ),
}


@pytest.mark.parametrize(("pods", "words"), STUCK.values(), ids=STUCK)
def test_the_pod_that_a_stateful_set_waits_for_is_named(pods, words):
    item = stateful_set(readyReplicas=1)
    watch = Watch(applied_goal("shop", [item]))
    judged = watch([item, *pods], overdue=True)
    assert (judged.reason, judged.findings[0].text) == ("deadline", words)


def test_an_old_pod_of_a_daemon_set_that_does_not_end_is_named():
    labels, metadata = {"controller-revision-hash": "new"}, {"name": "log", "uid": "d", "generation": 1}
    status = {"observedGeneration": 1, "desiredNumberScheduled": 1, "updatedNumberScheduled": 0}
    item = {"kind": "DaemonSet", "metadata": metadata, "spec": {"template": TEMPLATE}, "status": status}
    newest = {"kind": "ControllerRevision", "revision": 2}
    newest["metadata"] = {"name": "log-2", "labels": labels, "ownerReferences": [owner("d")]}
    old = pod("log-x", "d", labels={"controller-revision-hash": "old"})
    old["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    judged = Watch(applied_goal("shop", [item]))([item, newest, old], overdue=True)
    assert judged.findings[0].text == "0 of 1 new pods made: log-x, which is to end, has not"


EXTERNAL = {
    "apiVersion": "external-secrets.io/v1",
    "kind": "ExternalSecret",
    "metadata": {"name": "web"},
    "spec": {"secretStoreRef": {"name": "vault"}, "target": {"name": "web-auth"}},
}
SECRET = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "web-auth"}}
NETWORK = {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "web-auth"}}
PROMISES = {
    # what else is delivered, what the kubelet misses: whether it may still come
    "an operator makes it": (EXTERNAL, 'secret "web-auth" not found', True),
    "it was applied after the pod's Deployment": (SECRET, 'secret "web-auth" not found', True),
    "a key of it": (SECRET, "couldn't find key url in Secret shop/web-auth", False),
    "another one": (EXTERNAL, 'secret "other" not found', False),
    "nobody makes it": (NETWORK, 'secret "web-auth" not found', False),
}


@pytest.mark.parametrize("shown_by", ["its state", "an event"])
@pytest.mark.parametrize(("item", "words", "may_come"), PROMISES.values(), ids=PROMISES)
def test_what_the_delivery_itself_brings_or_has_made_is_waited_for(item, words, may_come, shown_by):
    watch = Watch(applied_goal("shop", [deployment(), item]))
    items = broken(pod(ready=False, state=waiting("CreateContainerConfigError", words)))
    if shown_by == "an event":
        said = event("uid-web-new-1", "FailedMount", f'MountVolume.SetUp failed for volume "a" : {words}')
        items = broken(pod(ready=False, state=waiting("ContainerCreating")), said)
    watch(items)
    assert watch(items, 59).kind == ("waiting" if may_come else "bad")
    assert watch(items, 1).reason == "config-missing"
