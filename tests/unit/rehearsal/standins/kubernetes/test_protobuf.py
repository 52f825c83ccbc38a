"""The binary form: what kubectl sends is what kubectl prints, and malformed data is refused."""

import json
import shlex
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aks_flow.rehearsal.standins.kubernetes import defaults
from aks_flow.rehearsal.standins.kubernetes.api import protobuf
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds

KUBECTL = str(Path(sys.executable).with_name("kubectl"))
COMMANDS = json.loads((Path(__file__).parent / "data/protobuf_commands.json").read_text())
KINDS = kinds.builtin()
SECRET = bytes.fromhex(
    "6b3873000a0c0a02763112065365637265741236"
    "0a1e0a0a72656469732d6175746812001a0473686f7022002a00320038004200"
    "12120a0870617373776f7264120673336372657 41a001a002200".replace(" ", "")
)


@pytest.fixture(scope="module")
def server():
    """A server that refuses every POST, and the bodies it was sent."""
    bodies: list[bytes] = []

    class Refusing(BaseHTTPRequestHandler):
        def do_POST(self):
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(403)
            self.end_headers()

        def log_message(self, *_):
            pass

    refusing = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=refusing.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{refusing.server_port}", bodies
    refusing.shutdown()
    refusing.server_close()


def kubectl(server, *arguments: str) -> str:
    command = [KUBECTL, "--kubeconfig=/dev/null", f"--server={server[0]}", "--namespace=default", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=30).stdout


def sent(server, *arguments: str) -> dict:
    """The object that a command sends."""
    server[1].clear()
    kubectl(server, *arguments)
    assert len(server[1]) == 1, "the command sent one object"
    return protobuf.decode(server[1][0])


def completed(item: dict) -> dict:
    """With its defaults, and without the empty parts that only the text form shows."""
    defaults.apply(KINDS.by_kind(item["apiVersion"], item["kind"]), item)
    return {name: part for name, part in item.items() if part != {} and name != "status"}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command.split()[1:4]))
def test_what_kubectl_sends_is_what_it_prints(server, command):
    arguments = shlex.split(command)
    printed = json.loads(kubectl(server, "--dry-run=client", "--output=json", *arguments))
    received = completed(sent(server, *arguments))
    if KINDS.by_kind(printed["apiVersion"], printed["kind"]).namespaced:
        printed["metadata"].setdefault("namespace", "default")
    assert received == completed(printed)


def test_an_access_review_is_understood(server):
    review = sent(server, "auth", "can-i", "delete", "pods", "--subresource=log", "--all-namespaces")
    assert review["kind"] == "SelfSubjectAccessReview"
    assert review["spec"]["resourceAttributes"]["verb"] == "delete"


def test_a_request_for_a_token_is_understood(server):
    request = sent(server, "create", "token", "robot", "--duration=600s", "--audience=a")
    assert request["kind"] == "TokenRequest"
    assert request["spec"] == {"audiences": ["a"], "expirationSeconds": 600}


def test_a_recorded_secret_is_understood():
    assert protobuf.decode(SECRET) == {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "redis-auth", "namespace": "shop"},
        "data": {"password": "czNjcmV0"},
    }


def envelope(api_version: bytes, kind: bytes, raw: bytes) -> bytes:
    def text(number: int, value: bytes) -> bytes:
        return bytes((number << 3 | 2, len(value))) + value

    return b"k8s\x00" + text(1, text(1, api_version) + text(2, kind)) + text(2, raw)


def test_options_of_any_group_are_understood():
    body = envelope(b"policy/v1", b"DeleteOptions", bytes((1 << 3, 5)))
    assert protobuf.decode(body)["gracePeriodSeconds"] == 5


def test_times_and_negative_numbers_are_understood():
    # Event: 7 lastTimestamp {1: 1700000000}, 8 count -1, 10 eventTime {1: …, 2: 5000 ns}.
    seconds = b"\x08\x80\xe2\xcf\xaa\x06"
    count = b"\x40" + b"\xff" * 9 + b"\x01"
    raw = b"\x3a\x06" + seconds + count + b"\x52\x09" + seconds + b"\x10\x88\x27"
    event = protobuf.decode(envelope(b"v1", b"Event", raw))
    assert event["lastTimestamp"] == "2023-11-14T22:13:20Z"
    assert event["count"] == -1
    assert event["eventTime"] == "2023-11-14T22:13:20.000005Z"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'{"kind": "Secret"}',
        b"k8s\x00",
        SECRET[:40],
        envelope(b"v1", b"Nonsense", b""),
        envelope(b"v1", b"Secret", b"\x0a\xff"),
        envelope(b"v1", b"Secret", b"\x08\x01"),
        envelope(b"v1", b"ConfigMap", b"\x12\x05\x0a\x03\xff\xff\xff"),
    ],
)
def test_malformed_data_is_a_bad_request(body):
    with pytest.raises(StatusError) as refusal:
        protobuf.decode(body)
    assert refusal.value.code == 400


@given(st.binary(max_size=60), st.integers(0, len(SECRET)))
def test_no_data_at_all_breaks_the_decoder(noise, cut):
    for body in (b"k8s\x00" + noise, SECRET[:cut] + noise, envelope(b"apps/v1", b"Deployment", noise)):
        try:
            protobuf.decode(body)
        except StatusError as refusal:
            assert refusal.code == 400
