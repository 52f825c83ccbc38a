"""Pod addresses, handed out in turn so that one just given back rests for a while."""

from ipaddress import IPv4Address, IPv4Network


class AddressPool:
    """network: the pods' half. reserved: the first addresses, which are the host's and the proxy's."""

    def __init__(self, network: IPv4Network, reserved: int = 10):
        self._network, self._reserved = network, reserved
        self._next = reserved
        self._owners: dict[str, str] = {}

    def claim(self, owner: str) -> str:
        """A free address."""
        while True:
            address = str(IPv4Address(int(self._network[0]) + self._next))
            self._next += 1
            if self._next >= self._network.num_addresses - 1:
                self._next = self._reserved
            if address not in self._owners:
                self._owners[address] = owner
                return address

    def adopt(self, owner: str, address: str) -> None:
        """Note an address that a running sandbox holds."""
        self._owners[address] = owner
        used = int(IPv4Address(address)) - int(self._network[0])
        self._next = max(self._next, min(used + 1, self._network.num_addresses - 2))

    def release(self, owner: str) -> None:
        self._owners = {address: other for address, other in self._owners.items() if other != owner}
