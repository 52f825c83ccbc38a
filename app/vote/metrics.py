"""Prometheus metrics of the pod's one process."""

import time

from flask import Blueprint, Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.process_collector import ProcessCollector

from vote.release import Release


class Metrics:
    def __init__(self, release: Release):
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.votes = Counter("votes", "Votes counted by this process.", ["option"], registry=self.registry)
        self._requests = Counter(
            "http_requests", "Requests answered.", ["method", "route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "http_request_duration_seconds", "Time to answer.", ["route"], registry=self.registry
        )
        info = Gauge("app_info", "What runs here; always 1.", ["version", "commit"], registry=self.registry)
        info.labels(release.version, release.commit).set(1)

    def observe(self, response: Response) -> Response:
        """Counts one response by the route's pattern: a path of a visitor's choice is no label."""
        route = request.url_rule.rule if request.url_rule else "(none)"
        method = request.method if request.method in {"GET", "HEAD", "POST", "OPTIONS"} else "(other)"
        self._requests.labels(method, route, response.status_code).inc()
        self._seconds.labels(route).observe(time.perf_counter() - g.started)
        return response

    def blueprint(self) -> Blueprint:
        pages = Blueprint("metrics", __name__)

        @pages.get("/metrics")
        def metrics():
            return Response(generate_latest(self.registry), content_type=CONTENT_TYPE_LATEST)

        return pages

    def install(self, app: Flask) -> None:
        app.after_request(self.observe)
