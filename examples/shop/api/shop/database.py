"""Products and orders in PostgreSQL. A connection is for one thread."""

import os

# What makes the tables, in this order. One that has run somewhere stays as it is; a change is a new one.
STEPS = (
    "CREATE TABLE products (name text PRIMARY KEY, cents integer NOT NULL)",
    "INSERT INTO products VALUES ('tea', 450), ('coffee', 690), ('cocoa', 520)",
    "CREATE TABLE orders (id serial PRIMARY KEY, product text NOT NULL REFERENCES products,"
    " count integer NOT NULL, state text NOT NULL DEFAULT 'new',"
    " ordered timestamptz NOT NULL DEFAULT now())",
)
_LOCK = 9000  # any number that nothing else locks here


def connect():
    """A connection; an error of pg8000 if the database does not answer."""
    from pg8000.native import Connection  # the tests do without it

    return Connection(
        "shop",
        host=os.environ["DATABASE_HOST"],
        password=os.environ["DATABASE_PASSWORD"],
        database="postgres",
        timeout=5,
    )


def away() -> type[Exception]:
    """What `connect` raises when nobody answers."""
    from pg8000.exceptions import InterfaceError

    return InterfaceError


def errors() -> type[Exception]:
    """What is raised when the database does not answer, or has no tables yet."""
    from pg8000.exceptions import Error

    return Error


def prepare(database) -> int:
    """Run the steps that have not run yet, whoever else does so at the same time; how many ran."""
    database.run("START TRANSACTION")
    database.run("SELECT pg_advisory_xact_lock(:lock)", lock=_LOCK)
    database.run("CREATE TABLE IF NOT EXISTS steps (done integer NOT NULL)")
    [[done]] = database.run("SELECT coalesce(max(done), 0) FROM steps")
    for step in STEPS[done:]:
        database.run(step)
    database.run("INSERT INTO steps VALUES (:done)", done=max(done, len(STEPS)))
    database.run("COMMIT")
    return len(STEPS[done:])


def products(database) -> list[dict]:
    rows = database.run("SELECT name, cents FROM products ORDER BY name")
    return [{"name": name, "cents": cents} for name, cents in rows]


def order(database, product: str, count: int) -> int:
    """The new order's number; KeyError for a product that is not sold."""
    sold = "SELECT name, :count FROM products WHERE name = :name"
    rows = database.run(f"INSERT INTO orders (product, count) {sold} RETURNING id", name=product, count=count)
    if not rows:
        raise KeyError(product)
    return rows[0][0]


def pack(database) -> int | None:
    """Pack the oldest order that waits: its number, None if none does."""
    oldest = "SELECT id FROM orders WHERE state = 'new' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED"
    rows = database.run(f"UPDATE orders SET state = 'packed' WHERE id = ({oldest}) RETURNING id")
    return rows[0][0] if rows else None


def states(database) -> dict[str, int]:
    """How many orders are in each state."""
    return dict(database.run("SELECT state, count(*) FROM orders GROUP BY state"))


def ordered(database) -> dict[str, int]:
    """How many of each product were ordered in the last day."""
    recent = "SELECT product, sum(count)::integer FROM orders WHERE ordered > now() - interval '1 day'"
    return dict(database.run(f"{recent} GROUP BY product"))
