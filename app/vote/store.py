"""The votes, in one Redis hash: option -> count."""

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from vote.config import Config

KEY = "votes"
TIMEOUT = 0.5  # seconds; a page that says "later" beats a page that hangs

Unavailable = redis.RedisError


def connect(config: Config) -> redis.Redis:
    """A client that connects on first use and again after a failure, without repeating a command.

    A vote whose answer was lost may have been counted: repeating it could count it twice.
    """
    return redis.Redis.from_url(
        config.redis_url,
        password=config.redis_password,
        socket_timeout=TIMEOUT,
        socket_connect_timeout=TIMEOUT,
        retry=Retry(NoBackoff(), 0),
        decode_responses=True,
        encoding_errors="replace",  # what is no text is no count either
    )


class Votes:
    """Every method raises Unavailable while Redis does not answer, or holds something that is no count."""

    def __init__(self, client: redis.Redis, options: tuple[str, ...]):
        self._client = client
        self._options = options

    def add(self, option: str) -> None:
        """Counts one vote, atomically."""
        self._client.hincrby(KEY, option, 1)

    def counts(self) -> dict[str, int]:
        """Votes by option, in the order of the options; 0 for one nobody chose."""
        counts = self._client.hmget(KEY, self._options)
        return {option: _number(option, count) for option, count in zip(self._options, counts, strict=True)}

    def ping(self) -> None:
        self._client.ping()


def _number(option: str, count: str | None) -> int:
    try:
        return int(count or 0)
    except ValueError as error:
        raise Unavailable(f"the count of {option!r} is {count!r}, which is no number") from error
