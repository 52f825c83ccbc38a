"""A delivery's kubectl proxy: what is asked of it, and when kubectl itself runs."""

import json
import socketserver
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import SimpleNamespace

import pytest

from aks_flow.core import silence, wait
from aks_flow.core.command import Command, Result
from aks_flow.core.config.load import load
from aks_flow.core.steps import Silent, Steps
from aks_flow.target import api_proxy
from aks_flow.target.api_proxy import Proxied, through_proxy
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import Kubectl, annotate, get, raw, replace

SHOP = Kubectl(kubeconfig="/kube/config", context="prod", namespace="shop")
LEASE = {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": "lock"}}
SERVES = b"Starting to serve on /run/api\n"
READ, WRITE = get.lease(SHOP, "lock"), replace.version(SHOP, json.dumps(LEASE))
WATCH = raw.watch(SHOP, "pods", "v1", 9)
BY_KUBECTL = Result(0, b"kubectl's", b"")


@dataclass
class KubectlAlone:
    """A runner that notes what it is given."""

    ran: list[Command] = field(default_factory=list)

    def run(self, command: Command) -> Result:
        self.ran.append(command)
        return BY_KUBECTL

    @contextmanager
    def follow(self, command: Command, hear) -> Iterator[None]:
        self.ran.append(command)
        yield


class Api(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """An API server on a Unix socket. answer: status and body of each request; None: it hangs up."""

    daemon_threads = True
    answer: tuple[int, object] | None = (200, LEASE)
    endless = False

    def __init__(self, path: Path):
        super().__init__(str(path), _Handler)
        self.asked: list[str] = []
        self.closed = threading.Event()

    def handle_error(self, *_) -> None:
        """A client that goes before it has asked is none."""


class _Handler(BaseHTTPRequestHandler):
    server: Api

    def _reply(self) -> None:
        self.server.asked.append(f"{self.command} {self.path}")
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.server.answer is None:
            return
        status, body = self.server.answer
        self.send_response(status)
        self.end_headers()
        self.wfile.write((body if isinstance(body, str) else json.dumps(body)).encode() + b"\n")
        if self.server.endless:
            self.wfile.flush()
            self.connection.recv(1)  # until the other side ends it
            self.server.closed.set()

    do_GET = do_PUT = do_PATCH = _reply

    def address_string(self) -> str:
        return ""

    def log_message(self, *_) -> None: ...


@pytest.fixture
def api(tmp_path) -> Iterator[Api]:
    with Api(tmp_path / "api") as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def kubectl() -> KubectlAlone:
    return KubectlAlone()


@pytest.fixture
def proxied(api, kubectl, tmp_path) -> Proxied:
    runner = Proxied(kubectl, SHOP, tmp_path / "api")
    runner.hear(SERVES)
    return runner


def test_the_proxy_is_asked_until_it_ends(api, kubectl, proxied):
    proxied.hear(b"W1130 a warning\n")
    assert json.loads(proxied.run(READ).text) == LEASE
    proxied.hear(Result(1, b"", b"error: it was killed\n"))
    assert proxied.run(READ) == BY_KUBECTL
    assert len(kubectl.ran) == 1 and len(api.asked) == 1


def test_a_command_waits_a_moment_for_the_proxy(api, kubectl, tmp_path):
    runner = Proxied(kubectl, SHOP, tmp_path / "api")
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(runner.run, READ)
        runner.hear(b"W1130 a warning\n")
        assert not asked.done() and kubectl.ran == []
        runner.hear(SERVES)
        assert json.loads(asked.result().text) == LEASE


def test_no_command_waits_for_a_proxy_that_cannot_start(kubectl, tmp_path):
    runner = Proxied(kubectl, SHOP, tmp_path / "api")
    runner.hear(Result(1, b"", b"error: unknown flag: --unix-socket\n"))
    assert runner.run(READ) == BY_KUBECTL


def test_a_proxy_that_says_nothing_is_waited_for_once_and_used_should_it_come_late(
    api, kubectl, tmp_path, monkeypatch
):
    runner = Proxied(kubectl, SHOP, tmp_path / "api")
    monkeypatch.setattr(api_proxy, "_STARTS", 0.05)
    assert runner.run(READ) == BY_KUBECTL
    monkeypatch.setattr(api_proxy, "_STARTS", threading.TIMEOUT_MAX)
    assert runner.run(READ) == BY_KUBECTL
    runner.hear(SERVES)
    assert json.loads(runner.run(READ).text) == LEASE


def test_what_it_does_not_know_does_not_wait(kubectl, tmp_path):
    assert Proxied(kubectl, SHOP, tmp_path / "api").run(SHOP.command("diff", "--filename=-")) == BY_KUBECTL


ELSEWHERE = {
    "another context": get.lease(Kubectl("/kube/config", "dev", "shop"), "lock"),
    "another kubeconfig": get.lease(Kubectl("/kube/other", "prod", "shop"), "lock"),
    "other credentials": READ.with_env(TOKEN="x"),
    "a namespace that is the kubeconfig's": get.lease(Kubectl("/kube/config", "prod"), "lock"),
    "the context that is current": get.lease(Kubectl("/kube/config", "", "shop"), "lock"),
    "another program": Command(("git", *READ.argv[1:])),
    "a command that it does not know": SHOP.command("diff", "--filename=-"),
}


@pytest.mark.parametrize("command", ELSEWHERE.values(), ids=ELSEWHERE)
def test_all_else_is_kubectl_s(api, kubectl, proxied, command):
    assert proxied.run(command) == BY_KUBECTL and kubectl.ran == [command] and api.asked == []


def test_other_namespaces_of_the_cluster_are_asked_of_it_too(api, kubectl, proxied):
    proxied.run(get.lease(Kubectl("/kube/config", "prod", "argocd"), "lock"))
    assert "/namespaces/argocd/" in api.asked[0] and kubectl.ran == []


@pytest.mark.parametrize("status", [301, 401, 403, 404, 409, 410, 422, 429])
@pytest.mark.parametrize("command", [WRITE, raw.date(SHOP)], ids=["write", "read"])
def test_a_refusal_is_told_in_kubectl_s_words(api, kubectl, proxied, command, status):
    api.answer = (status, {"kind": "Status"})
    assert proxied.run(command) == BY_KUBECTL and kubectl.ran == [command]


@pytest.mark.parametrize("answer", [None, (500, {}), (502, "EOF"), (503, {}), (504, {})])
def test_a_read_without_an_answer_is_asked_again_by_kubectl(api, kubectl, proxied, answer):
    api.answer = answer
    assert proxied.run(READ) == BY_KUBECTL and kubectl.ran == [READ]


EOF = "proxy error: unexpected EOF"
DIED = 'Patch "https://10.0.0.1/api/v1/…": read tcp 10.0.0.2:5->10.0.0.1:443: read: connection reset by peer'


@pytest.mark.parametrize("answer", [None, (500, EOF), (502, EOF), (502, DIED)])
@pytest.mark.parametrize("write", [WRITE, annotate.annotate(SHOP, "secret", "auth", "a=b")])
def test_a_write_without_an_answer_is_told_as_lost_and_not_made_twice(api, kubectl, proxied, answer, write):
    api.answer = answer
    assert silence.is_lost(proxied.run(write)) and kubectl.ran == [] and len(api.asked) == 1


WEBHOOK = "failed calling webhook: dial tcp 10.0.0.3:443: connect: connection refused"
TOLD = {
    "an error of the server's": (500, {"kind": "Status", "reason": "InternalError"}),
    "a webhook that the server cannot reach": (500, {"kind": "Status", "message": WEBHOOK}),
    "a server that is busy": (503, {"kind": "Status", "reason": "ServiceUnavailable"}),
    "a sign-in that failed before anything was sent": (500, "getting credentials: exec: exit status 1"),
}


@pytest.mark.parametrize("answer", TOLD.values(), ids=TOLD)
def test_a_write_that_was_answered_or_never_sent_is_kubectl_s_to_tell(api, kubectl, proxied, answer):
    api.answer = answer
    assert proxied.run(WRITE) == BY_KUBECTL and kubectl.ran == [WRITE]


@pytest.mark.parametrize("body", ["404: Not Found", {"error": "no such cluster"}, "", "[]", "3"])
def test_a_404_that_is_not_the_api_s_says_nothing_of_an_object(api, kubectl, proxied, body):
    api.answer = (404, body)
    assert proxied.run(READ) == BY_KUBECTL and kubectl.ran == [READ]


def test_requests_go_to_the_path_that_the_api_server_is_at(proxied):
    assert "--append-server-path" in proxied.serve.argv


def test_what_is_not_there_is_no_refusal(api, kubectl, proxied):
    api.answer = (404, {"kind": "Status"})
    assert proxied.run(READ) == Result(0, b"", b"") and kubectl.ran == []


def test_a_proxy_that_is_gone_is_not_missed(api, kubectl, proxied, tmp_path):
    (tmp_path / "api").unlink()
    assert proxied.run(READ) == proxied.run(WRITE) == BY_KUBECTL
    with proxied.follow(WATCH, lambda said: None):
        assert kubectl.ran == [READ, WRITE, WATCH]


@pytest.mark.parametrize("path", ["/café", "/a b", "/a\n"])
def test_an_address_that_only_kubectl_can_write_is_kubectl_s(api, kubectl, proxied, path):
    assert proxied.run(raw.service_get(SHOP, "web", "http", path)) == BY_KUBECTL and api.asked == []


@pytest.mark.parametrize("text", ["<html>sign in</html>", "[1]", '{"items": 3}', "[" * 100_000])
def test_an_answer_that_is_no_object_is_left_to_kubectl(api, kubectl, proxied, text):
    api.answer = (200, text)
    listed = get.all_of(SHOP, "pods")
    assert proxied.run(READ) == proxied.run(listed) == BY_KUBECTL and kubectl.ran == [READ, listed]


def test_a_watch_hands_on_line_by_line_and_ends_with_its_block(api, kubectl, proxied):
    api.endless, heard = True, []
    with proxied.follow(WATCH, heard.append):
        wait.until(lambda: heard, "a line", 30, pause=0.01)
        assert not api.closed.is_set()
    assert api.closed.wait(30) and json.loads(heard[0]) == LEASE and kubectl.ran == []


def test_a_watch_that_the_server_ends_has_ended_well(api, proxied):
    heard: list = []
    with proxied.follow(WATCH, heard.append):
        wait.until(lambda: len(heard) == 2, "the end", 30, pause=0.01)
    assert heard[1] == Result(0, b"", b"")


@pytest.mark.parametrize("answer", [None, (403, {}), (503, {})])
def test_a_watch_that_is_refused_is_kubectl_s(api, kubectl, proxied, answer):
    api.answer = answer
    with proxied.follow(WATCH, lambda said: None):
        assert kubectl.ran == [WATCH]


def delivery(settings, tmp_path, run, via: str = "") -> DeliveryContext:
    target = settings["targets"]["cluster"] | {"via": via, "registry": "registry.example.com"}
    chosen = settings | {"target": "cluster", "targets": settings["targets"] | {"cluster": target}}
    return DeliveryContext(run, None, load(chosen, tmp_path), Steps(Silent()))


def test_the_socket_is_in_a_folder_of_this_user_alone(settings, kubectl, tmp_path):
    with through_proxy(delivery(settings, tmp_path, kubectl), "dev") as context:
        (serve,) = kubectl.ran
        folder = Path(serve.argv[-2].removeprefix("--unix-socket=")).parent
        assert folder.stat().st_mode & 0o077 == 0 and isinstance(context.run, Proxied)
    assert not folder.exists()


def test_there_is_no_proxy_where_kubectl_runs_elsewhere(settings, kubectl, tmp_path):
    context = delivery(settings, tmp_path, kubectl, via="me@jump")
    with through_proxy(context, "dev") as same:
        assert same is context and kubectl.ran == []


def test_there_is_no_proxy_for_a_runner_that_cannot_keep_one_running(settings, tmp_path):
    context = delivery(settings, tmp_path, SimpleNamespace(run=None))
    with through_proxy(context, "dev") as same:
        assert same is context
