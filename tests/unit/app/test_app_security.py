"""Headers, and the vote's protection against foreign sites."""

import base64
import hashlib
import re

import pytest

from tests.unit.app.ballots import form_token, press


@pytest.mark.parametrize("path", ["/", "/nowhere", "/healthz", "/readyz", "/version"])
def test_every_response_carries_the_security_headers(browser, path):
    headers = browser.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert "unsafe" not in headers["Content-Security-Policy"]


@pytest.mark.parametrize("kind", ["style", "script"])
def test_the_policy_admits_exactly_the_style_sheet_and_the_script_in_the_page(browser, kind):
    answer = browser.get("/")
    text = re.search(rf"<{kind}>(.*?)</{kind}>", answer.text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    assert f"{kind}-src 'sha256-{digest}';" in answer.headers["Content-Security-Policy"]


def test_the_script_may_ask_nobody_but_where_it_comes_from(browser):
    assert "connect-src 'self';" in browser.get("/").headers["Content-Security-Policy"]


def test_the_cookie_is_out_of_reach_of_scripts_and_foreign_sites(browser):
    cookie = browser.get("/").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


@pytest.mark.parametrize("token", ["", "0" * 64, "é", "x" * 64])
def test_a_vote_with_a_wrong_token_is_refused(browser, token):
    assert press(browser, "Tea", csrf=token).status_code == 403
    assert "0 votes in all" in browser.get("/").text


def test_a_vote_without_the_cookie_is_refused(app):
    token = form_token(app.test_client().get("/").text)
    answer = app.test_client().post("/", data={"csrf": token, "option": "Tea"})
    assert answer.status_code == 403


def test_a_vote_with_another_visitors_token_is_refused(app, browser):
    other = form_token(app.test_client().get("/").text)
    assert press(browser, "Tea", csrf=other).status_code == 403


def test_a_cookie_made_up_by_someone_else_is_replaced(browser):
    browser.set_cookie("csrf", "chosen-by-attacker")
    browser.get("/")
    assert re.fullmatch("[0-9a-f]{32}", browser.get_cookie("csrf").value)


ELSEWHERE = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:81"},
    {"Origin": "http://localhost.evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
]
HERE = [
    {},
    {"Origin": "http://localhost"},
    {"Origin": "https://localhost"},  # TLS may end before the app
    {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
]


@pytest.mark.parametrize(
    ("headers", "status"), [*((case, 403) for case in ELSEWHERE), *((case, 303) for case in HERE)]
)
def test_a_form_of_another_site_is_refused_even_with_its_token(browser, headers, status):
    token = form_token(browser.get("/").text)
    assert browser.post("/", data={"csrf": token, "option": "Tea"}, headers=headers).status_code == status


def test_by_https_the_cookie_is_this_hosts_own_and_browsers_may_be_told_to_stay_with_it(make_app):
    answer = make_app(SCHEME="https", HSTS_SECONDS="3600").test_client().get("/")
    assert answer.headers["Set-Cookie"].startswith("__Host-csrf=")
    assert {"Secure", "Path=/"} <= set(answer.headers["Set-Cookie"].split("; "))
    assert answer.headers["Strict-Transport-Security"] == "max-age=3600"
    assert "Strict-Transport-Security" not in make_app(SCHEME="https").test_client().get("/").headers


def test_replicas_accept_each_others_forms(make_app):
    first, other = make_app().test_client(), make_app(POD_NAME="front-xyz").test_client()
    token = form_token(first.get("/").text)
    other.set_cookie("csrf", first.get_cookie("csrf").value)
    assert other.post("/", data={"csrf": token, "option": "Tea"}).status_code == 303


def test_another_installations_forms_are_refused(make_app):
    first, other = make_app().test_client(), make_app(REDIS_PASSWORD="another").test_client()
    token = form_token(first.get("/").text)
    other.set_cookie("csrf", first.get_cookie("csrf").value)
    assert other.post("/", data={"csrf": token, "option": "Tea"}).status_code == 403
