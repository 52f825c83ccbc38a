"""Where a probe or a lifecycle hook goes: ports by name, URLs, headers."""


def port(container: dict, port: int | str) -> int:
    """A number, or the container port of that name; ValueError if there is none."""
    if isinstance(port, int):
        return port
    for container_port in container.get("ports", ()):
        if container_port.get("name") == port:
            return container_port["containerPort"]
    if port.isdecimal():
        return int(port)
    raise ValueError(f"couldn't find port: {port}")


def url(action: dict, container: dict, address: str) -> str:
    """The URL of an httpGet action, as Go's HTTP client writes it."""
    scheme = action.get("scheme", "HTTP").lower()
    path = action.get("path") or "/"
    path = path if path.startswith("/") else f"/{path}"
    return f"{scheme}://{action.get('host') or address}:{port(container, action['port'])}{path}"


def headers(action: dict, user_agent: str) -> dict[str, str]:
    given = {header["name"]: header["value"] for header in action.get("httpHeaders") or ()}
    return {"User-Agent": user_agent, "Accept": "*/*", "Connection": "close"} | given
