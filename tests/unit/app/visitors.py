"""People and proxies that visit a running front end over HTTP."""

import http.client
import http.cookiejar
import urllib.error
import urllib.parse
import urllib.request

from tests.unit.app.ballots import form_token
from tests.unit.app.servers import status


def statuses(url: str) -> tuple:
    """Of the page, of readiness and of liveness."""
    return status(url), status(f"{url}/readyz"), status(f"{url}/healthz")


def page(url: str) -> str:
    return body(url).decode()


def body(url: str) -> bytes:
    """What the server sends, whatever the status."""
    try:
        return urllib.request.urlopen(url, timeout=5).read()
    except urllib.error.HTTPError as error:
        return error.read()


def connection_header(connection: http.client.HTTPConnection) -> str:
    """What one more request on a kept connection is told about the next."""
    connection.request("GET", "/healthz")
    answer = connection.getresponse()
    answer.read()
    return answer.headers["Connection"]


def vote(url: str) -> None:
    """One visitor: opens the page, presses an answer, is led back."""
    cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    browser = urllib.request.build_opener(cookies)
    token = form_token(browser.open(url, timeout=10).read().decode())
    form = urllib.parse.urlencode({"csrf": token, "option": "Tabs"}).encode()
    assert browser.open(url, form, timeout=10).url.endswith("/?voted=Tabs")
