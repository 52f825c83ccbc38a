"""Where an object says at which hosts it answers. Pure."""

from collections.abc import Iterator, Mapping

_ROUTES = ("HTTPRoute", "GRPCRoute", "TLSRoute")


def hosts(item: Mapping) -> Iterator[tuple[str, str]]:
    """Each host of an Ingress or a route, with its place as a JSON pointer (RFC 6901)."""
    return ((path, host) for path, host in _fields(item) if isinstance(host, str) and host)


def _fields(item: Mapping) -> Iterator[tuple[str, object]]:
    spec = item.get("spec") or {}
    if item.get("kind") == "Ingress":
        for at, rule in enumerate(spec.get("rules") or []):
            yield f"/spec/rules/{at}/host", (rule or {}).get("host")
        for at, entry in enumerate(spec.get("tls") or []):
            for index, host in enumerate((entry or {}).get("hosts") or []):
                yield f"/spec/tls/{at}/hosts/{index}", host
    if item.get("kind") in _ROUTES:
        for at, host in enumerate(spec.get("hostnames") or []):
            yield f"/spec/hostnames/{at}", host
