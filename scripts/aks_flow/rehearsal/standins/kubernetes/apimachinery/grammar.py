r"""The grammars of names: each function gives what is wrong with a text, in a standard server's words.

https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
"""

import re
from collections.abc import Callable
from ipaddress import ip_address, ip_network

_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SERVICE = "[a-z]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(\.{_LABEL})*"
_WILDCARD = rf"\*\.{_SUBDOMAIN}"
_QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_LABEL_VALUE = f"({_QUALIFIED})?"
_KEY = "[-._a-zA-Z0-9]+"
_HEADER = "[-A-Za-z0-9]+"
_PERCENT = "[0-9]+%"
_VARIABLE = "[ -<>-~]+"
_ENDS = "and must start and end with an alphanumeric character"


def label(text: str) -> list[str]:
    rule = f"a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', {_ENDS}"
    return _follows(text, _LABEL, 63, f"{rule} (e.g. 'my-name',  or '123-abc', {_used(_LABEL)})")


def service_name(text: str) -> list[str]:
    rule = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
    rule += "alphabetic character, and end with an alphanumeric character"
    return _follows(text, _SERVICE, 63, f"{rule} (e.g. 'my-name',  or 'abc-123', {_used(_SERVICE)})")


def subdomain(text: str) -> list[str]:
    rule = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
    return _follows(text, _SUBDOMAIN, 253, f"{rule}{_ENDS} (e.g. 'example.com', {_used(_SUBDOMAIN)})")


def wildcard(text: str) -> list[str]:
    rule = (
        "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must "
    )
    rule += "consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character"
    return _follows(text, _WILDCARD, 253, f"{rule} (e.g. '*.example.com', {_used(_WILDCARD)})")


def address(text: str) -> list[str]:
    return _reads(ip_address, text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")


def cidr(text: str) -> list[str]:
    fault = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
    return _reads(lambda value: ip_network(value, strict=False), text, fault) if "/" in text else [fault]


def qualified_name(text: str) -> list[str]:
    """A key of a label: ``[PREFIX/]NAME``."""
    prefix, slash, name = text.rpartition("/")
    rule = f"must consist of alphanumeric characters, '-', '_' or '.', {_ENDS}"
    rule += f" (e.g. 'MyName',  or 'my.name',  or '123-abc', {_used(_QUALIFIED)})"
    faults = [f"prefix part {fault}" for fault in subdomain(prefix)] if slash else []
    faults += [] if name else ["name part must be non-empty"]
    return faults + [f"name part {fault}" for fault in _follows(name, _QUALIFIED, 63, rule)]


def label_value(text: str) -> list[str]:
    rule = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', "
    example = f"(e.g. 'MyValue',  or 'my_value',  or '12345', {_used(_LABEL_VALUE)})"
    return _follows(text, _LABEL_VALUE, 63, f"{rule}{_ENDS} {example}")


def config_key(text: str) -> list[str]:
    rule = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
    example = f"(e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', {_used(_KEY)})"
    faults = _follows(text, _KEY, 253, f"{rule} {example}")
    if text in (".", ".."):
        return [*faults, f"must not be '{text}'"]
    return [*faults, "must not start with '..'"] if text.startswith("..") else faults


def path_segment(text: str) -> list[str]:
    """A name that stands between the slashes of an address."""
    if text in (".", ".."):
        return [f"may not be '{text}'"]
    return [f"may not contain '{part}'" for part in "/%" if part in text]


def variable(text: str) -> list[str]:
    rule = "a valid environment variable name must consist only of printable ASCII characters other than '='"
    return _follows(text, _VARIABLE, None, rule)


def http_header(text: str) -> list[str]:
    rule = "a valid HTTP header must consist of alphanumeric characters or '-'"
    return _follows(text, _HEADER, None, f"{rule} (e.g. 'X-Header-Name', {_used(_HEADER)})")


def percent(text: str) -> list[str]:
    rule = "a valid percent string must be a numeric string followed by an ending '%'"
    return _follows(text, _PERCENT, None, f"{rule} (e.g. '1%',  or '93%', {_used(_PERCENT)})")


def port_name(text: str) -> list[str]:
    allowed = "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"
    rules = (
        (len(text) <= 15, "must be no more than 15 characters"),
        (re.fullmatch("[-a-z0-9]+", text), allowed),
        (re.search("[a-z]", text), "must contain at least one letter (a-z)"),
        ("--" not in text, "must not contain consecutive hyphens"),
        (not text.startswith("-") and not text.endswith("-"), "must not begin or end with a hyphen"),
    )
    return [fault for holds, fault in rules if not holds]


def _reads(read: Callable[[str], object], text: str, fault: str) -> list[str]:
    try:
        read(text)
    except ValueError:
        return [fault]
    return []


def _used(pattern: str) -> str:
    return f"regex used for validation is '{pattern}'"


def _follows(text: str, pattern: str, most: int | None, fault: str) -> list[str]:
    faults = [] if re.fullmatch(pattern, text) else [fault]
    return faults + ([f"must be no more than {most} characters"] if most and len(text) > most else [])
