"""Sign-in errors as Microsoft Entra words them."""

import datetime
import uuid

_MORE = "https://learn.microsoft.com/entra/workload-id/workload-identity-federation"


class SignInError(Exception):
    """error: OAuth's word (RFC 6749). code: the number after AADSTS."""

    def __init__(self, error: str, code: int, text: str, status: int = 401):
        super().__init__(f"AADSTS{code}: {text}")
        self.error, self.code, self.status = error, code, status

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


def no_tenant(tenant: str) -> SignInError:
    text = (
        f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing "
        "into the correct cloud. Check with your subscription administrator, this may happen if there are no "
        "active subscriptions for the tenant."
    )
    return SignInError("invalid_request", 90002, text, 400)


def no_application(client: str) -> SignInError:
    text = (
        f"Application with identifier '{client}' was not found in the directory 'Rehearsal'. This can happen "
        "if the application has not been installed by the administrator of the tenant or consented to by any "
        "user in the tenant. You may have sent your authentication request to the wrong tenant."
    )
    return SignInError("unauthorized_client", 700016, text, 400)


def wrong_secret(client: str) -> SignInError:
    text = (
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret "
        f"value, not the client secret ID, for a secret added to app '{client}'."
    )
    return SignInError("invalid_client", 7000215, text)


def no_credential(code: int, part: str, value: str) -> SignInError:
    text = (
        f"No matching federated identity record found for presented assertion {part} '{value}'. Please "
        "check your federated identity credential Subject, Audience and Issuer against the presented "
        f"assertion. {_MORE}"
    )
    return SignInError("invalid_client", code, text)


def bad_assertion(why: str) -> SignInError:
    return SignInError("invalid_client", 50027, f"JWT token is invalid or malformed: {why}.")


def old_assertion(claims: dict, now: float) -> SignInError:
    current, begins, ends = (
        datetime.datetime.fromtimestamp(at, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        for at in (now, claims.get("nbf", claims.get("iat", 0)), claims.get("exp", 0))
    )
    text = (
        "Client assertion is not within its valid time range. Current time: "
        f"{current}, assertion valid from {begins}, expiry time of assertion {ends}. Review the "
        "documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials ."
    )
    return SignInError("invalid_client", 700024, text)
