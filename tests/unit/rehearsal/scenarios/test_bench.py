"""The figures' own cluster stands beside the rehearsal's, and a figure knows its bar."""

import pytest

from aks_flow.rehearsal.scenarios.bench import cluster, edits
from aks_flow.rehearsal.scenarios.bench.figure import Figure
from tests.e2e.standin import configuration


def test_a_cluster_beside_the_rehearsal_s_has_its_own_place_and_port_and_the_same_images(tmp_path):
    config = configuration(tmp_path / "rehearsal")
    own = cluster.beside(config, tmp_path / "own", 1234)
    assert (own.rehearsal.api_port, own.state.parent) == (1234, tmp_path / "own")
    assert own.images == config.images and own.rehearsal.azure_port == config.rehearsal.azure_port


@pytest.mark.parametrize(("bar", "met"), [(2, True), (1.9, False), (None, True)])
def test_a_bar_is_met_by_the_median(bar, met):
    assert Figure("f", "s", bar, [1, 2, 9]).met is met


def test_the_manifest_that_is_edited_has_the_image(config):
    changed = edits.set_web(edits.MANIFEST, "here")
    assert str(edits.IMAGE) in changed and changed.count("\n") == edits.MANIFEST.count("\n")
