"""What a registry, or what stands before it, can do to its client: be refused in a sentence, and no more."""

import io
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from aks_flow.core.command import Secret
from aks_flow.core.image_ref import ImageRef
from aks_flow.target import registry_http, registry_token
from aks_flow.target.registry import RegistryClient
from aks_flow.target.registry_blobs import Blob, store
from aks_flow.target.registry_http import RegistryError
from aks_flow.target.registry_session import Credentials

PASSWORD = "hunter2"
LOGIN = Credentials("ann", Secret(PASSWORD))
DIGEST = "sha256:" + "a" * 64


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def handle_any(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.answer(self)

    do_GET = do_HEAD = do_PUT = do_POST = handle_any


def reply(asked, status: int, body: bytes = b"", **headers: str) -> None:
    asked.send_response(status)
    for name, value in {"Content_Length": str(len(body)), **headers}.items():
        asked.send_header(name.replace("_", "-"), value)
    asked.end_headers()
    if asked.command != "HEAD":
        asked.wfile.write(body)


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.host = f"127.0.0.1:{server.server_port}"
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def image(server) -> ImageRef:
    return ImageRef(server.host, "team/front", "1.0.0", DIGEST)


REFUSED_REALMS = [
    ("registry.example.com", "http://registry.example.com/token", "without TLS"),
    ("registry.example.com", "http://127.0.0.1/token", "without TLS"),
    ("registry.example.com", "ftp://registry.example.com/token", "without TLS"),
    ("registry.example.com", "https://evil.example/token", "another host, evil.example"),
    ("registry.example.com", "https://example.com.evil.example/token", "another host"),
    ("registry.example.com", "https://registry.example.com@evil.example/token", "another host"),
    ("example.co.uk", "https://evil.co.uk/token", "another host"),
    ("acme.azurecr.io", "https://evil.azurecr.io/token", "another host"),
    ("localhost:5000", "https://evil.example/token", "another host"),
    ("localhost:5000", "http://evil.example/token", "without TLS"),
    ("10.0.0.1:5000", "https://10.0.0.2/token", "another host"),
]


@pytest.mark.parametrize(("registry", "realm", "words"), REFUSED_REALMS)
def test_the_password_goes_to_no_host_of_others_and_nowhere_in_clear(registry, realm, words):
    challenge = registry_token.parse(f'Bearer realm="{realm}",service="r"')
    with pytest.raises(RegistryError, match=words) as caught:
        registry_token.check(challenge, registry, with_password=True)
    assert caught.value.next_step


@pytest.mark.parametrize(
    ("registry", "realm"),
    [
        ("registry-1.docker.io", "https://auth.docker.io/token"),
        ("ghcr.io", "https://ghcr.io/token"),
        ("acme.azurecr.io", "https://acme.azurecr.io/oauth2/token"),
        ("registry.gitlab.com", "https://gitlab.com/jwt/auth"),
        ("registry.example.com:5000", "https://gitlab.example.com/jwt/auth"),
        ("localhost:6551", "http://localhost:6551/oauth2/token"),
    ],
)
def test_the_password_goes_to_the_registry_s_own_realm(registry, realm):
    registry_token.check(registry_token.parse(f'Bearer realm="{realm}"'), registry, with_password=True)


def test_without_a_password_any_realm_with_tls_is_asked():
    challenge = registry_token.parse('Bearer realm="https://tokens.example/token"')
    registry_token.check(challenge, "quay.example", with_password=False)


@pytest.mark.parametrize(
    "header", ["", "Bearer", 'Bearer realm="http://["', 'Bearer realm="https://h:port/"']
)
def test_a_challenge_that_cannot_be_read_is_a_refusal(server, header):
    server.answer = lambda asked: reply(asked, 401, WWW_Authenticate=header)
    with pytest.raises(RegistryError, match="answered 401"):
        RegistryClient(server.host, LOGIN).tags(image(server))


@pytest.mark.parametrize("token", ['"a\\nX-Evil: 1"', '"\\u0000"', '"caf\\u00e9"', '["a"]', '"a b"', "7"])
def test_a_token_that_no_header_can_carry_is_never_printed(server, token):
    def answer(asked):
        if asked.path.startswith("/token"):
            return reply(asked, 200, f'{{"token": {token}}}'.encode())
        return reply(asked, 401, WWW_Authenticate=f'Bearer realm="http://{server.host}/token"')

    server.answer = answer
    with pytest.raises(RegistryError, match="no request can carry") as caught:
        RegistryClient(server.host, LOGIN).tags(image(server))
    assert "Evil" not in str(caught.value) and PASSWORD not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "headers", "words"),
    [
        (404, {}, "answered 404"),
        (302, {"Location": "https://elsewhere.example/"}, "sends on"),
        (201, {"Docker_Content_Digest": DIGEST}, "stored something else"),
        (201, {"Docker_Content_Digest": "md5:0"}, "stored something else"),
    ],
)
def test_a_manifest_counts_as_stored_only_if_the_registry_says_so(server, status, headers, words):
    server.answer = lambda asked: reply(asked, status, **headers)
    manifest = registry_http.RegistryAnswer(200, {"Content-Type": "application/json"}, b"{}")
    with pytest.raises(RegistryError, match=words):
        RegistryClient(server.host).put_manifest(image(server), "1.0.0", manifest)


@pytest.mark.parametrize(
    ("status", "headers"),
    [(200, {}), (302, {"Location": "/"}), (201, {"Docker_Content_Digest": DIGEST[:-1] + "b"})],
)
def test_a_blob_counts_as_stored_only_if_the_registry_says_so(server, status, headers):
    def answer(asked):
        if asked.command == "POST":
            return reply(asked, 202, Location=f"http://{server.host}/v2/team/front/blobs/uploads/1")
        return reply(asked, status, **headers)

    server.answer = answer
    with pytest.raises(RegistryError, match=f"answered {status}"):
        store(RegistryClient(server.host), image(server), Blob(DIGEST, 0), io.BytesIO())


@pytest.mark.parametrize("path", [f"manifests/{DIGEST}", f"blobs/{DIGEST}"])
def test_what_a_digest_names_is_believed_only_with_that_digest(server, path):
    server.answer = lambda asked: reply(asked, 200, b'{"config": {"Labels": {}}}')
    with pytest.raises(RegistryError, match="other bytes than sha256:aaa"):
        RegistryClient(server.host).document(image(server), path)


def following(number: int) -> dict[str, str]:
    return {"Link": f'</v2/team/front/tags/list?last={number}>; rel="next"'}


@pytest.mark.parametrize("changes", [True, False], ids=["ever another page", "the same page again"])
def test_a_list_of_tags_has_an_end(server, monkeypatch, changes):
    monkeypatch.setattr("aks_flow.target.registry._MOST_PAGES", 20)
    pages = iter(range(1_000_000))
    server.answer = lambda asked: reply(
        asked, 200, b'{"tags": []}', **following(next(pages) if changes else 1)
    )
    with pytest.raises(RegistryError, match="without an end"):
        RegistryClient(server.host).tags(image(server))


@pytest.mark.parametrize("tags", ["7", '"latest"', "[1]", "{}"])
def test_tags_that_are_none_are_a_sentence(server, tags):
    server.answer = lambda asked: reply(asked, 200, f'{{"tags": {tags}}}'.encode())
    if tags == "{}":
        assert RegistryClient(server.host).tags(image(server)) == []
    else:
        with pytest.raises(RegistryError, match="tags that are none"):
            RegistryClient(server.host).tags(image(server))


def test_a_body_that_would_fill_the_memory_is_not_read_on(server, monkeypatch):
    monkeypatch.setattr(registry_http, "LARGEST", 1 << 20)

    def answer(asked):
        reply(asked, 200, Content_Length=str(1 << 40))
        while True:
            asked.wfile.write(bytes(1 << 16))

    server.answer = answer
    server.handle_error = lambda *words: None
    with pytest.raises(RegistryError, match="more than 1 MiB"):
        RegistryClient(server.host).tags(image(server))


@pytest.mark.parametrize("dripping", ["head", "body"])
def test_an_answer_that_drips_is_given_up(server, monkeypatch, dripping):
    monkeypatch.setattr(registry_http, "WHOLE", 0.3)
    ended = threading.Event()

    def answer(asked):
        if dripping == "body":
            reply(asked, 200, Content_Length="1000000")
        while not ended.wait(0.02):
            asked.wfile.write(b"x" if dripping == "body" else b"HTTP/1.1 200 OK\r\n"[:1])

    server.answer = answer
    server.handle_error = lambda *words: None
    begun = time.monotonic()
    try:
        with pytest.raises(RegistryError, match="takes more than 0 s"):
            RegistryClient(server.host).tags(image(server))
    finally:
        ended.set()
    assert time.monotonic() - begun < 20


def test_a_body_that_ends_too_soon_is_no_answer(server):
    def answer(asked):
        reply(asked, 200, b'{"tags": ["1"]}', Content_Length="100")
        asked.close_connection = True

    server.answer = answer
    with pytest.raises(RegistryError, match="does not answer"):
        RegistryClient(server.host).tags(image(server))
