"""The way that a scenario's requests take to the app, whatever kind of Service it has."""

import json
import os
import re
import sys
from dataclasses import replace

import pytest

from aks_flow.core.config.contract import Contract
from aks_flow.core.errors import AksFlowError
from aks_flow.core.steps import Silent, Steps
from aks_flow.rehearsal.scenarios.push_and_pull import entrance
from aks_flow.rehearsal.scenarios.push_and_pull.entrance import Entrance
from aks_flow.rehearsal.standins.process.processes import Process
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import get
from tests.unit.planned import Planned

THROUGH_API = "/api/v1/namespaces/vote-dev/services/http:web:http/proxy"
SERVING = """
import http.server, pathlib, time

class Cluster(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep({late})
        pathlib.Path(__file__).with_name("asked").write_text(self.path)
        self.send_error({status})

server = http.server.HTTPServer(("127.0.0.1", 0), Cluster)
print(f"Starting to serve on 127.0.0.1:{{server.server_port}}", flush=True)
server.serve_forever()
"""
PORTS = [{"port": 80, "nodePort": 30080}]


def service(ingress: list[dict]) -> str:
    status = {"loadBalancer": {"ingress": ingress}}
    about = {"kind": "Service", "metadata": {"name": "web"}}
    return json.dumps({**about, "spec": {"ports": PORTS}, "status": status})


def context_of(config, answer: str, contract: Contract) -> DeliveryContext:
    config = replace(config, contract=contract)
    context = DeliveryContext(Planned({}), None, config, Steps(Silent()))
    context.run.answers[str(get.find(context.cluster("dev"), "service", "web"))] = answer
    return context


@pytest.fixture
def proxying(monkeypatch, tmp_path):
    """A kubectl that says what it is told to, and stays."""

    def install(program: str) -> None:
        file = tmp_path / "bin" / "kubectl"
        file.parent.mkdir()
        file.with_suffix(".py").write_text(program)
        # By a shell: the interpreter's path may hold a space, which the first line of a script may not.
        file.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{file}.py"\n')
        file.chmod(0o755)
        monkeypatch.setenv("PATH", str(file.parent), prepend=os.pathsep)

    return install


@pytest.mark.parametrize(
    ("ingress", "address"),
    [
        ([{"ip": "127.0.0.1"}], "http://127.0.0.1"),
        ([{"ip": "127.0.0.1", "ports": [{"port": 80, "error": "PortInUse"}]}], "http://127.0.0.1:30080"),
    ],
)
def test_an_address_on_this_machine_is_asked_itself(config, ingress, address):
    context = context_of(config, service(ingress), Contract("web", "http"))
    with entrance.opened(context, "dev", direct=True) as way:
        assert way == Entrance(address, address)


@pytest.mark.parametrize("ingress", [[], [{"ip": "10.3.2.1"}], [{"hostname": "lb.example.com"}]])
def test_any_other_service_is_asked_through_the_cluster_s_api(config, proxying, ingress):
    """Of a ClusterIP, or where the load balancer's address need not be reachable from here."""
    proxying(SERVING.format(late=0, status=200))
    context = context_of(config, service(ingress), Contract("web", "http"))
    with entrance.opened(context, "dev", direct=True) as way:
        assert re.fullmatch(f"http://127.0.0.1:[0-9]+{THROUGH_API}", way.url)
        assert way == Entrance(way.url)
        process = Process(entrance.API_PROXY, config.state)
        assert process.pid()
    assert not process.pid()


def test_a_proxy_that_a_killed_run_left_is_replaced(config, proxying):
    proxying(SERVING.format(late=0, status=200))
    context = context_of(config, service([]), Contract("web", "http"))
    process = Process(entrance.API_PROXY, config.state)
    with entrance.opened(context, "dev", direct=True), entrance.opened(context, "dev", direct=True) as way:
        assert way.url.endswith(THROUGH_API)
    assert not process.pid()


@pytest.mark.parametrize(("late", "status"), [(0.6, 200), (0.3, 503)])
def test_the_way_is_open_once_something_was_answered_there(config, proxying, tmp_path, late, status):
    """kubectl proxy listens before it has its credentials; requests that come meanwhile would all be late."""
    proxying(SERVING.format(late=late, status=status))
    context = context_of(config, service([]), Contract("web", "http"))
    with entrance.opened(context, "dev", direct=True):
        assert (tmp_path / "bin" / "asked").read_text() == f"{THROUGH_API}/"


def test_a_proxy_that_does_not_start_is_said_with_its_last_words(config, proxying):
    proxying("import sys; sys.exit('error: context gone does not exist')")
    context = context_of(config, service([]), Contract("web", "http"))
    said = "(?s)kubectl-proxy ended at once:.*context gone does not exist"
    with pytest.raises(AksFlowError, match=said), entrance.opened(context, "dev", direct=True):
        pass


def test_a_project_whose_app_is_not_asked_has_no_way(config):
    with entrance.opened(context_of(config, "", Contract()), "dev", direct=True) as way:
        assert way is None
