"""kubectl's token: asked of az once, kept while it is good, and for this user's eyes only."""

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from aks_flow.azure.signin import kept_token, kubectl_token
from aks_flow.core.command import Command, Result
from aks_flow.rehearsal.standins.process.processes import SOURCES

ASKED = Command(("az", "account", "get-access-token"), reads=True)
AZ = """#!/bin/sh
echo asked >>"$ASKED"
sleep 1
[ -z "$REFUSED" ] || { echo "$REFUSED" >&2; exit 1; }
printf '{"token": "t%s", "expires": %s}' "$(wc -l <"$ASKED")" "$EXPIRES"
"""


class Entra:
    """Gives a new token each time, good for so many seconds."""

    def __init__(self, lasts: float = 3600):
        self.asked, self._lasts = 0, lasts

    def run(self, asked: Command) -> Result:
        self.asked += 1
        answer = {"token": f"t{self.asked}", "expires": time.time() + self._lasts}
        return Result(0, json.dumps(answer).encode(), b"")


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "tokens" / "server"


def token_of(credential: str) -> str:
    return json.loads(credential)["status"]["token"]


def test_a_token_is_asked_for_once_and_no_one_else_can_read_it(file):
    entra = Entra()
    tokens = [token_of(kubectl_token.token(entra, file, ASKED)) for _ in range(3)]
    assert (tokens, entra.asked) == (["t1"] * 3, 1)
    assert file.stat().st_mode & 0o077 == file.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("lasts", "asked"), [(kubectl_token.SPARE - 5, 2), (kubectl_token.SPARE + 60, 1)])
def test_a_token_that_ends_soon_is_not_given_again(file, lasts, asked):
    entra = Entra(lasts)
    for _ in range(2):
        kubectl_token.token(entra, file, ASKED)
    assert entra.asked == asked


@pytest.mark.parametrize("text", ["", "{", "{}", "soon\n{}", "9999999999", "9999999999\n", '{"token": "t"}'])
def test_what_is_no_kept_token_is_replaced(file, text):
    file.parent.mkdir()
    file.write_text(text)
    assert token_of(kubectl_token.token(Entra(), file, ASKED)) == "t1"


def test_a_kept_token_is_given_without_a_module_that_takes_time_to_read():
    """A delivery starts this some dozens of times."""
    imported = "import os, sys; before = {*sys.modules}; import kept_token; print(*{*sys.modules} - before)"
    folder = Path(kept_token.__file__).parent
    words = [sys.executable, "-S", "-c", imported]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["kept_token"]


class Az:
    """A program ``az`` that is as slow as the real one, and kubectl's call of this module."""

    def __init__(self, folder: Path):
        self.asked, self._folder = folder / "asked", folder
        program = folder / "az"
        program.write_text(AZ)
        program.chmod(0o755)

    def __call__(self, **variables: str) -> subprocess.CompletedProcess:
        variables = {"ASKED": str(self.asked), "EXPIRES": str(int(time.time()) + 3600)} | variables
        path = f"{self._folder}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "PYTHONPATH": str(SOURCES), "PATH": path, **variables}
        words = ("-S", kept_token.__file__, self._folder / "kept", *ASKED.argv)
        return subprocess.run([sys.executable, *words], env=environment, capture_output=True, text=True)


@pytest.fixture
def az(tmp_path) -> Az:
    return Az(tmp_path)


def test_calls_side_by_side_wait_for_one_token(az):
    with ThreadPoolExecutor(4) as pool:
        answers = [json.loads(done.stdout) for done in pool.map(lambda _: az(), range(4))]
    assert {answer["status"]["token"] for answer in answers} == {"t1"}
    assert az.asked.read_text() == "asked\n"


def test_the_answer_says_when_the_token_ends(az):
    answer = json.loads(az(EXPIRES="2000000000").stdout)
    assert answer == {
        **{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential"},
        "status": {"token": "t1", "expirationTimestamp": "2033-05-18T03:33:20Z"},
    }


def test_az_s_own_words_are_what_kubectl_hears_and_the_next_call_asks_again(az):
    refused = az(REFUSED="ERROR: AADSTS700024: not within its valid time range")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "AADSTS700024" in refused.stderr and "Traceback" not in refused.stderr
    assert json.loads(az().stdout)["status"]["token"] == "t2"
