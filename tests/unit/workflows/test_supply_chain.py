"""What keeps the project's own sources up to date and reviewed: files that GitHub reads."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
UPDATES = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text())["updates"]
OWNED = [
    line.split()[0] for line in (ROOT / ".github" / "CODEOWNERS").read_text().splitlines() if line[:1] in "/*"
]
SAMPLES = ("app", "examples")  # whose images are built from here


def folders(update: dict) -> list[str]:
    return update.get("directories") or [update["directory"]]


@pytest.mark.parametrize("update", UPDATES, ids=lambda update: update["package-ecosystem"])
def test_new_versions_wait_a_week_and_come_to_develop(update):
    assert update["cooldown"] == {"default-days": 7} and update["target-branch"] == "develop"
    assert all((ROOT / folder.lstrip("/")).is_dir() for folder in folders(update))


def test_actions_packages_and_images_are_looked_after():
    by_ecosystem = {update["package-ecosystem"]: folders(update) for update in UPDATES}
    assert by_ecosystem.keys() == {"github-actions", "pip", "docker"}
    files = [file for sample in SAMPLES for file in (ROOT / sample).rglob("Dockerfile")]
    assert sorted(by_ecosystem["docker"]) == sorted(f"/{file.parent.relative_to(ROOT)}" for file in files)
    actions = {
        f"/{file.parent.relative_to(ROOT)}" for file in (ROOT / ".github" / "actions").rglob("action.yml")
    }
    assert actions <= set(by_ecosystem["github-actions"])


def test_owners_are_named_for_paths_that_exist():
    paths = [pattern for pattern in OWNED if pattern != "*"]
    assert paths and all(list(ROOT.glob(pattern.strip("/"))) for pattern in paths)


def test_the_security_page_says_where_to_report():
    page = (ROOT / "SECURITY.md").read_text()
    assert "Report a vulnerability" in page
    assert all((ROOT / path).is_file() for path in re.findall(r"\]\((docs/[\w.-]+)\)", page))
