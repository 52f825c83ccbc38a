"""Whom the port of the rehearsal's registry leads to the registry."""

import asyncio
import gc
import os

import pytest

from aks_flow.rehearsal.standins.docker import registry_relay
from aks_flow.rehearsal.standins.process import peers
from tests.ports import free_ports

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
DEADLINE = 60  # seconds


def request(*fields: str) -> bytes:
    return "\r\n".join(("PUT /v2/front/manifests/1.0.0 HTTP/1.1", *fields, "", "")).encode()


def visit(folder, monkeypatch, sent: bytes, answer: bytes = ANSWER) -> tuple[bytes, bytes]:
    """What a program gets for what it sends, and what the registry behind the relay gets of that."""
    monkeypatch.chdir(folder)
    arrived = bytearray()

    async def answered(reader, writer):
        while chunk := await reader.read(2**16):
            arrived.extend(chunk)
        gc.collect()  # once the client has said its last, nothing but the relay itself holds its task
        writer.write(answer)
        writer.close()

    async def ask() -> bytes:
        (port,) = free_ports(1)
        async with await asyncio.start_unix_server(answered, "registry.sock"):
            serving = asyncio.create_task(registry_relay.serve(port, "registry.sock"))
            reader, writer = await connected(port)
            writer.write(sent)
            writer.write_eof()
            said = await said_until_the_end(reader)
            writer.close()
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
        return said

    return asyncio.run(asyncio.wait_for(ask(), DEADLINE)), bytes(arrived)


async def connected(port: int):
    while True:
        try:
            return await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            await asyncio.sleep(0)


async def said_until_the_end(reader) -> bytes:
    said = b""
    try:
        while chunk := await reader.read(2**16):
            said += chunk
    except ConnectionResetError:  # it was closed with something unread
        pass
    return said


@pytest.mark.parametrize("host", ["localhost:5050", "127.0.0.1", "LOCALHOST:1", "[::1]:5050"])
def test_who_asks_for_loopback_is_led_to_the_registry(tmp_path, monkeypatch, host):
    sent = request(f"Host: {host}", "Content-Length: 2") + b"{}"
    assert visit(tmp_path, monkeypatch, sent) == (ANSWER, sent)


FOREIGN = {
    "another name": ["Host: evil.example:5050"],
    "a name that begins alike": ["Host: localhost.evil.example"],
    "a name behind a user's": ["Host: localhost@evil.example"],
    "another after the first": ["Host: localhost", "Host: evil.example"],
    "in small letters": ["host: evil.example"],
    "no host's name": ["Host: ["],
    "an empty one": ["Host:"],
    "none": [],
}


@pytest.mark.parametrize("fields", FOREIGN.values(), ids=FOREIGN)
def test_a_page_whose_name_leads_to_loopback_gets_nothing(tmp_path, monkeypatch, fields):
    said, arrived = visit(tmp_path, monkeypatch, request(*fields))
    assert said.startswith(b"HTTP/1.1 421 ") and arrived == b""


def test_another_user_s_connection_is_closed_without_an_answer(tmp_path, monkeypatch):
    monkeypatch.setattr(peers, "is_served", lambda visitor: False)
    assert visit(tmp_path, monkeypatch, request("Host: localhost")) == (b"", b"")


UNFINISHED = {
    "nothing": b"",
    "half a head": request("Host: localhost")[:-2],
    "a long line": b"GET " + b"x" * 2**19,
}


@pytest.mark.parametrize("sent", UNFINISHED.values(), ids=UNFINISHED)
def test_what_is_no_request_ends_without_an_answer(tmp_path, monkeypatch, sent):
    assert visit(tmp_path, monkeypatch, sent) == (b"", b"")


def test_docker_s_first_question_over_tls_gets_the_registry_s_own_answer(tmp_path, monkeypatch):
    sent = b"\x16\x03\x01\x02\x00\x01"
    assert visit(tmp_path, monkeypatch, sent) == (ANSWER, sent)


def test_layers_arrive_whole_in_both_directions(tmp_path, monkeypatch):
    layer = os.urandom(5 * 2**20)
    sent = request("Host: localhost:5050") + layer
    assert visit(tmp_path, monkeypatch, sent, ANSWER + layer) == (ANSWER + layer, sent)
