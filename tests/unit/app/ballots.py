"""Filling in the voting form as a browser does."""

import re


def form_token(page: str) -> str:
    return re.search(r'name="csrf" value="([0-9a-f]+)"', page)[1]


def press(browser, option: str, **changed):
    """Opens the page and presses one answer; ``changed`` replaces fields of the form."""
    token = form_token(browser.get("/").text)
    return browser.post("/", data={"csrf": token, "option": option, **changed})
