"""The page people see: the question, the answers, the count."""

import logging
from dataclasses import dataclass

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for

from vote.config import Config
from vote.csrf import Csrf
from vote.metrics import Metrics
from vote.store import Votes

_log = logging.getLogger("vote.pages")


@dataclass(frozen=True)
class Row:
    """One option as shown; percent is a whole number of all votes."""

    option: str
    count: int
    percent: int


def rows(counts: dict[str, int]) -> list[Row]:
    total = sum(counts.values())
    return [
        Row(option, count, round(100 * count / total) if total else 0) for option, count in counts.items()
    ]


def blueprint(config: Config, votes: Votes, csrf: Csrf, metrics: Metrics) -> Blueprint:
    pages = Blueprint("pages", __name__)

    @pages.get("/")
    def ballot():
        counts = votes.counts()
        nonce = csrf.nonce(request)
        voted = request.args.get("voted")
        page = make_response(
            render_template(
                "ballot.html",
                rows=rows(counts),
                total=sum(counts.values()),
                voted=voted if voted in config.options else None,
                csrf_token=csrf.token(nonce),
            )
        )
        csrf.remember(page, nonce)
        return page

    @pages.post("/")
    def vote():
        if not csrf.accepts(request):
            abort(403, "This form is out of date. Open the page again and vote once more.")
        option = request.form.get("option", "")
        if option not in config.options:
            abort(400, "That is not one of the answers. Your vote was not counted.")
        votes.add(option)
        metrics.votes.labels(option).inc()
        _log.info("vote counted", extra={"fields": {"option": option}})
        return redirect(url_for("pages.ballot", voted=option), 303)

    return pages
