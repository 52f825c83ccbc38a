"""A network of its own for a process: a pair of virtual interfaces, and this machine's way out.

Each takes one of 64 small networks of TEST-NET-3, which is for examples (RFC 5737): one that no interface of
this machine is in, and whose interface name is free, which the kernel decides when several ask at once.
"""

import ipaddress
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NETWORKS = list(ipaddress.ip_network("203.0.113.0/24").subnets(new_prefix=30))
FORWARDING = Path("/proc/sys/net/ipv4/ip_forward")


@contextmanager
def attached(pid: int) -> Iterator[None]:
    """A way out for the network namespace of a process. The interfaces end with that namespace."""
    name, network = _claim(pid)
    here, there = network.hosts()
    _run("ip", "address", "add", f"{here}/30", "dev", name)
    _run("ip", "link", "set", name, "up")
    inside = ("nsenter", f"--target={pid}", "--net", "ip")
    _run(*inside, "link", "set", "lo", "up")
    _run(*inside, "address", "add", f"{there}/30", "dev", "eth0")
    _run(*inside, "link", "set", "eth0", "up")
    _run(*inside, "route", "add", "default", "via", here)
    FORWARDING.write_text("1")  # as a Docker engine does; something else may need it by the time this ends
    with _forwarded(name, there):
        yield


def _claim(pid: int) -> tuple[str, ipaddress.IPv4Network]:
    for number, network in enumerate(NETWORKS):
        name = f"newcomer{number}"
        pair = ("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", str(pid))
        if not _is_used(network) and subprocess.run(pair, capture_output=True).returncode == 0:
            return name, network
    raise RuntimeError("no pair of virtual interfaces can be made, or 64 networks are in use")


def _is_used(network: ipaddress.IPv4Network) -> bool:
    interfaces = json.loads(_run("ip", "-4", "-json", "address"))
    taken = [address["local"] for interface in interfaces for address in interface["addr_info"]]
    return any(ipaddress.ip_address(address) in network for address in taken)


@contextmanager
def _forwarded(name: str, address: ipaddress.IPv4Address) -> Iterator[None]:
    """Before the engine's rules, whose policy is to forward nothing that it did not make."""
    answers = ("--match", "conntrack", "--ctstate", "RELATED,ESTABLISHED")
    rules = [
        ("FORWARD", "--in-interface", name, "--jump", "ACCEPT"),
        ("FORWARD", "--out-interface", name, *answers, "--jump", "ACCEPT"),
        ("POSTROUTING", "--table", "nat", "--source", address, "--jump", "MASQUERADE"),
    ]
    made = []
    try:
        for rule in rules:
            _run("iptables", "--wait", "--insert", *rule)
            made.append(rule)
        yield
    finally:
        for rule in made:
            _run("iptables", "--wait", "--delete", *rule)


def _run(*words: object) -> str:
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{words}: {done.stderr}")
    return done.stdout
