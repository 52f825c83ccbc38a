"""What the cluster and its people ask a pod: is it alive, is it ready, what is it."""

from flask import Blueprint, current_app, jsonify

from vote.lifecycle import draining
from vote.release import Release
from vote.store import Unavailable, Votes


def blueprint(votes: Votes, release: Release) -> Blueprint:
    health = Blueprint("health", __name__)

    @health.get("/healthz")
    def healthz():
        """The process answers. Redis plays no part: a restart would not bring it back."""
        return jsonify(status="ok")

    @health.get("/readyz")
    def readyz():
        """Votes can be counted here and the process is not on its way out."""
        if draining.is_set():
            return jsonify(status="draining"), 503
        try:
            votes.ping()
        except Unavailable as error:
            current_app.logger.warning("Redis does not answer: %s", error)
            return jsonify(status="redis unavailable"), 503
        return jsonify(status="ok")

    @health.get("/version")
    def version():
        return jsonify(version=release.version, commit=release.commit, pod=release.pod, image=release.image)

    return health
