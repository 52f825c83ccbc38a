"""A kubectl that is too far from the cluster's version is remarked upon, once, and holds nothing up."""

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from aks_flow.core.command import Command, Result
from aks_flow.core.runner import Local
from aks_flow.rollout import version_skew
from aks_flow.tools.kubectl import Kubectl

CLUSTER = Kubectl("config", "mine", "vote-dev")


def versions(client: str, server: str) -> bytes:
    document = {"clientVersion": {"gitVersion": client}, "serverVersion": {"gitVersion": server}}
    return json.dumps(document, indent=2).encode()


class Beside:
    """A runner beside whose block a program prints ``lines``."""

    def __init__(self, lines: list[bytes]):
        self.lines, self.ran = lines, []

    @contextmanager
    def follow(self, command: Command, hear):
        self.ran.append(str(command))
        for line in self.lines:
            hear(line)
        hear(Result(0, b"", b"WARNING: version difference"))
        yield


@pytest.mark.parametrize(
    ("client", "server"),
    [
        ("v1.37.1", "v1.37.9"),
        ("v1.37.1", "v1.36.2"),
        ("v1.37.1", "v1.38.0-rc.1"),
        ("v1.37.1", "v1.36.5-gke.1091"),
        ("v1.37.1", "1.36.0-eks-7f9249a"),
    ],
)
def test_what_kubernetes_supports_is_not_remarked_upon(client, server):
    assert version_skew.gap(versions(client, server)) == ""


@pytest.mark.parametrize("server", ["v1.35.12", "v1.39.0", "v1.29.4+k3s1", "v2.37.0"])
def test_a_gap_names_both_versions(server):
    assert version_skew.gap(versions("v1.37.1", server)) == (
        f"kubectl v1.37.1 and the cluster, {server}, are more than a minor version apart: docs/programs.md"
    )


UNKNOWN = [
    b"",
    versions("v1.37.1", "v1.29.0")[:40],
    b'{"clientVersion": {"gitVersion": "v1.37.1"}}',
    b'{"clientVersion": null, "serverVersion": null}',
    b"[]",
    versions("v1.37.1", "unknown"),
]


@pytest.mark.parametrize("output", UNKNOWN)
def test_no_answer_is_no_gap(output):
    assert version_skew.gap(output) == ""


def test_it_is_asked_beside_the_block_and_told_once():
    heard, run = [], Beside(versions("v1.37.1", "v1.29.0").splitlines(keepends=True))
    with version_skew.announced(run, CLUSTER, heard.append):
        assert heard == []
    assert len(heard) == 1 and "v1.29.0" in heard[0]
    assert run.ran == [
        "kubectl --context=mine --namespace=vote-dev version --output=json --request-timeout=5s"
    ]


def test_it_is_told_beside_a_failure_too_and_hides_none():
    heard, run = [], Beside([versions("v1.37.1", "v1.29.0")])
    with pytest.raises(ValueError, match="the rollout"), version_skew.announced(run, CLUSTER, heard.append):
        raise ValueError("the rollout")
    assert len(heard) == 1


def test_where_nothing_runs_beside_nothing_is_asked():
    class Inside:
        def run(self, command: Command) -> Result:
            raise AssertionError(command)

    with version_skew.announced(Inside(), CLUSTER, pytest.fail):
        pass


class OldCluster(BaseHTTPRequestHandler):
    """An API server as far as `kubectl version` asks."""

    def do_GET(self):
        body = json.dumps({"major": "1", "minor": "29", "gitVersion": "v1.29.4"}).encode()
        self.send_response(200 if self.path.startswith("/version") else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def old_cluster(tmp_path: Path) -> Iterator[Kubectl]:
    with ThreadingHTTPServer(("127.0.0.1", 0), OldCluster) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        config = {
            "clusters": [{"name": "old", "cluster": {"server": f"http://127.0.0.1:{server.server_port}"}}],
            "contexts": [{"name": "old", "context": {"cluster": "old", "user": ""}}],
        }
        file = tmp_path / "config"
        file.write_text(yaml.safe_dump({"apiVersion": "v1", "kind": "Config", "users": [], **config}))
        yield Kubectl(str(file), "old", "vote-dev")
        server.shutdown()


class Installed(Local):
    """The kubectl of this environment; ``ended`` is set when it has."""

    def __init__(self):
        self.ended = threading.Event()

    def follow(self, command: Command, hear):
        def also(output: bytes | Result) -> None:
            hear(output)
            self.ended.set() if isinstance(output, Result) else None

        kubectl = str(Path(sys.executable).with_name("kubectl"))
        return super().follow(replace(command, argv=(kubectl, *command.argv[1:])), also)


def test_the_real_kubectl_says_so(old_cluster):
    heard, run = [], Installed()
    with version_skew.announced(run, old_cluster, heard.append):
        assert run.ended.wait(10)
    [text] = heard
    assert "the cluster, v1.29.4, are more than a minor version apart" in text
