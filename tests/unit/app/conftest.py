"""The app under test, with a Redis that lives in the process and can be taken away."""

import sys
from pathlib import Path

import fakeredis
import pytest

APP = Path(__file__).parents[3] / "app"
sys.path.insert(0, str(APP))

ENVIRON = {
    "TITLE": "Tea or coffee?",
    "OPTIONS": "Tea,Coffee",
    "REDIS_PASSWORD": "correct horse",
    "APP_IMAGE": "localhost:5050/front:1.2.0@sha256:" + "a" * 64,
    "APP_COMMIT": "8dba6ddc0ffee",
    "POD_NAME": "front-abc",
}


@pytest.fixture
def redis_server():
    return fakeredis.FakeServer()


@pytest.fixture
def make_apps(redis_server):
    """create_apps with the test's environment changed by keyword; all apps share one Redis."""
    from vote.app import create_apps

    def make(**environ):
        client = fakeredis.FakeRedis(server=redis_server, decode_responses=True, encoding_errors="replace")
        return create_apps({**ENVIRON, **environ}, client=client)

    return make


@pytest.fixture
def apps(make_apps):
    return make_apps()


@pytest.fixture
def app(apps):
    """What visitors see."""
    return apps.public


@pytest.fixture
def make_app(make_apps):
    return lambda **environ: make_apps(**environ).public


@pytest.fixture
def browser(apps):
    """A visitor who keeps cookies."""
    return apps.public.test_client()


@pytest.fixture
def cluster(apps):
    """What asks on the internal port."""
    return apps.internal.test_client()
