"""Where a probe or a lifecycle hook goes: ports by name, URLs, headers."""


def port(container: dict, wanted: int | str) -> int:
    """A number, or the container port of that name; ValueError if there is none."""
    if isinstance(wanted, int):
        return wanted
    for each in container.get("ports", ()):
        if each.get("name") == wanted:
            return each["containerPort"]
    if wanted.isdecimal():
        return int(wanted)
    raise ValueError(f"couldn't find port: {wanted}")


def url(action: dict, container: dict, address: str) -> str:
    """The URL of an httpGet action, as Go's HTTP client writes it."""
    scheme = action.get("scheme", "HTTP").lower()
    path = action.get("path") or "/"
    path = path if path.startswith("/") else f"/{path}"
    return f"{scheme}://{action.get('host') or address}:{port(container, action['port'])}{path}"


def headers(action: dict, user_agent: str) -> dict[str, str]:
    given = {each["name"]: each["value"] for each in action.get("httpHeaders") or ()}
    return {"User-Agent": user_agent, "Accept": "*/*", "Connection": "close"} | given
