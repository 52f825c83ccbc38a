"""Probes, the version and the metrics."""

import pytest
from vote import lifecycle

from tests.unit.app.ballots import press


@pytest.fixture
def draining():
    lifecycle.draining.set()
    yield
    lifecycle.draining.clear()


def test_alive_and_ready_while_redis_answers(browser):
    assert browser.get("/healthz").status_code == 200
    assert browser.get("/readyz").status_code == 200


def test_without_redis_alive_but_not_ready(browser, redis_server):
    redis_server.connected = False
    assert browser.get("/healthz").status_code == 200
    assert (browser.get("/readyz").status_code, browser.get("/readyz").json) == (
        503,
        {"status": "redis unavailable"},
    )
    redis_server.connected = True
    assert browser.get("/readyz").status_code == 200


def test_draining_is_alive_and_serving_but_not_ready(browser, draining):
    assert browser.get("/healthz").status_code == 200
    assert browser.get("/").status_code == 200
    assert browser.get("/readyz").json == {"status": "draining"}
    assert browser.get("/readyz").status_code == 503


def test_the_version_is_the_pins_and_needs_no_redis(browser, redis_server):
    redis_server.connected = False
    assert browser.get("/version").json == {
        "version": "1.2.0",
        "commit": "8dba6ddc0ffee",
        "pod": "front-abc",
        "image": "localhost:5050/front:1.2.0@sha256:" + "a" * 64,
    }


def test_metrics_are_not_for_visitors(browser):
    assert browser.get("/metrics").status_code == 404


def test_the_cluster_is_answered_on_its_own_port(cluster, redis_server):
    assert [cluster.get(path).status_code for path in ("/healthz", "/readyz", "/version")] == [200] * 3
    redis_server.connected = False
    assert [cluster.get(path).status_code for path in ("/healthz", "/readyz", "/version")] == [200, 503, 200]


def test_metrics_count_votes_and_requests(browser, cluster):
    press(browser, "Tea")
    press(browser, "Tea")
    press(browser, "Cocoa")
    metrics = cluster.get("/metrics").text.splitlines()
    assert 'votes_total{option="Tea"} 2.0' in metrics
    assert 'http_requests_total{method="POST",route="/",status="303"} 2.0' in metrics
    assert 'http_requests_total{method="POST",route="/",status="400"} 1.0' in metrics
    assert 'http_request_duration_seconds_count{route="/"} 6.0' in metrics
    assert 'app_info{commit="8dba6ddc0ffee",version="1.2.0"} 1.0' in metrics


def test_paths_and_methods_a_visitor_makes_up_are_no_labels(browser, cluster):
    browser.get("/one")
    browser.get("/two")
    browser.open("/", method="BREW")
    metrics = cluster.get("/metrics").text.splitlines()
    assert 'http_requests_total{method="GET",route="(none)",status="404"} 2.0' in metrics
    assert 'http_requests_total{method="(other)",route="(none)",status="405"} 1.0' in metrics
