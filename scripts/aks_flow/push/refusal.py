"""The server's refusal of a manifest, in words that a person can read."""

import re

from aks_flow.core import silence
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed

_VALUE = re.compile(r"Invalid value: (?=[&*\[\]\w.]*\{)")  # a structure, as Go or JSON writes it
_OWN_FILE = re.compile(r"^error: (?:open|write|mkdir) /", re.MULTILINE)  # kubectl's, as on a full disk
_LONGEST = 200  # characters of a value that are read by anybody
_JOB = re.compile(r'Job(?:\.batch)? "([^"]+)" is invalid:.*\bspec\.template: .*field is immutable')
_HOOK = "the annotation argocd.argoproj.io/hook: PreSync makes it a hook, which runs anew with every delivery"


class Refused(AksFlowError):
    """The server did not take a manifest; nothing was changed but the ``definitions`` that went before it."""

    def __init__(self, error: CommandFailed, environment: str, definitions: tuple[str, ...] = ()):
        changed = f"nothing but {', '.join(definitions)}" if definitions else "nothing"
        said, asks = error.result.error_text.strip(), "`./inv push.plan` asks the server again."
        does, step = "refuses", f"Correct the manifest; {asks}"
        if error.unanswered or silence.is_refused_for_now(error.result) or _OWN_FILE.search(said):
            does, step = "could not check", f"That says nothing about the manifests: in a moment, {asks}"
        what = f"the cluster {does} the manifests of {environment}, and {changed} was changed"
        super().__init__(f"{what}:\n{in_words(said)}\n", next_step=step)


def in_words(text: str) -> str:
    """Without long values; and what can be done about a Job whose pods were changed. Warnings come last."""
    told = _shortened(text)
    step = f"a Job's pods cannot be changed. Give it another name; or {_HOOK}."
    steps = (f"job/{name}: {step}" for name in dict.fromkeys(_JOB.findall(told)))
    return "\n".join(sorted([*told.splitlines(), *steps], key=lambda line: line.startswith("Warning:")))


def _shortened(text: str) -> str:
    parts, start = [], 0
    for value in _VALUE.finditer(text):
        end = _end(text, value.end())
        if value.start() >= start and end - value.end() > _LONGEST:
            parts.append(text[start : value.start()])
            start = end + 2 if text[end : end + 2] == ": " else end
    return "".join([*parts, text[start:]])


def _end(text: str, start: int) -> int:
    """Where the structure that begins at ``start`` ends; the end of the text if it does not."""
    depth = 0
    for token in re.compile(r'"(?:\\.|[^"\\])*"|[{}]').finditer(text, start):
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        if depth == 0 and token[0] == "}":
            return token.end()
    return len(text)
