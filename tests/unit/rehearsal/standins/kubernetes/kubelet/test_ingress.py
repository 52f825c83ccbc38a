"""Ingresses: which pods answer at which host and path, and what passes through."""

import asyncio
import errno
from dataclasses import replace

import pytest

from aks_flow.rehearsal.standins.kubernetes.kubelet.ingress_proxy import BadRequest, IngressProxy, RequestHead
from aks_flow.rehearsal.standins.kubernetes.kubelet.network import ingress_routes, load_balancers
from aks_flow.rehearsal.standins.kubernetes.kubelet.network.ingress_routes import IngressRoute
from tests.ports import free_ports

API, WEB, OLD = ("10.5.0.11", 9000), ("10.5.0.12", 8080), ("10.5.0.13", 8080)


def service(name: str, port: int, called: str = "http") -> dict:
    return {
        "metadata": {"name": name, "namespace": "shop"},
        "spec": {"ports": [{"name": called, "port": port}]},
    }


def endpoints(name: str, *addresses: tuple[str, int], ready: bool = True) -> dict:
    return {
        "metadata": {
            "name": name,
            "namespace": "shop",
            "labels": {"kubernetes.io/service-name": name},
        },
        "ports": [{"name": "http", "port": port} for _, port in addresses],
        "endpoints": [{"addresses": [address], "conditions": {"ready": ready}} for address, _ in addresses],
    }


SERVICES = [service("api", 80), service("web", 8080), service("old", 80)]
SLICES = [endpoints("api", API), endpoints("web", WEB), endpoints("old", OLD, ready=False)]


def backend(name: str, port: int | str) -> dict:
    return {"service": {"name": name, "port": {"number" if isinstance(port, int) else "name": port}}}


def ingress(host: str = "", *paths: tuple, default: dict | None = None, made: str = "1", **more) -> dict:
    http = {"paths": [{"path": path, "pathType": kind, "backend": to} for path, kind, to in paths]}
    rules = [{**({"host": host} if host else {}), "http": http}] if paths else []
    spec = {"rules": rules, **({"defaultBackend": default} if default else {})}
    name = more.get("name", f"i{made}")
    return {
        "metadata": {"name": name, "namespace": "shop", "creationTimestamp": f"2026-01-0{made}T00:00:00Z"},
        "spec": spec,
    }


TO_API, TO_WEB = backend("api", "http"), backend("web", 8080)
SHOP = ingress(
    "shop.example", ("/api", "Prefix", TO_API), ("/", "Prefix", TO_WEB), ("/exact", "Exact", TO_API)
)


def answered(host: str, path: str, *ingresses: dict) -> tuple | None:
    """Who answers: addresses, () for nobody who is ready, None for no route."""
    routes = ingress_routes.table(ingresses, SERVICES, SLICES, set())
    route = ingress_routes.choose(routes, host, path)
    return None if route is None else route.backends


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/", WEB),
        ("/api", API),
        ("/api/", API),
        ("/api/v1/x", API),
        ("/apiary", WEB),
        ("/exact", API),
        ("/exact/", WEB),
        ("/exactly", WEB),
        ("/x/api", WEB),
    ],
)
def test_the_longest_path_of_whole_elements_wins(path, to):
    assert answered("shop.example", path, SHOP) == (to,)


@pytest.mark.parametrize(
    ("rule", "host", "serves"),
    [
        ("shop.example", "shop.example", True),
        ("shop.example", "other.example", False),
        ("shop.example", "a.shop.example", False),
        ("*.example", "shop.example", True),
        ("*.example", "a.shop.example", False),
        ("*.example", "example", False),
        ("", "anything", True),
    ],
)
def test_a_host_is_matched_whole_or_by_one_label(rule, host, serves):
    expected = (WEB,) if serves else None
    assert answered(host, "/", ingress(rule, ("/", "ImplementationSpecific", TO_WEB))) == expected


def test_a_whole_host_goes_before_a_wildcard_and_that_before_any():
    rules = [
        ingress("", ("/", "Prefix", TO_WEB)),
        ingress("*.example", ("/", "Prefix", backend("old", 80))),
        ingress("shop.example", ("/api", "Prefix", TO_API)),
    ]
    assert answered("shop.example", "/api", *rules) == (API,)
    assert answered("shop.example", "/", *rules) is None, "its own host has routes"
    assert answered("b.example", "/", *rules) == (), "nobody of it is ready"
    assert answered("c", "/", *rules) == (WEB,)


def test_the_default_backend_gets_what_no_rule_fits():
    rules = [ingress("shop.example", ("/api", "Prefix", TO_API), default=TO_WEB)]
    assert answered("shop.example", "/api", *rules) == (API,)
    assert answered("shop.example", "/else", *rules) == answered("other", "/", *rules) == (WEB,)


def test_of_two_for_one_place_the_older_stays():
    young, old = (ingress("a", ("/", "Prefix", to), made=made) for to, made in ((TO_API, "2"), (TO_WEB, "1")))
    assert answered("a", "/", young, old) == (WEB,)


@pytest.mark.parametrize(
    "to",
    [backend("gone", 80), backend("api", 81), backend("api", "grpc"), {"resource": {"kind": "Bucket"}}],
    ids=["no Service", "no port of the number", "no port of the name", "no Service at all"],
)
def test_a_backend_that_is_not_there_has_nobody_who_answers(to):
    assert answered("a", "/", ingress("a", ("/", "Prefix", to))) == ()


def test_a_withdrawn_pod_gets_no_request():
    [route] = ingress_routes.table([ingress("a", ("/", "Prefix", TO_API))], SERVICES, SLICES, {API[0]})
    assert route.backends == ()


@pytest.mark.parametrize(
    ("error", "reason"), [(None, None), (errno.EADDRINUSE, "PortInUse"), (errno.EACCES, "PermissionDenied")]
)
def test_the_status_says_where_it_answers_and_what_was_refused(error, reason):
    entry = {"port": 6552, "protocol": "TCP"} | ({"error": reason} if reason else {})
    expected = {"ingress": [{"ip": "127.0.0.1", "ports": [entry]}]}
    assert load_balancers.ingress_status(6552, error) == expected


def head(*lines: bytes) -> RequestHead:
    return RequestHead.parse(b"\r\n".join([*lines, b"", b""]))


@pytest.mark.parametrize(
    ("target", "host", "expected"),
    [
        (b"/a?b=/c", b"Shop.Example:6552", ("shop.example", "/a")),
        (b"http://x.example/a/b?c", b"x.example", ("x.example", "/a/b")),
        (b"/", b"[::1]:80", ("[::1]", "/")),
        (b"*", b"", ("", "*")),
    ],
)
def test_a_request_s_host_and_path_are_read(target, host, expected):
    asked = head(b"GET " + target + b" HTTP/1.1", b"Host: " + host)
    assert (asked.host, asked.path) == expected


@pytest.mark.parametrize(
    "data", [b"\r\n\r\n", b"GET /\r\n\r\n", b"GET / HTTP/2.0\r\n\r\n", b"GET / HTTP/1.1\r\nnonsense\r\n\r\n"]
)
def test_what_is_no_request_is_refused(data):
    with pytest.raises(BadRequest):
        RequestHead.parse(data)


async def echoing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """An app that answers with what it was sent, and goes on with what follows an upgrade."""
    data = await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + data)
    if b"Connection: Upgrade" in data:
        writer.write((await reader.readexactly(4)).upper())
    writer.close()


async def exchanged(port: int, request: bytes, more: bytes = b"") -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request + more)
    answer = await reader.read()
    writer.close()
    return answer


def through(request: bytes, *routes: IngressRoute, more: bytes = b"") -> bytes:
    """What comes back through the proxy; a route without backends of its own leads to an echo."""

    async def play() -> bytes:
        app = await asyncio.start_server(echoing, "127.0.0.1", 0)
        address = app.sockets[0].getsockname()[:2]
        [port] = free_ports(1)
        proxy = IngressProxy(port)
        given = [replace(route, backends=(address,) if route.backends else ()) for route in routes]
        assert await proxy.apply(given) is None
        try:
            return await exchanged(port, request, more)
        finally:
            await proxy.close()
            app.close()

    return asyncio.run(play())


ANY = IngressRoute("", "/", "Prefix", (API,))


def test_a_request_reaches_the_app_with_its_host_and_where_it_comes_from():
    answer = through(
        b"GET /a HTTP/1.1\r\nHost: shop.example\r\nConnection: keep-alive\r\nX-A: b\r\n\r\n", ANY
    )
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    for line in (b"GET /a HTTP/1.1", b"Host: shop.example", b"X-A: b", b"Connection: close"):
        assert line + b"\r\n" in answer
    assert (
        b"X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: shop.example" in answer
    )
    assert b"keep-alive" not in answer


def test_a_websocket_goes_on_in_both_directions():
    request = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    assert through(request, ANY, more=b"ping").endswith(b"PING")


@pytest.mark.parametrize(
    ("routes", "status"),
    [
        ([IngressRoute("other", "/", "Prefix", (API,))], b"404 Not Found"),
        ([IngressRoute("", "/", "Prefix", ())], b"503 Service Unavailable"),
    ],
)
def test_a_request_that_nobody_answers_says_why(routes, status):
    answer = through(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", *routes)
    assert answer.startswith(b"HTTP/1.1 " + status) and b"Connection: close" in answer


def test_a_pod_that_accepts_nothing_is_a_bad_gateway():
    [nobody, port] = free_ports(2)

    async def play() -> bytes:
        proxy = IngressProxy(port)
        await proxy.apply([IngressRoute("", "/", "Prefix", (("127.0.0.1", nobody),))])
        try:
            return await exchanged(port, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        finally:
            await proxy.close()

    assert asyncio.run(play()).startswith(b"HTTP/1.1 502 Bad Gateway")


def test_nothing_listens_without_an_ingress_and_a_taken_port_is_told():
    async def play() -> None:
        holder = await asyncio.start_server(echoing, "127.0.0.1", 0)
        port = holder.sockets[0].getsockname()[1]
        proxy = IngressProxy(port)
        assert await proxy.apply([]) is None
        assert await proxy.apply([ANY]) == errno.EADDRINUSE
        holder.close()
        await holder.wait_closed()
        assert await proxy.apply([ANY]) is None
        assert await proxy.apply([]) is None
        with pytest.raises(OSError):
            await asyncio.open_connection("127.0.0.1", port)

    asyncio.run(play())
