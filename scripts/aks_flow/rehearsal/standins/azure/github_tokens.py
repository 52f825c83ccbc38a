"""GitHub's token service for jobs: a JSON Web Token with the subject that is asked for.

In GitHub the subject comes from the job; here whoever starts the job says it, in the request's URL
(``request_url``). Its issuer is GitHub's own name, because that is what federated credentials state.
"""

import hmac
import secrets
from urllib.parse import urlencode

from aiohttp import web

from aks_flow.rehearsal.standins.azure.cloud import Cloud

ISSUER = "https://token.actions.githubusercontent.com"
LIFETIME = 300  # seconds
_PATH = "/github/oidc/token"


def request_url(url: str, subject: str) -> str:
    """ACTIONS_ID_TOKEN_REQUEST_URL for a job with this subject; jobs add ``&audience=…``.

    It is plain HTTP: a job's Python trusts the system's certificates only.
    """
    return f"{url.replace('https', 'http', 1)}{_PATH}?{urlencode({'api-version': '2.0', 'subject': subject})}"


class GitHubTokens:
    """The token's endpoint, and the issuer's discovery for whoever wants to check a token."""

    def __init__(self, cloud: Cloud):
        self._cloud = cloud

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(_PATH, self.token),
            web.get("/github/.well-known/openid-configuration", self.discovery),
            web.get("/github/.well-known/jwks", self.keys),
        ]

    async def token(self, request: web.Request) -> web.Response:
        given = request.headers.get("Authorization", "").partition(" ")[2]
        if not hmac.compare_digest(given, self._cloud.seed.request_token):
            return web.json_response({"message": "Bad credentials"}, status=401)
        subject, now = request.query.get("subject", ""), int(self._cloud.now())
        lifetime = self._cloud.faults.setting("github token", "lifetime", LIFETIME)
        repository = subject.removeprefix("repo:").partition(":")[0]
        owner = f"https://github.com/{repository.partition('/')[0]}"
        claims = {
            **{"iss": ISSUER, "sub": subject, "aud": request.query.get("audience", owner)},
            **{"iat": now, "nbf": now - 300, "exp": now + lifetime, "jti": secrets.token_hex(16)},
            **{"repository": repository, "runner_environment": "self-hosted"},
        }
        return web.json_response({"count": 1, "value": self._cloud.signer.sign(claims)})

    async def discovery(self, request: web.Request) -> web.Response:
        keys = f"{self._cloud.url}/github/.well-known/jwks"
        about = {"issuer": ISSUER, "jwks_uri": keys, "id_token_signing_alg_values_supported": ["RS256"]}
        return web.json_response(about | {"subject_types_supported": ["public", "pairwise"]})

    async def keys(self, request: web.Request) -> web.Response:
        return web.json_response(self._cloud.signer.key_set())
