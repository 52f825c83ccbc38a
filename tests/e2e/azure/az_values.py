"""Run by the Python of az itself: which of many command lines az takes.

By its parser, and by what it checks of values itself. Nothing is asked of Azure: where az would begin to,
the line has been taken. argv: a file with a JSON list of argument lists. Writes what az says of each, "" if
it takes it.
"""

import contextlib
import importlib
import io
import json
import sys
from pathlib import Path


def refusals(lines: list[list[str]]) -> list[str]:
    """What az says of each. Its modules are in its own environment alone: the project has none of them."""
    core, commands = map(importlib.import_module, ("azure.cli.core", "azure.cli.core.commands"))
    commands.AzCliCommandInvoker._run_job = lambda self, arguments, command: None
    return [_refusal(core.get_default_cli(), line) for line in lines]


def _refusal(cli, line: list[str]) -> str:
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        try:
            code = cli.invoke(line[1:])
        except SystemExit as end:
            code = end.code
    return said.getvalue().strip() or f"exit code {code}" if code else ""


if __name__ == "__main__":
    print(json.dumps(refusals(json.loads(Path(sys.argv[1]).read_text()))))
