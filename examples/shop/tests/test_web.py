"""The page, with an API that only answers what it is told to."""

import sys
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).parents[1] / "web"))

import web
from servers import get, serving


class WebTest(unittest.TestCase):
    def ask(self, path, api, body=None):
        with mock.patch.object(web, "api", api), serving(web.Web) as url:
            return get(url + path, body)

    def test_the_page_shows_what_there_is_to_buy(self):
        status, text = self.ask("/", lambda path: [{"name": "tea & <cake>", "cents": 450}])
        self.assertEqual(status, 200)
        self.assertIn("tea &amp; &lt;cake&gt;, 4.50 €", text)

    def test_a_button_orders(self):
        orders = []
        self.ask("/order", lambda path, *order: orders.append(order) or [], b"product=tea")
        self.assertEqual(orders[0], ({"product": "tea"},))

    def test_without_the_api_it_says_so(self):
        def silent(*_):
            raise OSError("refused")

        self.assertEqual(self.ask("/", silent)[0], 503)
        self.assertEqual(self.ask("/order", silent, b"product=tea")[0], 503)

    def test_it_is_well_without_the_api(self):
        for path in ("/healthz", "/readyz", "/version"):
            self.assertEqual(self.ask(path, None)[0], 200)


if __name__ == "__main__":
    unittest.main()
