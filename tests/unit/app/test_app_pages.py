"""The voting page, seen through Flask's client."""

import html.parser

import fakeredis
import pytest
from vote.pages import Row, rows

from tests.unit.app.ballots import form_token, press


def test_the_page_asks_the_question_and_offers_every_answer(browser):
    page = browser.get("/")
    assert page.status_code == 200
    assert "<h1>Tea or coffee?</h1>" in page.text
    assert 'value="Tea"' in page.text
    assert 'value="Coffee"' in page.text


def test_a_press_is_one_vote_and_leads_back_to_the_page(browser):
    answer = press(browser, "Tea")
    assert (answer.status_code, answer.location) == (303, "/?voted=Tea")
    page = browser.get(answer.location).text
    assert "your vote for <strong>Tea</strong> was counted" in page
    assert "1 vote in all" in page


def test_votes_of_all_visitors_add_up(app):
    for option in ("Tea", "Tea", "Coffee"):
        press(app.test_client(), option)
    page = app.test_client().get("/").text
    assert "3 votes in all" in page
    assert "67<small>%</small>" in page
    assert "33<small>%</small>" in page


def test_opening_the_page_again_counts_nothing(browser):
    location = press(browser, "Tea").location
    browser.get(location)
    assert "1 vote in all" in browser.get(location).text


@pytest.mark.parametrize("option", ["", "Cocoa", "tea", "Tea,Coffee", "<script>"])
def test_an_answer_that_was_not_offered_is_refused(browser, option):
    answer = press(browser, option)
    assert answer.status_code == 400
    assert "not one of the answers" in answer.text
    assert "0 votes in all" in browser.get("/").text


def test_a_vote_claimed_by_the_address_alone_is_not_shown(browser):
    assert "was counted" not in browser.get("/?voted=Cocoa").text


def test_titles_and_answers_are_text_not_markup(make_app):
    page = make_app(TITLE="<b>?", OPTIONS="<i>,B&B").test_client().get("/").text
    assert "<h1>&lt;b&gt;?</h1>" in page
    assert 'value="&lt;i&gt;"' in page
    assert "B&amp;B" in page


def test_percentages_are_of_all_votes_and_zero_without_any():
    assert rows({"a": 0, "b": 0}) == [Row("a", 0, 0), Row("b", 0, 0)]
    assert rows({"a": 1, "b": 3}) == [Row("a", 1, 25), Row("b", 3, 75)]


def test_the_page_says_what_runs_where(browser):
    page = browser.get("/").text
    for fact in ("1.2.0", "8dba6ddc0ffe", "front-abc"):
        assert f"<dd>{fact}</dd>" in page


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("DELETE", "/", 405)])
def test_errors_are_pages_too(browser, method, path, status):
    answer = browser.open(path, method=method)
    assert answer.status_code == status
    assert "Back to the question" in answer.text
    assert answer.content_type.startswith("text/html")
    assert ("Allow" in answer.headers) == (status == 405)


def test_a_form_larger_than_any_vote_is_refused(browser):
    assert press(browser, "Tea" * 5000).status_code == 413


def test_a_failure_inside_is_a_page_without_details(app, monkeypatch):
    monkeypatch.setattr("vote.pages.rows", lambda counts: 1 / 0)
    answer = app.test_client().get("/")
    assert answer.status_code == 500
    assert "ZeroDivision" not in answer.text


def test_without_redis_the_page_says_so_and_comes_back(browser, redis_server):
    redis_server.connected = False
    answer = browser.get("/")
    assert answer.status_code == 503
    assert "Voting is paused" in answer.text
    assert answer.headers["Retry-After"] == "5"
    redis_server.connected = True
    assert browser.get("/").status_code == 200


def test_a_vote_without_redis_is_not_promised(browser, redis_server):
    token = form_token(browser.get("/").text)
    redis_server.connected = False
    answer = browser.post("/", data={"csrf": token, "option": "Tea"})
    assert answer.status_code == 503
    assert "may not have been counted" in answer.text


class _Elements(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_the_page_needs_nothing_from_elsewhere(browser):
    elements = _Elements()
    elements.feed(browser.get("/").text)
    assert ("script", {}) in elements.found
    for tag, attributes in elements.found:
        assert tag not in {"iframe", "object"} and "src" not in attributes
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        assert attributes.get("href", "data:").startswith(("data:", "/"))


def test_another_version_is_told_by_a_script_and_without_one_by_a_link(browser):
    text = browser.get("/").text
    assert '<p id="newer" role="status" data-version="1.2.0" hidden>' in text
    assert '<noscript><p><a href="/">Reload</a>' in text


def test_the_page_is_set_up_for_phones_and_screen_readers(browser):
    elements = _Elements()
    elements.feed(browser.get("/?voted=Tea").text)
    assert ("html", {"lang": "en"}) in elements.found
    assert ("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}) in elements.found
    assert [tag for tag, _ in elements.found].count("h1") == 1
    assert any(attributes.get("role") == "status" for _, attributes in elements.found)


@pytest.mark.parametrize("value", ["many", "1.5", b"\xff\xfe", "9" * 5000])
def test_what_is_no_count_in_redis_is_said_as_a_pause(redis_server, browser, value):
    fakeredis.FakeRedis(server=redis_server).hset("votes", "Tea", value)
    answer = browser.get("/")
    assert (answer.status_code, "Voting is paused" in answer.text) == (503, True)
