"""What differs between any two runs against any two clusters, replaced by its name.

The same replacements are made in what was recorded and in what is answered, so what remains must be equal.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

RECORDED_REGISTRY = "localhost:5000"
RECORDED_NODE = "real-node"
SAFE = "[bcdfghjklmnpqrstvwxz2456789]"  # the letters of generated names (k8s.io/apimachinery util/rand)

PATTERNS = [
    (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<uid>"),
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| [+-]\d{4})?", "<time>"),
    (r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}", "<time>"),
    (r"sha256:[0-9a-f]{64}", "<digest>"),
    (r"(containerd|docker|cri-o)://[0-9a-f]{64}", "<container>"),
    (r"hash=[0-9A-F]+", "hash=<hash>"),
    (r"\S*/(LIVE|MERGED)-\d+/", r"\1/"),
    (r"\.[0-9a-f]{14,16}\b", ".<event>"),
    (rf"-{SAFE}{{8,10}}-{SAFE}{{5}}(?![-a-z0-9])", "-<hash>-<pod>"),
    (rf"-{SAFE}{{8,10}}(?![\w])", "-<hash>"),
    (rf"\b(web|migrate)-{SAFE}{{5}}(?![-a-z0-9])", r"\1-<pod>"),
    (rf"(^|(?<==)){SAFE}{{8,10}}(?!\S)", "<hash>"),
    (r"\b\d{1,3}(\.\d{1,3}){3}\b", "<address>"),
    (r"\bv\d+\.\d+\.\d+([-+][\w.+-]+)?", "<version>"),
]
TEXT_PATTERNS = [
    (r"(?<=\s)\(x\d+ over <?[\w]+>?\)", ""),
    (r"(?<![=\w-])(\d+d)?(\d+h)?(\d+m)?(\d+s)?(?<=[dhms])( \(x\d+ over \w+\))?(?=\s|$)", "<age>"),
    (r"\(\w+ ago\)", "(<age> ago)"),
    (r" {2,}", "  "),
    (r"[ \t]+$", ""),
]
VOLATILE_KEYS = frozenset({"resourceVersion", "serverAddress"})


@dataclass(frozen=True)
class Normaliser:
    """Replaces names of one run; ``ignore`` are path patterns whose values do not count, their types do."""

    registry: str = RECORDED_REGISTRY
    nodes: tuple[str, ...] = (RECORDED_NODE,)
    ignore: Iterable[str] = field(default=())

    def string(self, text: str) -> str:
        text = text.replace(self.registry, "<registry>")
        for node in self.nodes:
            text = re.sub(rf"\b{re.escape(node)}\b", "<node>", text)
        return substitute(PATTERNS, text)

    def lines(self, text: str) -> list[str]:
        """The lines of a text made for people: ages and the width of columns do not count."""
        return substitute(TEXT_PATTERNS, self.string(text), re.MULTILINE).splitlines()

    def value(self, value, path: str = ""):
        """A JSON value; ``path`` is its place, such as ``items.0.metadata.name``."""
        if isinstance(value, dict):
            return {key: self.value(item, f"{path}.{key}" if path else key) for key, item in value.items()}
        if isinstance(value, list):
            return [self.value(item, f"{path}.{at}" if path else str(at)) for at, item in enumerate(value)]
        if self._volatile(path, value):
            return f"<any {type(value).__name__}>"
        return self.string(value) if isinstance(value, str) else value

    def _volatile(self, path: str, value) -> bool:
        if path.rpartition(".")[2] in VOLATILE_KEYS:
            return value != ""
        return any(fnmatchcase(path, pattern) for pattern in self.ignore)


def substitute(patterns: list[tuple[str, str]], text: str, flags: int = 0) -> str:
    for pattern, name in patterns:
        text = re.sub(pattern, name, text, flags=flags)
    return text
