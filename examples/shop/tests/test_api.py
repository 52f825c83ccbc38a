"""The API, with a database that only answers what it is told to."""

import json
import sys
import threading
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).parents[1] / "api"))

from servers import get, serving
from shop import database, migrate, server, worker


class Rows:
    """A connection: rows by how a statement begins; what was asked is kept."""

    def __init__(self, **rows):
        self.rows, self.asked = rows, []

    def run(self, sql, **values):
        self.asked.append((sql, values))
        return next((rows for start, rows in self.rows.items() if sql.startswith(start)), [])

    def close(self):
        pass


class ApiTest(unittest.TestCase):
    def ask(self, path, body=None, **rows):
        with mock.patch.object(database, "connect", lambda: Rows(**rows)), serving(server.Api) as url:
            status, text = get(url + path, body)
        return status, json.loads(text)

    def test_it_tells_its_version(self):
        with mock.patch.dict("os.environ", VERSION="1.2.3"):
            self.assertEqual(self.ask("/version"), (200, {"version": "1.2.3"}))

    def test_it_lists_the_products(self):
        self.assertEqual(self.ask("/products", SELECT=[["tea", 450]]), (200, [{"name": "tea", "cents": 450}]))

    def test_it_takes_an_order(self):
        self.assertEqual(self.ask("/orders", b'{"product": "tea"}', INSERT=[[7]]), (201, {"order": 7}))

    def test_what_is_no_order_is_refused(self):
        for body in (b"tea", b"[]", b"{}", b'{"product": "tea", "count": "many"}', b'{"product": "gold"}'):
            self.assertEqual(self.ask("/orders", body)[0], 400, body)

    def test_there_is_no_other_page(self):
        self.assertEqual(self.ask("/admin")[0], 404)


class DatabaseTest(unittest.TestCase):
    def test_only_steps_that_have_not_run_are_run(self):
        for done in range(len(database.STEPS) + 1):
            rows = Rows(**{"SELECT coalesce": [[done]]})
            self.assertEqual(database.prepare(rows), len(database.STEPS) - done)

    def migrated(self, **connect) -> str:
        """What the Job says."""
        with (
            mock.patch.object(database, "connect", **connect),
            mock.patch.object(database, "away", lambda: ConnectionError),
            mock.patch("builtins.print") as said,
        ):
            migrate.main()
        return said.call_args.args[0]

    def test_without_a_database_nothing_is_migrated_and_the_delivery_goes_on(self):
        self.assertIn("no database answers", self.migrated(side_effect=ConnectionError("refused")))

    def test_the_steps_are_run_before_a_delivery(self):
        rows = Rows(**{"SELECT coalesce": [[0]]})
        self.assertEqual(self.migrated(return_value=rows), f"{len(database.STEPS)} steps")

    def test_a_step_that_fails_ends_the_delivery(self):
        broken = mock.Mock()
        broken.run.side_effect = ValueError("a step")
        with self.assertRaises(ValueError):
            self.migrated(return_value=broken)


class WorkerTest(unittest.TestCase):
    def test_a_database_that_is_away_for_a_while_does_not_end_it(self):
        stop = threading.Event()
        with (
            mock.patch.object(database, "connect", side_effect=ConnectionError("refused")),
            mock.patch.object(database, "errors", lambda: ConnectionError),
            mock.patch.object(worker, "PAUSE", 0),
            mock.patch.object(worker, "ALIVE") as alive,
            mock.patch("builtins.print") as said,
        ):
            worker.work(stop)
        self.assertIn("no database: refused", said.call_args.args[0])
        alive.touch.assert_called_once_with()


if __name__ == "__main__":
    unittest.main()
