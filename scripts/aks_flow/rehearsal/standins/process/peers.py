"""Whose program is at the other end of a loopback connection: only this user's and root's are served.

The kernel's tables of TCP sockets name each socket's user (proc(5), /proc/net/tcp). Systems without them do
not tell, and there everybody is served.
"""

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_SERVED = (0, os.getuid())  # root can be any user anyway; Docker's engine is root
_LOCAL, _REMOTE, _USER, _INODE = 1, 2, 7, 9  # columns


def is_served(visitor: socket.socket) -> bool:
    """True if the connection's other end is a program of this user or of root, and still there."""
    if not _TABLES[0].is_file():
        return True
    ends = visitor.getpeername()[:2], visitor.getsockname()[:2]
    return any(user in _SERVED for user in _users(*ends))


def _users(here: tuple[str, int], there: tuple[str, int]) -> Iterator[int]:
    """The user of the socket that is bound to ``here`` and connected to ``there``."""
    for table in _TABLES:
        ends = _written(here, table), _written(there, table)
        for line in table.read_text().splitlines()[1:] if table.is_file() else ():
            columns = line.split()
            # A socket that its program has left has no inode, and the kernel calls its user 0.
            if (columns[_LOCAL], columns[_REMOTE]) == ends and columns[_INODE] != "0":
                yield int(columns[_USER])


def _written(end: tuple[str, int], table: Path) -> str:
    """An IPv4 address and port as the table writes them: words of four bytes in the machine's own order."""
    address = socket.inet_aton(end[0])
    if table.name == "tcp6":
        address = bytes(10) + b"\xff\xff" + address  # IPv4 seen through a socket of IPv6 (RFC 4291, 2.5.5.2)
    words = (address[at : at + 4] for at in range(0, len(address), 4))
    return "".join(f"{int.from_bytes(word, sys.byteorder):08X}" for word in words) + f":{end[1]:04X}"
