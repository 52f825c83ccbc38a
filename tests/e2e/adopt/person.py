"""Somebody who types the page's commands, beside the shop in a repository that knows nothing of aks-flow."""

import json
import os
import shlex
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from aks_flow.core import wait
from tests.e2e.adopt import page
from tests.e2e.adopt.page import Line
from tests.e2e.kubectl import Answer
from tests.ports import free_ports

SHOP = page.ROOT / "examples" / "shop"
PORT = "6552"  # of all Ingresses, as the page has it
_NAME = {f"GIT_{role}_NAME": "person" for role in ("AUTHOR", "COMMITTER")}
_MAIL = {f"GIT_{role}_EMAIL": "person@localhost" for role in ("AUTHOR", "COMMITTER")}
_OF_THIS_TEST = ("PYTHONPATH", "VIRTUAL_ENV", "AKSFLOW_VENV", "AKSFLOW_PASSED")


@dataclass
class Person:
    """folder: where the next line is typed. sources: what is cloned, by the folder that it goes into.

    seconds: how long each line took.
    """

    folder: Path
    sources: dict[str, Path]
    settings: dict[str, str]
    seconds: dict[str, float] = field(default_factory=dict)

    def plays(self, title: str, block: int = 0) -> list[Answer]:
        """Type a block of a section."""
        return [self.types(line) for line in page.sections()[title][block]]

    def types(self, line: Line) -> Answer:
        """It must end as the page says."""
        began = time.monotonic()
        answer = self.runs(self._with_places(line.text))
        self.seconds[line.text] = time.monotonic() - began
        assert answer.exit == line.exit, f"{line.text}\n{answer.stdout}{answer.stderr}"
        return answer

    def runs(self, text: str) -> Answer:
        """A line of shell; a change of folder lasts."""
        if text.startswith("cd "):
            self.folder = self.folder / text.removeprefix("cd ")
            return Answer(0, "", "")
        process = subprocess.run(
            ["sh", "-c", text], cwd=self.folder, env=self._environment(), capture_output=True, text=True
        )
        return Answer(process.returncode, process.stdout, process.stderr)

    def document(self, text: str) -> list | dict:
        answer = self.runs(f"{text} --json")
        assert answer.exit == 0, answer.stdout + answer.stderr
        return json.loads(answer.stdout)

    def run_of_a_push(self) -> dict:
        """The newest run of the workflows, once it has ended."""

        def ended() -> dict | None:
            run = self.document("./inv rehearsal.runs")[-1]
            return run if run["state"] not in ("queued", "running") else None

        return wait.until(ended, "the end of the run", seconds=180, pause=1)

    def page_served(self) -> str:
        return self.runs(self._with_places(page.sections()["Deliver by push"][1][0].text)).stdout

    def _with_places(self, text: str) -> str:
        """With an address to clone from, and the port that is free here."""
        source = shlex.quote(str(self.sources.get(text.split()[-1], "")))
        return text.replace("…", source).replace(PORT, self.settings["INVOKE_REHEARSAL_INGRESS_PORT"])

    def _environment(self) -> dict[str, str]:
        own = {name: text for name, text in os.environ.items() if name not in _OF_THIS_TEST}
        return own | _NAME | _MAIL | self.settings


def team_repository(folder: Path) -> Path:
    """The shop as a team has it: committed on main, and nothing else."""
    shutil.copytree(SHOP, folder, ignore=shutil.ignore_patterns("__pycache__"))
    git = ("git", "-C", folder)
    for words in (
        ("init", "--quiet", "--initial-branch=main"),
        ("add", "--all"),
        ("commit", "--quiet", "-mShop"),
    ):
        subprocess.run([*git, *words], check=True, env={**os.environ, **_NAME, **_MAIL})
    return folder


def free_settings() -> dict[str, str]:
    """Ports that no other rehearsal has."""
    api, azure, ingress, registry = map(str, free_ports(4))
    return {
        "INVOKE_REHEARSAL_API_PORT": api,
        "INVOKE_REHEARSAL_AZURE_PORT": azure,
        "INVOKE_REHEARSAL_INGRESS_PORT": ingress,
        "INVOKE_TARGETS_REHEARSAL_REGISTRY": f"localhost:{registry}",
    }
