"""What docs/azure.md tells people to type can be typed, and names every task there is."""

import re
import shlex

import tasks
from aks_flow.azure.identity import access
from aks_flow.cli.workflows import refusal
from tests import markdown
from tests.unit.azure.conftest import ROOT

TEXT = (ROOT / "docs" / "azure.md").read_text()
REHEARSAL = (ROOT / "docs" / "azure-rehearsal.md").read_text()


def calls() -> list[list[str]]:
    lines = (line.strip() for line in TEXT.splitlines() if line.startswith("    ./inv "))
    return [shlex.split(part, comments=True)[1:] for line in lines for part in line.split("&&")]


def test_every_call_is_one_that_invoke_takes():
    why = refusal(tasks.namespace)
    assert len(calls()) > 10
    assert {" ".join(words): why(words) for words in calls() if why(words)} == {}


def test_every_task_of_azure_is_explained():
    known = set(tasks.namespace.collections["azure"].task_names)
    assert known - set(re.findall(r"azure\.([a-z-]+)", TEXT)) == set()


def test_every_identity_of_the_sample_s_is_drawn(config):
    lacking = [name for name in access.identities(config).values() if f"► identity {name} " not in TEXT]
    assert lacking == []


def test_every_fault_that_the_rehearsal_shows_is_put_back_in_a_test_that_there_is():
    files = "\n".join(file.read_text() for file in (ROOT / "tests").rglob("test_*.py"))
    known = set(re.findall(r"^def (test_\w+)", files, re.MULTILINE))
    rows = markdown.rows(REHEARSAL, "| put back |")
    named = {fault: markdown.code(tests) for fault, _, tests in rows}
    assert len(named) > 12 and all(named.values())
    assert {name for names in named.values() for name in names} - known == set()
