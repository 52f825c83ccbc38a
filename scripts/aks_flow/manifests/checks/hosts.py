"""Hosts that a text names: of a URL, and names of the cluster's DNS anywhere in it. Pure, and never an error.

https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Schemes behind which a host stands. A bucket, a file or a database in memory has none.
DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_OTHERS = (
    "amqp amqps cassandra clickhouse cockroachdb couchbase elasticsearch ftp ftps grpc grpcs "
    "imap imaps kafka ldap ldaps mariadb memcache memcached mongodb mqtt mqtts mssql mysql nats "
    "neo4j opensearch oracle otlp postgres postgresql pulsar redis rediss sftp smtp smtps "
    "sqlserver ssh stan statsd syslog tcp tls udp valkey zipkin"
)
SCHEMES = {*DEFAULT_PORTS, *_OTHERS.split()}
DOMAIN = ("cluster", "local")

_URL = re.compile(r"([a-z][a-z0-9+.-]*)://(?:[^@/?#\s]*@)?([^/?#\s]*)[^\s]*", re.IGNORECASE)
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"({_LABEL}(?:\.{_LABEL})*)\.?(?::([0-9]{{1,5}}))?", re.IGNORECASE)
_WORD = re.compile(r"(?<![\w.$(){}<>%*-])[a-z0-9_][a-z0-9._-]*(?::[0-9]{1,5}(?![0-9]))?", re.IGNORECASE)


@dataclass(frozen=True)
class NamedHost:
    """A name and a port. port: None if none is said."""

    name: str
    port: int | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(self.name.split("."))

    @property
    def is_number(self) -> bool:
        """An address, or the last label of one."""
        return self.labels[-1].isdigit()


def of_url(text: str) -> Iterator[NamedHost]:
    """The hosts of a text that is a URL as a whole: some databases' URLs have several."""
    url = _URL.fullmatch(text.strip())
    scheme = url[1].lower().partition("+")[0] if url else ""
    for part in url[2].split(",") if scheme in SCHEMES else ():
        host = _HOST.fullmatch(part)
        if host:
            port = int(host[2]) if host[2] else DEFAULT_PORTS.get(scheme)
            yield NamedHost(host[1].lower(), port)


def of_cluster(text: str) -> Iterator[NamedHost]:
    """The names in a text that are of the cluster's DNS: with ``.svc``, or ending in its domain."""
    if ".svc" not in text and ".".join(DOMAIN) not in text:
        return
    for word in _WORD.findall(text):
        name, _, port = word.partition(":")
        host = NamedHost(name.rstrip(".-_").lower(), int(port) if port else None)
        labels = host.labels
        if "svc" in labels[2:] or (labels[-2:] == DOMAIN and len(labels) > 3):
            yield host
