"""Which addresses a rehearsal uses: one /16, pods in the lower half, Services in the upper."""

import hashlib
import json
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

_ROUTES = Path("/proc/net/route")
_CANDIDATES = (
    *(IPv4Network(f"10.{number}.0.0/16") for number in range(16, 240)),
    *(IPv4Network(f"172.{number}.0.0/16") for number in range(18, 32)),
    # Reserved for benchmarks (RFC 2544), so hardly ever routed.
    IPv4Network("198.18.0.0/16"),
    IPv4Network("198.19.0.0/16"),
)


@dataclass(frozen=True)
class AddressPlan:
    subnet: IPv4Network

    @property
    def pods(self) -> IPv4Network:
        return next(self.subnet.subnets(prefixlen_diff=1))

    @property
    def services(self) -> IPv4Network:
        return list(self.subnet.subnets(prefixlen_diff=1))[1]

    @property
    def gateway(self) -> IPv4Address:
        """The host's address on the network."""
        return self.subnet[1]

    @property
    def proxy(self) -> IPv4Address:
        return self.subnet[2]


def load(state_dir: Path, rehearsal_id: str) -> AddressPlan:
    """The plan of an earlier start, or a new one that meets none of the host's routes."""
    saved = state_dir / "network.json"
    if saved.exists():
        return AddressPlan(IPv4Network(json.loads(saved.read_text())["subnet"]))
    plan = AddressPlan(choose(taken(), rehearsal_id))
    saved.write_text(json.dumps({"subnet": str(plan.subnet)}))
    return plan


def choose(taken: list[IPv4Network], rehearsal_id: str) -> IPv4Network:
    """A free candidate; two rehearsals that start at once begin their search at different places."""
    start = int.from_bytes(hashlib.sha256(rehearsal_id.encode()).digest()[:4]) % len(_CANDIDATES)
    for candidate in (*_CANDIDATES[start:], *_CANDIDATES[:start]):
        if not any(candidate.overlaps(other) for other in taken):
            return candidate
    return _CANDIDATES[-1]


def taken() -> list[IPv4Network]:
    """What the host routes, Docker's bridges among it; the default route does not count."""
    if not _ROUTES.exists():
        return []
    rows = [line.split() for line in _ROUTES.read_text().splitlines()[1:]]
    routes = [IPv4Network((int(_address(row[1])), str(_address(row[7])))) for row in rows]
    return [route for route in routes if route.prefixlen]


def _address(little_endian: str) -> IPv4Address:
    return IPv4Address(bytes.fromhex(little_endian)[::-1])
