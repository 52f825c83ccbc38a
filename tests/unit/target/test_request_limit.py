"""Which calls of kubectl get a limit for each of their requests, and which have one of their own."""

import pytest

from aks_flow.core.command import Result, command
from aks_flow.core.runner import Follower
from aks_flow.target.request_limit import Limited, limited
from aks_flow.tools.kubectl import (
    Kubectl,
    annotate,
    apply,
    auth,
    create,
    delete,
    diff,
    get,
    kustomize,
    logs,
    patch,
    proxy,
    raw,
    replace,
    rollout,
)

CLUSTER = Kubectl(context="rehearsal", namespace="vote-dev")
BOUNDED = {
    "an apply": apply.delivered_and_show(CLUSTER, ""),
    "a dry run": apply.dry_run(CLUSTER, ""),
    "a creation": create.manifest_and_show(CLUSTER, ""),
    "a patch": patch.merge(CLUSTER, "deployment", "web", {}),
    "an annotation": annotate.annotate(CLUSTER, "deployment", "web", "a=b"),
    "a deletion that waits for nothing": delete.by_name(CLUSTER, "pod", "web-1"),
    "a diff": diff.manifest(CLUSTER, ""),
    "a question": get.all_of(CLUSTER, "pods"),
    "a log's end": logs.tail(CLUSTER, "web-1", "web", 10, False),
}
WITH_THEIR_OWN = {
    "a renewal of the lock": replace.version(CLUSTER, ""),
    "a lock that is read": get.lease(CLUSTER, "aks-flow-delivery"),
    "a question for somebody who waits": auth.can_i_deploy(CLUSTER),
    "a rollout that is waited for": rollout.status(CLUSTER, ["deployment/web"], 60),
    "a condition that is waited for": rollout.wait(CLUSTER, "complete", "job", ["migrate"], 60),
    "a watch": raw.watch(CLUSTER, "pods", "v1", 60),
    "a request to the app": raw.service_get(CLUSTER, "front", "http", "/version?watch"),
    "a proxy": proxy.serve(CLUSTER, "front", "http"),
    "a deletion that is waited for": delete.manifest(CLUSTER, "", 60),
    "what asks no cluster": kustomize.render("."),
    "another program": command("docker", "version"),
}


@pytest.mark.parametrize("asked", BOUNDED.values(), ids=BOUNDED)
def test_a_request_ends_within_a_minute(asked):
    assert limited(asked).argv == (*asked.argv, "--request-timeout=60s")
    assert limited(limited(asked)) == limited(asked)


@pytest.mark.parametrize("asked", WITH_THEIR_OWN.values(), ids=WITH_THEIR_OWN)
def test_what_waits_or_has_a_limit_stays_as_it_is(asked):
    assert limited(asked) == asked


class Ran:
    def __init__(self):
        self.ran = []

    def run(self, command):
        self.ran.append(command)
        return Result(0, b"", b"")


class Followed(Ran):
    def follow(self, command, hear):
        self.ran.append(command)


def test_a_runner_with_the_limit_follows_if_the_one_below_does():
    inner = Followed()
    Limited(inner).follow(WITH_THEIR_OWN["a watch"], print)
    Limited(inner).run(BOUNDED["an apply"])
    assert inner.ran == [WITH_THEIR_OWN["a watch"], limited(BOUNDED["an apply"])]
    assert not isinstance(Limited(Ran()), Follower)
