"""Images set where manifests mention them, without a list of pins."""

import pytest

from aks_flow.core.config.load import load
from aks_flow.core.image_ref import ImageRef
from aks_flow.manifests.pins import pin_mentions
from aks_flow.manifests.render_request import RenderRequest

PIN = "sha256:" + "1" * 64
COPY = "localhost:5050/redis:7-111111111111@sha256:" + "2" * 64
MANIFEST = """apiVersion: v1
kind: Pod
spec:
  containers: [{{name: front, image: front}}, {{name: redis, image: {mention}}}]
"""


@pytest.mark.parametrize(
    ("mention", "runs"),
    [("redis:7", COPY), (f"docker.io/library/redis:7@{PIN}", COPY), ("redis:6", "redis:6")],
)
def test_a_pinned_source_is_meant_with_its_pin_or_by_its_tag(settings, tmp_path, mention, runs):
    settings["images"]["redis"]["source"] = f"redis:7@{PIN}"
    config = load(settings, tmp_path)
    images = {"front": ImageRef.parse("localhost:5050/front:1.0.0"), "redis": ImageRef.parse(COPY)}
    request = RenderRequest(tmp_path, "", config, "dev", images)
    assert f"name: redis, image: {runs}}}" in pin_mentions(MANIFEST.format(mention=mention), request)
