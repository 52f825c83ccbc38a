"""A pull request's preview: delivered to a namespace of its own beside dev's, with bounds, and gone again."""

import json
import os
import sys
from pathlib import Path

import pytest

from tests.e2e.project import Project
from tests.e2e.push.conftest import OWN
from tests.e2e.scale import only_in_full

SETTINGS = {"INVOKE_PREVIEWS_NAMESPACE": f"{OWN}-preview"}
NAMESPACE = f"{OWN}-preview-7"
GH = """#!/bin/sh
case "$*" in
  *pulls/7*) cat "{folder}/request.json" ;;
  *comments\\?*) echo '[]' ;;
  *) cat >"{folder}/comment.json"; echo '{{}}' ;;
esac
"""


@pytest.fixture
def github(project: Project, tmp_path: Path) -> Path:
    """A gh that knows one pull request, whose last commit is checked out, and keeps what it is told."""
    tip, own = project.git("rev-parse", "HEAD"), {"full_name": "team/vote"}
    head, base = {"ref": "feature/x", "sha": tip, "repo": own}, {"ref": "develop", "repo": own}
    request = {"number": 7, "html_url": "https://github.com/team/vote/pull/7", "state": "open"}
    request |= {"merged_at": None, "merge_commit_sha": None, "head": head, "base": base}
    (tmp_path / "request.json").write_text(json.dumps(request))
    program = tmp_path / "gh"
    program.write_text(GH.format(folder=tmp_path))
    program.chmod(0o755)
    return tmp_path


@only_in_full
def test_a_preview_comes_is_told_of_and_goes(project, delivered, cluster, github):
    path = [str(github), str(Path(sys.executable).parent), os.environ["PATH"]]
    told = {**SETTINGS, "PATH": os.pathsep.join(path)}
    answer = project.inv("preview.up", "7", **told)
    assert answer.exit == 0, answer.stdout + answer.stderr
    assert "preview-7 now runs" in answer.stdout
    quota = json.loads(cluster.kubectl.ok("get", "quota", "preview", "-n", NAMESPACE, "-o", "json"))
    assert int(quota["status"]["used"]["pods"]) >= 2
    comment = json.loads((github / "comment.json").read_text())["body"]
    version = delivered["image"].partition("@")[0].rpartition(":")[2]
    assert f"| version | {version} |" in comment and "| address | http://" in comment
    gone = project.inv("preview.down", "7", **told)
    assert gone.exit == 0, gone.stdout + gone.stderr
    assert "preview-7 is removed" in gone.stdout
    assert cluster.kubectl("get", "namespace", NAMESPACE).exit != 0
