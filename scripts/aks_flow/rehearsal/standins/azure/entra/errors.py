"""Sign-in errors as Microsoft Entra words them."""

import datetime
import uuid

_FEDERATION = "https://learn.microsoft.com/entra/workload-id/workload-identity-federation"
_CERTIFICATES = "https://learn.microsoft.com/entra/identity-platform/certificate-credentials"
_NO_RECORD = (
    "No matching federated identity record found for presented assertion {part} '{value}'. Please check "
    f"your federated identity credential Subject, Audience and Issuer against the presented "
    f"assertion. {_FEDERATION}"
)
# The number after AADSTS: OAuth's word for it (RFC 6749), the status, and the sentence.
_ERRORS = {
    50027: ("invalid_client", 401, "JWT token is invalid or malformed: {why}."),
    50011: (
        *("invalid_client", 400),
        "The redirect URI '{uri}' specified in the request does not match the redirect URIs configured for "
        "the application '{client}'.",
    ),
    70000: ("invalid_grant", 400, "The provided authorization code or refresh token is not valid."),
    70003: (
        *("unsupported_grant_type", 400),
        "The grant type '{grant}' is not supported over the token endpoint.",
    ),
    90002: (
        *("invalid_request", 400),
        "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into "
        "the correct cloud. Check with your subscription administrator, this may happen if there are no "
        "active subscriptions for the tenant.",
    ),
    700016: (
        *("unauthorized_client", 400),
        "Application with identifier '{client}' was not found in the directory 'Rehearsal'. This can happen "
        "if the application has not been installed by the administrator of the tenant or consented to by any "
        "user in the tenant. You may have sent your authentication request to the wrong tenant.",
    ),
    700024: (
        *("invalid_client", 401),
        "Client assertion is not within its valid time range. Current time: {now}, assertion valid from "
        "{begins}, expiry time of assertion {ends}. Review the documentation at "
        f"{_CERTIFICATES} .",
    ),
    700211: ("invalid_client", 401, _NO_RECORD),
    700212: ("invalid_client", 401, _NO_RECORD),
    700213: ("invalid_client", 401, _NO_RECORD),
    7000215: (
        *("invalid_client", 401),
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret "
        "value, not the client secret ID, for a secret added to app '{client}'.",
    ),
}


class SignInError(Exception):
    """code: a number of the table; ``about``: what its sentence names."""

    def __init__(self, code: int, **about: str):
        self.error, self.status, text = _ERRORS[code]
        super().__init__(f"AADSTS{code}: {text.format(**about)}")
        self.code = code

    def body(self) -> dict:
        now = f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d %H:%M:%SZ}"
        trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
        ids = f"Trace ID: {trace} Correlation ID: {correlation} Timestamp: {now}"
        return {
            "error": self.error,
            "error_description": f"{self} {ids}",
            "error_codes": [self.code],
            **{"timestamp": now, "trace_id": trace, "correlation_id": correlation},
        }
