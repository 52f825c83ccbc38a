"""The kinds that the rules know are those that a cluster has."""

import pytest

from aks_flow.manifests.checks import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import BUILTIN, CREATE_ONLY


@pytest.mark.parametrize(
    "kind", [kind for kind in BUILTIN if kind not in CREATE_ONLY], ids=lambda kind: kind.kind
)
def test_a_built_in_kind_has_the_scope_that_it_has_in_a_cluster(kind):
    known = kinds.is_namespaced(kind.api_version, kind.kind)
    assert known is kind.namespaced or (kind.namespaced and known is None)


def test_a_kind_is_one_of_its_group():
    assert kinds.is_of("v1", "Service") and not kinds.is_of("serving.knative.dev/v1", "Service")
    assert kinds.is_namespaced("cert-manager.io/v1", "ClusterIssuer") is None
