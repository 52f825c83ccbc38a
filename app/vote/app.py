"""Puts the parts together."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import redis
from flask import Flask
from markupsafe import Markup

from vote import errors, health, logs, pages, security
from vote.config import Config
from vote.csrf import Csrf
from vote.metrics import Metrics
from vote.release import Release
from vote.store import Votes, connect

FORM_LIMIT = 4096  # bytes


@dataclass(frozen=True)
class Apps:
    """public: what visitors see. internal: what the cluster and its people ask, on a port of its own."""

    public: Flask
    internal: Flask


def create_apps(environ: Mapping[str, str] = os.environ, client: redis.Redis | None = None) -> Apps:
    """The two WSGI apps; raises ConfigError. ``client`` replaces the connection that REDIS_URL names."""
    config, release = Config.from_environ(environ), Release.from_environ(environ)
    votes = Votes(client if client is not None else connect(config), config.options)
    metrics = Metrics(release)
    public = _public(config, votes, release, metrics)
    internal = Flask(__name__, static_folder=None)
    logs.install(internal)
    internal.register_blueprint(health.blueprint(votes, release))
    internal.register_blueprint(metrics.blueprint())
    return Apps(public, internal)


def _public(config: Config, votes: Votes, release: Release, metrics: Metrics) -> Flask:
    # Style sheet and script are part of the page: during a rolling update another replica, of another
    # version, could answer a second request.
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = FORM_LIMIT
    templates = Path(app.root_path, "templates")
    style, script = ((templates / name).read_text(encoding="utf-8") for name in ("style.css", "newer.js"))
    app.jinja_env.globals.update(
        title=config.title, release=release, style=Markup(style), script=Markup(script)
    )

    headers = security.headers(security.content_security_policy(style, script), config.hsts_seconds)
    app.after_request(partial(security.add_headers, headers=headers))
    logs.install(app)
    metrics.install(app)
    errors.install(app)
    app.register_blueprint(health.blueprint(votes, release))
    app.register_blueprint(pages.blueprint(config, votes, Csrf(config.signing_key, config.https), metrics))
    return app
