"""What a kustomization names, of all fields that may hold other kustomizations."""

import pytest

from aks_flow.manifests.layout import LEADING, named

NAMED = {
    "../../base": ["k8s/base"],
    "front.yaml": ["k8s/overlays/dev/front.yaml"],
    "https://example.com/base?ref=v1": [],
    "apiVersion: builtin\nkind: PatchTransformer": [],
    "../../../../elsewhere": [],
    8: [],
}


@pytest.mark.parametrize("field", LEADING)
@pytest.mark.parametrize("entry", NAMED)
def test_an_entry_is_a_path_of_the_repository(field, entry):
    assert list(named({field: [entry]}, "k8s/overlays/dev")) == NAMED[entry]


@pytest.mark.parametrize("data", [None, "text", {}, {"resources": None}, {"resources": "base"}])
def test_what_is_no_kustomization_names_nothing(data):
    assert list(named(data, "k8s")) == []
