"""The balancer on loopback: it reaches every backend, passes ends on, and lets open connections finish."""

import asyncio
import contextlib
import errno
import socket

from aks_flow.rehearsal.standins.kubernetes.kubelet.proxy import Balancer
from tests.ports import free_ports


async def answering(word: bytes):
    """A server that answers each line with its word."""

    async def serve(reader, writer):
        while await reader.readline():
            writer.write(word + b"\n")
        writer.write(b"end\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    return server, server.sockets[0].getsockname()


def free_address() -> tuple[str, int]:
    return "127.0.0.1", *free_ports(1)


async def ask(frontend: tuple[str, int]) -> bytes:
    reader, writer = await asyncio.open_connection(*frontend)
    writer.write(b"hello\n")
    answer = await reader.readline()
    writer.close()
    return answer


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 10))


def test_connections_go_to_the_backends_in_turn():
    async def check():
        balancer, front = Balancer(), free_address()
        (first_server, first_address), (second_server, second_address) = (
            await answering(b"one"),
            await answering(b"two"),
        )
        assert await balancer.apply({front: [first_address, second_address]}) == {}
        assert sorted([await ask(front) for _ in range(4)]) == [b"one\n", b"one\n", b"two\n", b"two\n"]
        await balancer.close()
        first_server.close(), second_server.close()

    run(check())


def test_a_backend_that_refuses_is_passed_over():
    async def check():
        balancer, front = Balancer(), free_address()
        server, good = await answering(b"good")
        await balancer.apply({front: [free_address(), good]})
        assert {await ask(front) for _ in range(4)} == {b"good\n"}
        await balancer.close()
        server.close()

    run(check())


def test_an_open_connection_outlives_its_backend_in_the_table():
    async def check():
        balancer, front = Balancer(), free_address()
        server, backend = await answering(b"still here")
        await balancer.apply({front: [backend]})
        reader, writer = await asyncio.open_connection(*front)
        writer.write(b"a\n")
        assert await reader.readline() == b"still here\n"
        await balancer.apply({})
        writer.write(b"b\n")
        assert await reader.readline() == b"still here\n"
        writer.write_eof()
        assert await reader.read() == b"end\n", "the end of one direction leaves the other open"
        server.close()

    run(check())


def test_without_a_backend_the_connection_is_closed_at_once():
    async def check():
        balancer, front = Balancer(), free_address()
        await balancer.apply({front: []})
        reader, writer = await asyncio.open_connection(*front)
        with contextlib.suppress(ConnectionResetError):
            assert await reader.read() == b""
        writer.close()
        await balancer.close()

    run(check())


def test_a_taken_port_is_reported_and_served_when_it_is_free():
    async def check():
        balancer = Balancer()
        server, backend = await answering(b"yes")
        taken = socket.create_server(("127.0.0.1", 0))
        front = taken.getsockname()
        assert await balancer.apply({front: [backend]}) == {front: errno.EADDRINUSE}
        taken.close()
        assert await balancer.apply({front: [backend]}) == {}
        assert await ask(front) == b"yes\n"
        await balancer.close()
        server.close()

    run(check())
