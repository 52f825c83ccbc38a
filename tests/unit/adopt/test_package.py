"""Which aks-flow a project gets: the one that runs, as it was installed; or one that is named."""

import json

import pytest

from aks_flow.adopt import package
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from tests.unit.adopt.repositories import TeamRepository

WHEEL = "aks_flow-0.1.0-py3-none-any.whl"


class Installed:
    """A distribution as importlib has it. origin: its direct_url.json, None if an index had it."""

    version = "1.2.3"

    def __init__(self, origin: dict | None):
        self.origin = origin

    def read_text(self, name: str) -> str | None:
        assert name == "direct_url.json"
        return json.dumps(self.origin) if self.origin else None


COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("origin", "requirement"),
    [
        (None, "aks-flow==1.2.3"),
        (
            {"url": "https://github.com/o/r", "vcs_info": {"vcs": "git", "commit_id": COMMIT}},
            f"aks-flow @ git+https://github.com/o/r@{COMMIT}",
        ),
        (
            {"url": f"https://host/{WHEEL}", "archive_info": {}},
            f"aks-flow @ https://host/{WHEEL}",
        ),
    ],
)
def test_it_is_the_one_that_was_installed(monkeypatch, tmp_path, origin, requirement):
    monkeypatch.setattr(package, "CHECKOUT", tmp_path)
    monkeypatch.setattr(package, "distribution", lambda name: Installed(origin))
    assert package.running(Local()).requirement == requirement


def test_an_installed_wheel_comes_along(monkeypatch, tmp_path):
    wheel = tmp_path / "a folder" / WHEEL
    wheel.parent.mkdir()
    wheel.write_bytes(b"a wheel")
    origin = {"url": wheel.as_uri(), "archive_info": {}}
    monkeypatch.setattr(package, "CHECKOUT", tmp_path)
    monkeypatch.setattr(package, "distribution", lambda name: Installed(origin))
    chosen = package.running(Local())
    assert chosen.wheel == wheel
    assert chosen.requirement.startswith(f"./.aks-flow/{WHEEL}  # sha256:")


@pytest.fixture
def checkout(tmp_path, monkeypatch) -> TeamRepository:
    """A clone of aks-flow that was not installed."""
    path = tmp_path / "a clone"
    path.mkdir()
    made = TeamRepository(path)
    made.git("init", "--quiet")
    made.commit()

    def missing(name: str):
        raise package.PackageNotFoundError(name)

    monkeypatch.setattr(package, "distribution", missing)
    monkeypatch.setattr(package, "CHECKOUT", path)
    return made


@pytest.mark.parametrize(
    ("origin", "address"),
    [
        ("https://github.com/o/r.git", "https://github.com/o/r.git"),
        ("https://user:token@example.com/o/r", "https://example.com/o/r"),
        ("git@github.com:o/r.git", "https://github.com/o/r.git"),
        ("ssh://git@github.com/o/r.git", "https://github.com/o/r.git"),
        ("git@example.com:o/r.git", "ssh://git@example.com/o/r.git"),
    ],
)
def test_a_clone_s_commit_is_named_where_others_have_it(checkout, origin, address):
    checkout.git("remote", "add", "origin", origin)
    checkout.git("update-ref", "refs/remotes/origin/main", "HEAD")
    commit = checkout.git("rev-parse", "HEAD").strip()
    chosen = package.running(Local())
    assert chosen.requirement == f"aks-flow @ git+{address}@{commit}" and not chosen.is_local


@pytest.mark.parametrize("origin", ["https://github.com/o/r.git", ""])
def test_a_commit_that_nobody_else_has_is_the_clone_s_own(checkout, origin):
    if origin:
        checkout.git("remote", "add", "origin", origin)
    chosen = package.running(Local())
    assert chosen.requirement.startswith("git+file:///") and "a%20clone@" in chosen.requirement
    assert chosen.is_local


def test_a_clone_in_which_a_wheel_was_built_is_asked_itself(checkout, monkeypatch):
    """`pip wheel` leaves aks_flow.egg-info beside the package, and says nowhere where that came from."""
    monkeypatch.setattr(package, "distribution", lambda name: Installed(None))
    assert package.running(Local()).requirement.startswith("git+file:///")


def test_without_a_clone_it_has_to_be_named(checkout, monkeypatch, tmp_path):
    monkeypatch.setattr(package, "CHECKOUT", tmp_path / "site-packages")
    with pytest.raises(AksFlowError, match="it is not known where .*--package"):
        package.running(Local())


@pytest.mark.parametrize(
    ("text", "requirement"),
    [
        ("aks-flow==1.0", "aks-flow==1.0"),
        ("aks_flow @ https://host/x.whl", "aks_flow @ https://host/x.whl"),
        ("git+https://host/r@main", "aks-flow @ git+https://host/r@main"),
        ("https://host/x.tar.gz", "aks-flow @ https://host/x.tar.gz"),
        ("git+file:///a/clone@main", "git+file:///a/clone@main"),  # pip before 24 takes no name before it
    ],
)
def test_a_person_can_name_it(text, requirement):
    assert package.named(text).requirement == requirement


@pytest.mark.parametrize(
    "text", ["x", "-r file", "aks-flow", "aks-flow==1 --pre", "a b.whl", "git+ext::sh x"]
)
def test_what_is_no_way_to_it_is_refused(text):
    with pytest.raises(AksFlowError):
        package.named(text)
