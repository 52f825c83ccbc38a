"""The registry client against a small HTTP server that speaks the distribution API."""

import base64
import hashlib
import json
import threading
from http.server import ThreadingHTTPServer

import pytest

from aks_flow.core.command import Secret
from aks_flow.core.image_ref import ImageRef
from aks_flow.target.registry import RegistryClient
from aks_flow.target.registry_http import RegistryError, is_loopback
from aks_flow.target.registry_session import Credentials
from tests.unit.target.registry_server import Replying

DIGEST = "sha256:" + hashlib.sha256(b"manifest").hexdigest()
KIND = "application/vnd.oci.image.manifest.v1+json"


class Handler(Replying):
    def handle_one(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        server = self.server
        server.asked.append((self.command, self.path))
        if self.path.startswith("/token"):
            if server.no_token:
                return self.reply(server.no_token.pop(0))
            return self.reply(200, json.dumps({"token": "t0ken"}).encode())
        if server.busy:
            status, asked = server.busy.pop(0)
            return self.reply(status, **({"Retry_After": asked} if asked else {}))
        if server.status >= 500:
            return self.reply(server.status, b'{"errors":[{"code":"UNKNOWN","message":"disk full"}]}')
        if server.challenge and self.headers.get("Authorization") != server.expects:
            return self.reply(401, WWW_Authenticate=server.challenge)
        return self.manifests(body) if "/manifests/" in self.path else self.tags()

    def manifests(self, body):
        name = self.path.rpartition("/")[2]
        if self.command == "PUT":
            self.server.tags[name] = body
            return self.reply(201, Docker_Content_Digest=DIGEST)
        if name not in self.server.tags and name != DIGEST:
            return self.reply(404, b"{}")
        return self.reply(200, b"manifest", Docker_Content_Digest=DIGEST, Content_Type=KIND)

    def tags(self):
        if "last=" in self.path:
            return self.reply(200, b'{"tags": ["2"]}')
        following = '</v2/team/front/tags/list?n=1&last=1>; rel="next"'
        return self.reply(200, b'{"tags": ["1"]}', Link=following)

    do_GET = do_HEAD = do_PUT = handle_one


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.asked, server.tags, server.status = [], {"1.0.0": b""}, 200
        server.challenge = server.expects = ""
        server.busy, server.no_token = [], []
        server.host = f"127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def image(server, tag="1.0.0", digest=""):
    return ImageRef(server.host, "team/front", tag, digest)


def test_a_tag_gives_its_digest_and_an_absent_one_nothing(server):
    registry = RegistryClient(server.host)
    assert registry.digest(image(server)) == DIGEST
    assert registry.digest(image(server, "9.9.9")) is None


def test_a_new_tag_carries_the_same_manifest(server):
    RegistryClient(server.host).tag(image(server, digest=DIGEST), "2.0.0")
    assert server.tags["2.0.0"] == b"manifest"


def test_tags_are_read_to_the_last_page(server):
    assert RegistryClient(server.host).tags(image(server)) == ["1", "2"]


def test_a_basic_challenge_is_met_with_the_stored_login(server):
    server.challenge = 'Basic realm="registry"'
    server.expects = "Basic " + base64.b64encode(b"ann:pass").decode()
    assert RegistryClient(server.host, Credentials("ann", Secret("pass"))).digest(image(server)) == DIGEST


def test_a_bearer_challenge_is_met_with_a_token_from_its_realm(server):
    server.challenge = (
        f'Bearer realm="http://{server.host}/token",service="r",scope="repository:team/front:pull"'
    )
    server.expects = "Bearer t0ken"
    assert RegistryClient(server.host).digest(image(server)) == DIGEST
    assert server.asked[1][1] == "/token?service=r&scope=repository%3Ateam%2Ffront%3Apull"


def test_401_without_a_login_names_docker_login(server):
    server.challenge = 'Basic realm="registry"'
    with pytest.raises(RegistryError, match=f"answered 401.*docker login {server.host}"):
        RegistryClient(server.host).digest(image(server))


BUSY = [
    pytest.param([(500, "")], id="two writers of a tag at once"),
    pytest.param([(429, "0"), (429, "")], id="a limit"),
    pytest.param(
        [(503, "1"), (502, "Sun, 29 Nov 2026 05:00:00 GMT"), (504, "")], id="a gateway on its way up"
    ),
]


@pytest.mark.parametrize("busy", BUSY)
def test_a_registry_that_is_busy_is_asked_again(server, monkeypatch, busy):
    monkeypatch.setattr("aks_flow.target.registry_session.PAUSES", (0.01, 0.01, 0.01))
    server.busy = list(busy)
    registry = RegistryClient(server.host)
    registry.tag(image(server, digest=DIGEST), "2.0.0")
    assert server.tags["2.0.0"] == b"manifest"
    server.busy = list(busy)
    assert registry.digest(image(server)) == DIGEST


def test_a_limit_on_tokens_is_waited_for_and_said(server, monkeypatch):
    """ACR's counts those that ask for tokens, too: Azure/azure-cli#24886."""
    monkeypatch.setattr("aks_flow.target.registry_session.PAUSES", (0.01, 0.01))
    server.challenge, server.expects = f'Bearer realm="http://{server.host}/token"', "Bearer t0ken"
    server.no_token = [429, 503]
    assert RegistryClient(server.host).digest(image(server)) == DIGEST
    server.no_token = [429] * 3
    with pytest.raises(RegistryError, match=r"gives no token \(429\).*Wait a minute"):
        RegistryClient(server.host).digest(image(server))


def test_500_keeps_the_registry_s_words(server, monkeypatch):
    monkeypatch.setattr("aks_flow.target.registry_session.PAUSES", (0.01,))
    server.status = 500
    with pytest.raises(RegistryError, match="answered 500: UNKNOWN: disk full"):
        RegistryClient(server.host).tags(image(server))


def test_no_answer_names_the_host_and_what_to_do(server):
    server.shutdown()
    server.server_close()
    with pytest.raises(RegistryError, match=f"{server.host}: the registry does not answer.*invoke.yaml"):
        RegistryClient(server.host).digest(image(server))


@pytest.mark.parametrize(
    ("host", "answer"),
    [
        ("localhost:5000", True),
        ("127.0.0.1", True),
        ("[::1]:5000", True),
        ("acme.azurecr.io", False),
        ("10.0.0.1:5000", False),
    ],
)
def test_plain_http_is_for_loopback_only(host, answer):
    assert is_loopback(host) is answer


@pytest.mark.parametrize(
    ("strange", "words"),
    [
        ({"status": 307, "Location": "https://mirror.example/v2/"}, "sends on to https://mirror.example"),
        ({"status": 200, "body": b"<html>"}, "something other than JSON"),
        ({"status": 200, "body": b"[1]"}, "no object"),
        ({"status": 401, "WWW_Authenticate": "Bearer service=x"}, "answered 401"),
        ({"status": 401, "WWW_Authenticate": 'Bearer realm="no address"'}, "answered 401"),
        ({"status": 401}, "answered 401"),
    ],
)
def test_an_answer_that_no_registry_gives_is_one_sentence(server, monkeypatch, strange, words):
    monkeypatch.setattr(Handler, "tags", lambda self: self.reply(**strange))
    with pytest.raises(RegistryError, match=words) as caught:
        RegistryClient(server.host).tags(image(server))
    assert caught.value.next_step


def test_an_image_without_its_digest_is_not_taken_for_a_missing_one(server, monkeypatch):
    monkeypatch.setattr(Handler, "manifests", lambda self, body: self.reply(200, b"manifest"))
    with pytest.raises(RegistryError, match="without its digest"):
        RegistryClient(server.host).digest(image(server))


@pytest.mark.parametrize("token", [b"<html>", b"[]", b""])
def test_a_token_that_is_no_json_is_one_sentence(server, monkeypatch, token):
    server.challenge, server.expects = f'Bearer realm="http://{server.host}/token"', "Bearer t0ken"
    whole = Handler.handle_one

    def answer(self):
        return self.reply(200, token) if self.path.startswith("/token") else whole(self)

    monkeypatch.setattr(Handler, "do_GET", answer)
    with pytest.raises(RegistryError, match="JSON"):
        RegistryClient(server.host).tags(image(server))
