"""Pages for what went wrong."""

from flask import Flask, render_template, request
from werkzeug.exceptions import HTTPException

from vote.store import Unavailable

_LOST_VOTE = "Your vote may not have been counted. "


def install(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def refused(error: HTTPException):
        return _page(error.name, error.description), error.code, _kept_headers(error)

    @app.errorhandler(Unavailable)
    def unavailable(error: Exception):
        app.logger.error("Redis does not answer: %s", error)
        lost = _LOST_VOTE if request.method == "POST" else ""
        text = f"{lost}The place where votes are kept does not answer. Please try again in a moment."
        return _page("Voting is paused", text), 503, {"Retry-After": "5"}


def _page(heading: str, text: str | None) -> str:
    return render_template("message.html", heading=heading, text=text)


def _kept_headers(error: HTTPException) -> list[tuple[str, str]]:
    """What the error must say besides its page, such as Allow or Location."""
    return [
        (name, value) for name, value in error.get_headers() if name not in {"Content-Type", "Content-Length"}
    ]
