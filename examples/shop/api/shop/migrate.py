"""The Job before a delivery: brings the tables to what its version needs.

If it fails, nothing else changes. So it does not fail where there is no database yet, or where that is away:
the delivery may be what brings it back, and the api makes the tables before it serves.
"""

from contextlib import closing

from shop import database


def main() -> None:
    try:
        connection = database.connect()
    except database.away() as error:
        return print(f"no database answers, and the api will make the tables: {error}")
    with closing(connection):
        return print(f"{database.prepare(connection)} steps")


if __name__ == "__main__":
    main()
