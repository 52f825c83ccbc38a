"""Forwards TCP connections for Services to ready pods: standard library only, Python 3.8 or newer.

In a container of its own it serves every clusterIP; the node imports it to serve ports of the host.
    python3 proxy.py SERVICES_NETWORK CONTROL_SOCKET
The control socket takes one JSON table a line, ``[[[address, port], [[address, port], …]], …]``,
and answers each with the frontends that could not be served: ``[[[address, port], errno], …]``.
"""

import asyncio
import contextlib
import ipaddress
import json
import os
import socket
import struct
import sys

CONNECT_SECONDS = 2
CHUNK = 64 * 1024


class Balancer:
    """One listener for each frontend; a table is {(address, port): [(address, port), …]}."""

    def __init__(self):
        self._table = {}
        self._servers = {}
        self._connections = set()
        self._turns = {}
        self._applying = asyncio.Lock()

    async def apply(self, table):
        """Serve exactly this table from now on; open connections go on. Returns {frontend: errno}."""
        self._table = table
        async with self._applying:
            for frontend in [frontend for frontend in self._servers if frontend not in self._table]:
                self._servers.pop(frontend).close()
            errors = {}
            for frontend in [frontend for frontend in self._table if frontend not in self._servers]:
                try:
                    self._servers[frontend] = await self._listen(frontend)
                except OSError as error:
                    errors[frontend] = error.errno
            return errors

    async def close(self):
        await self.apply({})

    async def _listen(self, frontend):
        async def serve(reader, writer):
            connection = asyncio.current_task()
            self._connections.add(connection)  # a stream keeps no task alive whose client has gone
            try:
                await self._serve(frontend, reader, writer)
            finally:
                self._connections.discard(connection)

        return await asyncio.start_server(serve, *frontend, backlog=1024)

    async def _serve(self, frontend, reader, writer):
        onward = await self._connect(frontend)
        if onward is None:
            writer.transport.abort()
            return
        await asyncio.gather(pump(reader, onward[1]), pump(onward[0], writer))

    async def _connect(self, frontend):
        """A connection to the next backend that accepts one, None if there is none."""
        backends = self._table.get(frontend) or []
        turn = self._turns[frontend] = self._turns.get(frontend, -1) + 1
        for index in range(len(backends)):
            backend = backends[(turn + index) % len(backends)]
            with contextlib.suppress(OSError, asyncio.TimeoutError):
                return await asyncio.wait_for(asyncio.open_connection(*backend), CONNECT_SECONDS)
        return None


async def pump(reader, writer):
    """Copy one direction until its end, and pass the end on."""
    try:
        while True:
            data = await reader.read(CHUNK)
            if not data:
                break
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except OSError:
        writer.transport.abort()


def route_to_self(network):
    """Make every address of a network local to this machine ("AnyIP"), through a netlink socket."""
    loopback = socket.if_nametoindex("lo")
    local_table, static, host_scope, local_type = 255, 4, 254, 2
    route = struct.pack(
        "BBBBBBBBI", socket.AF_INET, network.prefixlen, 0, 0, local_table, static, host_scope, local_type, 0
    )
    body = route + _attribute(1, network.network_address.packed) + _attribute(4, struct.pack("I", loopback))
    new_route, request_ack_create_replace = 24, 0x1 | 0x4 | 0x100 | 0x400
    header = struct.pack("IHHII", 16 + len(body), new_route, request_ack_create_replace, 1, 0)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as netlink:
        netlink.send(header + body)
        error = -struct.unpack("i", netlink.recv(4096)[16:20])[0]
    if error:
        raise OSError(error, os.strerror(error))


def _attribute(kind, data):
    return struct.pack("HH", 4 + len(data), kind) + data + b"\0" * (-len(data) % 4)


async def control(path):
    """Take tables from the control socket, for ever."""
    balancer = Balancer()

    async def serve(reader, writer):
        while True:
            line = await reader.readline()
            if not line:
                break
            errors = await balancer.apply(parse(line))
            writer.write(
                json.dumps([[list(frontend), number] for frontend, number in errors.items()]).encode() + b"\n"
            )
            await writer.drain()
        writer.close()

    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    server = await asyncio.start_unix_server(serve, path, limit=2**24)
    os.chmod(path, 0o666)
    async with server:
        await server.serve_forever()


def parse(line):
    return {tuple(frontend): [tuple(back) for back in backends] for frontend, backends in json.loads(line)}


if __name__ == "__main__":
    route_to_self(ipaddress.ip_network(sys.argv[1]))
    asyncio.run(control(sys.argv[2]))
