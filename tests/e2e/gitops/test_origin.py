"""Whose manifests go with an image: HEAD's, a tag's, or those that its labels name."""

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.gitops.branch.branch import open_branch
from aks_flow.gitops.folder.source_commit import source_commit_of
from aks_flow.image import names
from aks_flow.target.registry import RegistryClient
from aks_flow.target.registry_http import RegistryError
from tests.e2e.gitops.world import git
from tests.unit.gitops.objects import digest

OTHER = "0.9.0-alpha.9"


def commit_of(world, version):
    image = ImageRef("localhost:5050", "front", version, digest(f"front:{version}"))
    return source_commit_of(world.context, open_branch(world.run, world.config), image)


def test_head_is_the_source_of_its_own_version(world):
    head = world.commit("Second")
    world.shelf.revision = "0" * 40
    assert commit_of(world, "0.1.0-alpha.2") == head


def test_head_is_it_too_while_the_work_tree_is_dirty(world):
    (world.clone / "scratch").write_text("mine")
    assert commit_of(world, "0.1.0-alpha.1") == git(world.clone, "rev-parse", "HEAD")


def test_a_released_version_is_its_tag_s_commit(world):
    released = git(world.clone, "rev-parse", "HEAD")
    git(world.clone, "tag", "v1.0.0")
    world.commit("Later")
    assert commit_of(world, "1.0.0") == released


def test_else_the_image_s_labels_name_it(world):
    world.shelf.revision = git(world.clone, "rev-parse", "HEAD")
    world.commit("Later")
    assert commit_of(world, OTHER) == world.shelf.revision


def test_labels_that_speak_of_another_version_prove_nothing(world, monkeypatch):
    head = git(world.clone, "rev-parse", "HEAD")
    labels = {names.VERSION: "0.8.0", names.REVISION: head}
    document = {"config": {"digest": "sha256:1", "Labels": labels}}
    monkeypatch.setattr(type(world.shelf), "document", lambda *words: document)
    with pytest.raises(AksFlowError, match=f"no commit here is version {OTHER}.*check out the commit"):
        commit_of(world, OTHER)


@pytest.mark.parametrize("revision", ["", "0" * 40, "--upload-pack=touch stolen", "HEAD"])
def test_a_revision_that_is_no_commit_is_asked_of_nobody(world, revision):
    world.shelf.revision = revision
    with pytest.raises(AksFlowError, match="no commit here is version"):
        commit_of(world, OTHER)
    assert not (world.clone / "stolen").exists()


def stored(document: dict) -> tuple[str, bytes]:
    """The digest and the bytes of a document in a registry."""
    body = json.dumps(document).encode()
    return f"sha256:{hashlib.sha256(body).hexdigest()}", body


LABELS = {names.VERSION: OTHER, names.REVISION: "a" * 40}
CONFIGURATION, CONFIGURATION_BODY = stored({"config": {"Labels": LABELS}})
MANIFEST, MANIFEST_BODY = stored({"config": {"digest": CONFIGURATION}})
INDEX, INDEX_BODY = stored({"manifests": [{"digest": MANIFEST}]})


class Handler(BaseHTTPRequestHandler):
    """A registry whose blobs lie elsewhere, as ACR's do, and whose image is an index."""

    def log_message(self, *words):
        pass

    def do_GET(self):
        path, port = self.path, self.server.server_port
        if path == f"/v2/front/blobs/{CONFIGURATION}":
            self.send_response(307)
            self.send_header("Location", f"http://127.0.0.1:{port}/store/3?sig=a%2Fb")
            self.end_headers()
            return
        answers = {
            f"/v2/front/manifests/{INDEX}": INDEX_BODY,
            f"/v2/front/manifests/{MANIFEST}": MANIFEST_BODY,
            "/store/3?sig=a%2Fb": CONFIGURATION_BODY,
        }
        self.send_response(200 if path in answers else 404)
        self.end_headers()
        self.wfile.write(answers.get(path, b"{}"))


def test_labels_are_found_through_an_index_and_a_redirect():
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        host = f"127.0.0.1:{server.server_port}"
        image = ImageRef(host, "front", OTHER, INDEX)
        assert names.labels(RegistryClient(host), image)[names.REVISION] == "a" * 40
        with pytest.raises(RegistryError, match="answered 404"):
            RegistryClient(host).document(image, "blobs/sha256:9")
        server.shutdown()
