"""Documents put together at random from what people write: images in all places, anchors, aliases, merges.

A document is text from the start, so that anything may stand anywhere, in blocks and in flows.
"""

from random import Random

_TEXTS = (
    *(
        "front",
        "front:1",
        "localhost:5000/front:1.2",
        "ghcr.io/a/b:1",
        "redis:7",
        "team/app",
        "Front:1",
        "a:b:c",
    ),
    *(f"front@sha256:{'a' * 64}", f"sha256:{'a' * 64}", "v1", "latest", "image.tag", "image.repository"),
    *(
        "https://example.com/x.png",
        "oci://example.com/chart",
        "${IMAGE}:1",
        "$(params.image)",
        "front=b/front:1",
    ),
    *(
        "text of words",
        "a#b",
        "é😀",
        "--image=ghcr.io/a/b:1",
        "'{{ .Values.image }}'",
        '"front:2"',
        "'front:3'",
    ),
)
_TYPED = (
    *("true", "True", "FALSE", "yes", "no", "Off", "y", "null", "~", "Null", "", "''", '""', "0", "3", "-1"),
    *("0644", "0o644", "0x1f", "0b1", "1_000", "+5", "08", "1e3", "1.5", "5.", ".5", ".inf", ".NaN", '"1.2"'),
    *("1:30", "2024-01-01", "2024-01-01T10:00:00Z", "=", "<<", "!!str 5", "!image front:1", '"\\u0085"'),
)
SCALARS = (*_TEXTS, *_TYPED)
KEYS = (
    *("image", "image", "image", "imageTag", "image_name", "imageName", "imageRepository", "imageDigest"),
    *("proxyImage", "tag", "repository", "registry", "digest", "name", "reference", "images", "images"),
    *("containers", "containers", "initContainers", "steps", "sidecars", "container", "script", "newTag"),
    *(
        "newName",
        "kustomize",
        "helm",
        "parameters",
        "value",
        "values",
        "spec",
        "spec",
        "template",
        "metadata",
    ),
    *(
        "data",
        "status",
        "kind",
        "apiVersion",
        "replicas",
        "volumes",
        "env",
        "args",
        "a.b/c",
        "'x:y'",
        '"q r"',
        '"<<"',
    ),
)
KINDS = (
    *("v1/Pod", "v1/ConfigMap", "v1/Secret", "v1/List", "apps/v1/Deployment", "tekton.dev/v1/Task"),
    *("helm.toolkit.fluxcd.io/v2/HelmRelease", "argoproj.io/v1alpha1/Application", "example.com/v1/Thing"),
    *("kustomize.toolkit.fluxcd.io/v1/Kustomization", "kustomize.config.k8s.io/v1beta1/Kustomization"),
)
BLOCKS = ("image: front:1", "- image: ghcr.io/a/b:1", "words", "see ghcr.io/a/b:2 and more", "{{ if }}")


class Generator:
    """Draws from a seed; the same seed draws the same."""

    def __init__(self, seed: int):
        self._random, self._anchors = Random(seed), []

    def text(self) -> str:
        documents = [self._document() for _ in range(self._random.choice((1, 1, 1, 2, 3)))]
        text = "---\n".join(documents)
        if self._chance(0.1):
            text = text.replace("\n", "\r\n")
        return ("\ufeff" if self._chance(0.05) else "") + (text.rstrip("\r\n") if self._chance(0.2) else text)

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _document(self) -> str:
        self._anchors = []
        if self._chance(0.1):
            return self._flow(0) + "\n"
        head = ""
        if self._chance(0.7):
            version, _, kind = self._random.choice(KINDS).rpartition("/")
            head = f"apiVersion: {version}\nkind: {kind}\n"
        return head + self._mapping(0, 0, taken={"apiVersion", "kind"} if head else set())

    def _mapping(self, column: int, depth: int, taken: set[str]) -> str:
        keys = dict.fromkeys(self._random.choices(KEYS, k=self._random.randint(1, 4)))
        merge = self._merge() if self._anchors and self._chance(0.25) else ""
        lines = [
            f"{' ' * column}{key}:{self._value(column, depth)}"
            for key in keys
            if key.strip("'\"") not in taken
        ]
        if merge and '"<<"' not in keys:
            lines.insert(0, f"{' ' * column}<<: {merge}\n")
        return "".join(lines) or f"{' ' * column}x: y\n"

    def _merge(self) -> str:
        names = [f"*{name}" for name in self._random.choices(self._anchors, k=2)]
        return names[0] if self._chance(0.7) else f"[{', '.join(names)}]"

    def _sequence(self, column: int, depth: int) -> str:
        lines = []
        for _ in range(self._random.randint(1, 3)):
            if self._chance(0.5):
                lines.append(f"{' ' * column}- {self._mapping(column + 2, depth + 1, set()).lstrip(' ')}")
            else:
                lines.append(f"{' ' * column}-{self._value(column, depth + 1)}")
        return "".join(lines)

    def _value(self, column: int, depth: int) -> str:
        """What stands behind a colon or a dash, with the line's end."""
        anchor = self._anchor()
        comment = self._random.choice(("", "", "", " # a comment", "  # image: x"))
        draw = self._random.random()
        if depth < 4 and draw < 0.35:
            return f"{anchor}{comment}\n{self._mapping(column + 2, depth + 1, set())}"
        if depth < 4 and draw < 0.5:
            return f"{anchor}{comment}\n{self._sequence(column + 2, depth + 1)}"
        if draw < 0.55:
            lines = self._random.choices(BLOCKS, k=2)
            return f"{anchor} {self._random.choice('|>')}\n" + "".join(
                f"{' ' * (column + 4)}{line}\n" for line in lines
            )
        if draw < 0.65:
            return f"{anchor} {self._flow(0)}{comment}\n"
        if self._anchors and not anchor and draw < 0.75:
            return f" *{self._random.choice(self._anchors)}{comment}\n"
        return f"{anchor} {self._random.choice(SCALARS)}{comment}\n"

    def _anchor(self) -> str:
        if not self._chance(0.12):
            return ""
        self._anchors.append(f"a{len(self._anchors)}")
        return f" &{self._anchors[-1]}"

    def _flow(self, depth: int) -> str:
        count = self._random.randint(1, 3)
        if depth < 3 and self._chance(0.3):
            return f"[{', '.join(self._in_flow(depth) for _ in range(count))}]"
        keys = dict.fromkeys(self._random.choices(KEYS, k=count))
        return "{" + ", ".join(f"{key}: {self._in_flow(depth)}" for key in keys) + "}"

    def _in_flow(self, depth: int) -> str:
        if depth < 2 and self._chance(0.4):
            return self._flow(depth + 1)
        scalar = self._random.choice(SCALARS)
        is_quoted = scalar[:1] in ("'", '"')
        return f'"{scalar}"' if set(scalar) & set("{}[],#?") and not is_quoted else scalar
