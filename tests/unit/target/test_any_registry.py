"""Whatever a registry answers is a value, or ends in a sentence, in bounded time and memory."""

import hashlib
import io
import json
import time
import tracemalloc
from functools import partial
from itertools import chain, repeat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aks_flow.core.command import Secret
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.image import names
from aks_flow.target import image_copy, registry_blobs, registry_session
from aks_flow.target.image_copy import HeldImage
from aks_flow.target.registry import RegistryClient
from aks_flow.target.registry_blobs import Blob
from aks_flow.target.registry_http import RegistryAnswer
from aks_flow.target.registry_session import Credentials
from tests.conftest import FIGURE
from tests.unit.target.raw_registry import Connection, answer

HOST = "registry.example.com"
EMPTY = f"sha256:{hashlib.sha256(b'').hexdigest()}"
IMAGE = ImageRef(HOST, "team/front", "1.0.0", EMPTY)
BLOB = Blob(EMPTY, 0)
EXAMPLES = 150
WITHIN = 10  # seconds of CPU
MOST = 300_000_000  # bytes at a time


def read_blob(client: RegistryClient) -> None:
    with registry_blobs.opened(client, IMAGE, BLOB) as content:
        content.read(1)


MANIFEST = RegistryAnswer(200, {"Content-Type": "application/json"}, b"{}")
CALLS = {
    "digest": lambda client: client.digest(IMAGE),
    "tags": lambda client: client.tags(IMAGE),
    "tag": lambda client: client.tag(IMAGE, "2.0.0"),
    "document": lambda client: client.document(IMAGE, f"blobs/{EMPTY}"),
    "put_manifest": lambda client: client.put_manifest(IMAGE, "2.0.0", MANIFEST),
    "mount": lambda client: registry_blobs.mount(client, IMAGE, BLOB, "team/other"),
    "opened": read_blob,
    "labels": lambda client: names.labels(client, IMAGE),
    "store": lambda client: registry_blobs.store(client, IMAGE, BLOB, io.BytesIO()),
    "copy": lambda client: image_copy.copy(HeldImage(client, IMAGE), client, IMAGE.with_tag("2.0.0-rc.1")),
}


@pytest.fixture
def client(monkeypatch):
    """Gives a client of a registry that answers as a function says, at once."""
    monkeypatch.setattr(registry_session, "PAUSES", ())

    def talking(say) -> RegistryClient:
        for module in (registry_session, registry_blobs):
            monkeypatch.setattr(module, "connect", lambda host, *_: Connection(host, say))
        return RegistryClient(HOST, Credentials("ann", Secret("hunter2")))

    return talking


def call(name: str, client: RegistryClient) -> None:
    try:
        CALLS[name](client)
    except AksFlowError as error:
        assert error.next_step and len(str(error)) < 3000 and "hunter2" not in str(error)


WORDS = (
    *(
        b"",
        b"0",
        b"-1",
        b"7",
        b"1" * 5000,
        b"chunked",
        EMPTY.encode(),
        b"md5:0",
        b"sha256:x",
        b"a\xe9\xff",
        b"a b",
    ),
    *(b"http://[", b"http://h:port/", b"//", b"/v2/team/front/blobs/uploads/1", b"https://evil.example/"),
    *(b'Bearer realm="https://registry.example.com/t\xe9"', b'Bearer realm="http://["', b"Basic", b"Bearer"),
    *(b'</v2/team/front/tags/list?last=\xe9 x>; rel="next"', b'</tags/list?a>; rel="next"'),
)
NAMES = (
    *(b"Content-Length", b"Transfer-Encoding", b"Content-Type", b"Docker-Content-Digest", b"Location"),
    *(b"WWW-Authenticate", b"Link", b"Retry-After"),
)
STATUSES = [f"{code} x".encode() for code in (100, 200, 201, 202, 204, 302, 307, 400, 401, 404, 429, 500)]
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(EMPTY)
KEYS = (
    "tags",
    "errors",
    "code",
    "message",
    "token",
    "manifests",
    "layers",
    "config",
    "digest",
    "size",
    "urls",
)
DOCUMENTS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=8,
)
BODIES = st.binary(max_size=40) | DOCUMENTS.map(lambda data: json.dumps(data).encode()) | st.just(b"")
HEADERS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(WORDS)), max_size=4)
ANSWERS = st.builds(answer, st.sampled_from(STATUSES), HEADERS, BODIES) | st.binary(max_size=60)


@pytest.mark.parametrize("name", CALLS)
@settings(max_examples=EXAMPLES)
@given(answers=st.lists(ANSWERS, min_size=1, max_size=5))
def test_any_answer_is_a_value_or_a_sentence(name, answers):
    told = chain(answers, repeat(answers[-1]))
    with pytest.MonkeyPatch.context() as patch:
        call(name, client.__wrapped__(patch)(lambda _: next(told)))


def shelf(documents: dict[str, bytes]):
    """A registry that holds these by digest, and has any blob."""

    def say(asked: str) -> bytes:
        method, path, *_ = asked.split(" ")
        digest = path.rpartition("/")[2]
        body = documents.get(digest, b"")
        headers = [(b"Docker-Content-Digest", digest.encode()), (b"Content-Type", b"application/json")]
        sent = b"" if method == "HEAD" else body
        return answer(b"200 OK", [*headers, (b"Content-Length", str(len(body)).encode())], sent)

    return say


def digest_of(body: bytes) -> str:
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def copied(client, *bodies: bytes) -> str:
    """What is said of the copy of the last of these manifests."""
    documents = {digest_of(body): body for body in bodies}
    held = HeldImage(client(shelf(documents)), IMAGE.with_tag("", digest_of(bodies[-1])))
    with pytest.raises(AksFlowError) as caught:
        image_copy.copy(held, held.registry, IMAGE.with_tag("2.0.0-rc.1"))
    return str(caught.value)


def nested(levels: int) -> list[bytes]:
    bodies = [b'{"layers": []}']
    for _ in range(levels):
        bodies.append(json.dumps({"manifests": [{"digest": digest_of(bodies[-1])}]}).encode())
    return bodies


@pytest.mark.parametrize("levels", [1_500, 20_000])
def test_an_index_in_an_index_in_an_index_has_an_end(client, levels):
    assert "more than 1000 manifests" in copied(client, *nested(levels))


def test_an_index_that_names_one_manifest_a_million_times_is_not_copied(client):
    child = b'{"layers": []}'
    entry = f'{{"digest": "{digest_of(child)}"}},'
    index = f'{{"manifests": [{(entry * 100_000)[:-1]}]}}'.encode()
    assert "more than 1000 manifests" in copied(client, child, index)


STRANGE_PARTS = [
    {"digest": "sha256:x", "size": 1},
    {"digest": "../../x", "size": 1},
    {"digest": "shake_128:00", "size": 1},
    {"digest": "new:0", "size": 1},
    {"digest": EMPTY, "size": -1},
    {"digest": EMPTY, "size": 10**400},
    {"digest": EMPTY, "size": float("inf")},
    {"digest": EMPTY},
    7,
]


@pytest.mark.parametrize("part", STRANGE_PARTS, ids=str)
def test_a_layer_that_is_none_is_a_sentence(client, part):
    manifest = json.dumps({"layers": [part]}).encode()
    assert "manifest that cannot be read" in copied(client, manifest)


LARGE = {
    "nested lists": b"[" * 100_000,
    "nested objects": b'{"a":' * 50_000,
    "tags": b'{"tags": [' + b'"1",' * 500_000 + b'"1"]}',
    "errors": b'{"errors": [' + b'{"code": "x"},' * 100_000 + b'{"code": "x"}]}',
    "a number": b"1" * 1_000_000,
    "blobs": b'{"layers": [' + b"{}," * 200_000 + b"{}]}",
}


def saying(told: bytes, _: str) -> bytes:
    return told


def test_a_large_answer_takes_a_bounded_time_and_memory(client, record_property):
    slowest = 0.0
    tracemalloc.start()
    for name in CALLS:
        for body in LARGE.values():
            for status in (b"200 OK", b"403 x"):
                headers = [
                    (b"Content-Length", str(len(body)).encode()),
                    (b"Docker-Content-Digest", EMPTY.encode()),
                ]
                began = time.process_time()
                call(name, client(partial(saying, answer(status, headers, body))))
                slowest = max(slowest, time.process_time() - began)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    figure = f"registry: {len(CALLS)} questions, {EXAMPLES} answers each; the slowest large one took"
    record_property(FIGURE, f"{figure} {slowest:.1f} s of CPU and {peak / 1e6:.0f} MB")
    assert slowest < WITHIN and peak < MOST


def test_a_digest_without_end_is_not_said_whole(client):
    headers = [(b"Docker-Content-Digest", b"1" * 5_000), (b"Content-Length", b"0")]
    talking = client(lambda asked: answer(b"201 Created", headers, b""))
    with pytest.raises(AksFlowError, match="stored something else") as caught:
        talking.put_manifest(IMAGE, "2.0.0", MANIFEST)
    assert len(str(caught.value)) < 1_000
