"""The Job before a delivery: brings the tables to what its version needs.

If it fails, nothing else changes.
"""

import os
import socket
from contextlib import closing

from shop import database


def main() -> None:
    try:
        socket.getaddrinfo(os.environ["DATABASE_HOST"], None)
    except socket.gaierror:
        return print("there is no database yet: this is the first delivery, and the api makes the tables")
    with closing(database.connect()) as connection:
        return print(f"{database.prepare(connection)} steps")


if __name__ == "__main__":
    main()
