"""The variables that tell a container where its namespace's Services are."""


def variables(services: list[dict]) -> dict[str, str]:
    """``WEB_SERVICE_HOST``, ``WEB_SERVICE_PORT`` and the older Docker-link names, for each Service."""
    links: dict[str, str] = {}
    for service in services:
        address = service["spec"].get("clusterIP")
        if address and address != "None" and service["spec"].get("ports"):
            links |= _of_service(service["metadata"]["name"], address, service["spec"]["ports"])
    return links


def _of_service(name: str, address: str, ports: list[dict]) -> dict[str, str]:
    prefix = _variable(name)
    links = {f"{prefix}_SERVICE_HOST": address, f"{prefix}_SERVICE_PORT": str(ports[0]["port"])}
    for port in ports:
        if port.get("name"):
            links[f"{prefix}_SERVICE_PORT_{_variable(port['name'])}"] = str(port["port"])
    links[f"{prefix}_PORT"] = _url(address, ports[0])
    for port in ports:
        links |= _link(prefix, address, port)
    return links


def _link(prefix: str, address: str, port: dict) -> dict[str, str]:
    protocol = port.get("protocol", "TCP")
    stem = f"{prefix}_PORT_{port['port']}_{protocol}"
    return {
        stem: _url(address, port),
        f"{stem}_PROTO": protocol.lower(),
        f"{stem}_PORT": str(port["port"]),
        f"{stem}_ADDR": address,
    }


def _url(address: str, port: dict) -> str:
    return f"{port.get('protocol', 'TCP').lower()}://{address}:{port['port']}"


def _variable(name: str) -> str:
    return name.upper().replace("-", "_")
