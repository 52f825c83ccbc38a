"""gh: releases, the pages that GitHub has for tags. https://cli.github.com/manual/gh_release_create"""

import json
from pathlib import Path

from aks_flow.core.command import Command, command, flags
from aks_flow.core.reading import reads
from aks_flow.tools.gh import ANY, quoted


def of_tag(folder: Path, tag: str) -> Command:
    """For `parse_address`; the repository is the folder's own."""
    path = f"repos/{{owner}}/{{repo}}/releases/tags/{quoted(tag)}"
    return command("gh", "api", path, cwd=folder, ok=ANY, reads=True)


def create(folder: Path, tag: str, title: str, notes: str) -> Command:
    """Of a tag that the repository has: without that flag gh would make one."""
    words = flags(verify_tag=True, title=title, notes_file="-")
    return command("gh", "release", "create", tag, *words, cwd=folder, stdin=notes, ok=ANY)


@reads("gh")
def parse_address(text: str) -> str:
    return json.loads(text)["html_url"]
