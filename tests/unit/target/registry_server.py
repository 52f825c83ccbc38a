"""A registry in memory that is as strict as the specification lets one be.

It takes no manifest that names what it lacks, and no content of another digest; it wants a token for each
repository and each right if it is told to; it can keep its blobs at another address.
https://github.com/opencontainers/distribution-spec/blob/main/spec.md
"""

import hashlib
import json
import threading
import urllib.parse
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

INDEX = "application/vnd.oci.image.index.v1+json"
IMAGE = "application/vnd.oci.image.manifest.v1+json"


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


@dataclass
class Repository:
    blobs: dict[str, bytes] = field(default_factory=dict)
    manifests: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)


@dataclass
class StrictRegistry:
    """tokens: whether each repository and right needs a token of its own. elsewhere: see above.

    lost: digests that uploads pretend to have stored. asked: (method, path) of all requests.
    """

    tokens: bool = False
    elsewhere: bool = False
    mounts: bool = True
    lost: set[str] = field(default_factory=set)
    damaged: dict[str, bytes] = field(default_factory=dict)
    repositories: dict[str, Repository] = field(default_factory=lambda: defaultdict(Repository))
    asked: list[tuple[str, str]] = field(default_factory=list)
    host: str = ""

    def add_blob(self, repository: str, content: bytes) -> dict:
        digest = digest_of(content)
        self.repositories[repository].blobs[digest] = content
        return {"mediaType": "application/octet-stream", "digest": digest, "size": len(content)}

    def add_manifest(self, repository: str, content: dict, tag: str = "") -> dict:
        body = json.dumps(content).encode()
        place, digest = self.repositories[repository], digest_of(body)
        place.manifests[digest] = (content["mediaType"], body)
        if tag:
            place.tags[tag] = digest
        return {"mediaType": content["mediaType"], "digest": digest, "size": len(body)}

    def add_image(self, repository: str, name: str, tag: str = "", **more) -> dict:
        """An image of one layer that nothing else has; its descriptor."""
        layer, settings = (
            self.add_blob(repository, f"{name} {what}".encode() * 99) for what in ("layer", "config")
        )
        content = {"schemaVersion": 2, "mediaType": IMAGE, "config": settings, "layers": [layer]}
        return self.add_manifest(repository, {**content, **more}, tag)

    def add_index(self, repository: str, tag: str, *names: str) -> dict:
        images = [self.add_image(repository, name) for name in names]
        content = {"schemaVersion": 2, "mediaType": INDEX, "manifests": images}
        return self.add_manifest(repository, content, tag)

    @contextmanager
    def serving(self) -> Iterator["StrictRegistry"]:
        handler = type("Asked", (_Handler,), {"registry": self})
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            self.host = f"127.0.0.1:{server.server_port}"
            threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
            yield self
            server.shutdown()


class Replying(BaseHTTPRequestHandler):
    """A handler whose answers are one call."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def reply(self, status: int, body: bytes = b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class _Handler(Replying):
    registry: StrictRegistry

    def handle_any(self):
        url = urllib.parse.urlsplit(self.path)
        self.query = dict(urllib.parse.parse_qsl(url.query))
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.registry.asked.append((self.command, url.path))
        if url.path == "/token":
            return self.reply(200, json.dumps({"token": self.query["scope"]}).encode())
        if url.path.startswith("/elsewhere/"):
            assert "Authorization" not in self.headers, "credentials went to another address"
            return self.reply(200, self.stored(url.path.rpartition("/")[2]))
        name, kind, rest = self._parts(url.path)
        if self.registry.tokens and not self._may(name):
            return self.challenge(name)
        return getattr(self, f"{self.command}_{kind}".lower())(self.registry.repositories[name], name, rest)

    do_GET = do_HEAD = do_PUT = do_POST = handle_any

    @staticmethod
    def _parts(path: str) -> tuple[str, str, str]:
        for kind in ("blobs/uploads", "blobs", "manifests", "tags"):
            name, found, rest = path.removeprefix("/v2/").partition(f"/{kind}/")
            if found:
                return name, kind.replace("blobs/", ""), rest
        raise AssertionError(f"no path of the specification: {path}")

    def _may(self, name: str) -> bool:
        right = "pull" if self.command in ("GET", "HEAD") else "push"
        scope = self.headers.get("Authorization", "").removeprefix("Bearer ")
        kind, _, rights = scope.rpartition(":")
        return kind == f"repository:{name}" and right in rights.split(",")

    def challenge(self, name: str):
        rights = "pull" if self.command in ("GET", "HEAD") else "pull,push"
        realm, scope = f"http://{self.headers['Host']}/token", f"repository:{name}:{rights}"
        self.reply(401, WWW_Authenticate=f'Bearer realm="{realm}",service="r",scope="{scope}"')

    def refuse(self, status: int, code: str):
        self.reply(status, json.dumps({"errors": [{"code": code, "message": "no"}]}).encode())

    def stored(self, digest: str) -> bytes:
        blobs = (repository.blobs for repository in self.registry.repositories.values())
        content = next(blob[digest] for blob in blobs if digest in blob)
        return self.registry.damaged.get(digest, content)

    def get_blobs(self, repository, name, digest):
        if digest not in repository.blobs:
            return self.refuse(404, "BLOB_UNKNOWN")
        if self.registry.elsewhere and self.command == "GET":
            return self.reply(307, Location=f"http://{self.headers['Host']}/elsewhere/{digest}")
        return self.reply(200, self.stored(digest))

    head_blobs = get_blobs

    def get_tags(self, repository, name, _):
        if not repository.manifests:
            return self.refuse(404, "NAME_UNKNOWN")
        return self.reply(200, json.dumps({"name": name, "tags": sorted(repository.tags)}).encode())

    def post_uploads(self, repository, name, _):
        digest, origin = self.query.get("mount"), self.query.get("from")
        if digest and self.registry.mounts and digest in self.registry.repositories[origin].blobs:
            repository.blobs[digest] = self.registry.repositories[origin].blobs[digest]
            return self.reply(201, Location=f"/v2/{name}/blobs/{digest}")
        return self.reply(202, Location=f"/v2/{name}/blobs/uploads/1?_state=x")

    def put_uploads(self, repository, name, _):
        digest = self.query["digest"]
        if digest_of(self.body) != digest or "_state" not in self.query:
            return self.refuse(400, "DIGEST_INVALID")
        if digest not in self.registry.lost:
            repository.blobs[digest] = self.body
        return self.reply(201, Location=f"/v2/{name}/blobs/{digest}")

    def get_manifests(self, repository, name, reference):
        digest = repository.tags.get(reference, reference)
        if digest not in repository.manifests:
            return self.refuse(404, "MANIFEST_UNKNOWN")
        kind, body = repository.manifests[digest]
        body = self.registry.damaged.get(digest, body)
        return self.reply(200, body, Content_Type=kind, Docker_Content_Digest=digest)

    head_manifests = get_manifests

    def put_manifests(self, repository, name, reference):
        content, digest = json.loads(self.body), digest_of(self.body)
        wanted = [part["digest"] for part in content.get("manifests", [])]
        blobs = [content["config"], *content["layers"]] if "config" in content else []
        lacking = [part for part in wanted if part not in repository.manifests]
        lacking += [
            part["digest"]
            for part in blobs
            if part["digest"] not in repository.blobs.keys() | self.registry.lost and not part.get("urls")
        ]
        if lacking or (":" in reference and reference != digest):
            return self.refuse(400, "MANIFEST_BLOB_UNKNOWN")
        repository.manifests[digest] = (self.headers["Content-Type"], self.body)
        if ":" not in reference:
            repository.tags[reference] = digest
        return self.reply(201, Docker_Content_Digest=digest)
