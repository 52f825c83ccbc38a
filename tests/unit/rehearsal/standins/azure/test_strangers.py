"""What another user of the machine, and a web page in one's own browser, get of the rehearsal's Azure."""

import asyncio
import ssl

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer

from aks_flow.rehearsal.standins.azure import listening
from aks_flow.rehearsal.standins.azure.server import application
from aks_flow.rehearsal.standins.process import peers
from tests.ports import free_ports
from tests.unit.rehearsal.standins.azure.cloud import make

CODE_PATH = "/common/oauth2/v2.0/devicecode"
AUTHORIZE = "/common/oauth2/v2.0/authorize"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One for all: its keys take a while to make."""
    return tmp_path_factory.mktemp("azure")


def answer(folder, method: str, path: str, **more):
    """Status and headers of what the stand-in answers."""

    async def ask():
        async with ClientSession() as session:
            server = TestServer(application(make(folder), session))
            words = {"method": method, "path": path, "allow_redirects": False, **more}
            async with TestClient(server) as client, client.request(**words) as said:
                return said.status, said.headers

    return asyncio.run(ask())


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:6551", "localhost.evil.example", "vault.rehearsal.invalid"]
)
def test_a_page_whose_name_leads_to_loopback_gets_nothing(folder, host):
    assert answer(folder, "POST", CODE_PATH, headers={"Host": host})[0] == 421


@pytest.mark.parametrize("host", ["localhost:6551", "127.0.0.1", "LOCALHOST:1"])
def test_loopback_s_own_names_are_answered(folder, host):
    assert answer(folder, "POST", CODE_PATH, headers={"Host": host})[0] == 200


ELSEWHERE = [
    *(
        "",
        "https://evil.example/",
        "http://evil.example/",
        "http://localhost.evil.example/",
        "//evil.example",
    ),
    *("http://localhost@evil.example/", "http://[", "javascript:alert(1)", "http://localhost/?next=x"),
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_code_goes_to_no_other_machine(folder, target):
    status, headers = answer(folder, "GET", AUTHORIZE, params={"redirect_uri": target})
    assert (status, headers.get("Location")) == (400, None)


@pytest.mark.parametrize("target", ["http://localhost:8400/", "http://127.0.0.1:8400/back"])
def test_a_code_goes_to_a_program_of_this_machine(folder, target):
    status, headers = answer(folder, "GET", AUTHORIZE, params={"redirect_uri": target, "state": "s"})
    assert status == 302 and headers["Location"].startswith(f"{target}?code=")


def test_another_user_s_connection_is_closed_without_an_answer(monkeypatch):
    monkeypatch.setattr(peers, "is_served", lambda visitor: False)

    async def visit() -> bytes:
        (port,) = free_ports(1)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        serving = asyncio.create_task(listening.serve(port, pytest.fail, tls, "vault.invalid:1"))
        await asyncio.sleep(0)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            return await asyncio.wait_for(reader.read(), 5)
        finally:
            writer.close()
            serving.cancel()

    assert asyncio.run(visit()) == b""
