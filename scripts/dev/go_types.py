"""The struct types in a Go program, read from the type information that reflection keeps.

Layout: internal/abi/type.go of Go 1.26. Works on any 64-bit little-endian ELF without PIE.
"""

import struct
from pathlib import Path

_POINTER, _SLICE, _MAP, _STRUCT = 22, 23, 21, 25
_BASIC = {1: "bool", 2: "int", 5: "int32", 6: "int64", 8: "uint8", 10: "uint32", 11: "uint64", 24: "string"}
_BASIC |= {13: "float32", 14: "float64"}
_UNCOMMON_AT = {_STRUCT: 80, _POINTER: 56, _SLICE: 56}


class GoTypes:
    """structs(): {"k8s.io/api/core/v1.Pod": [(field, tag, type), …]}, for packages under a prefix."""

    def __init__(self, program: Path, prefix: str):
        self._bytes, self._prefix = program.read_bytes(), prefix
        self._segments = list(self._loaded_segments())
        sections = dict(self._sections())
        links, size = sections[".typelink"]
        self._links = struct.unpack_from(f"<{size // 4}i", self._bytes, links)
        self._types = self._find_types(*sections[".go.module"])
        self._structs: dict[str, list] = {}

    def structs(self) -> dict[str, list[tuple[str, str, str]]]:
        for link in self._links:
            self._reference(self._types + link)
        return self._structs

    def _loaded_segments(self):
        start, count = self._unpack("<Q", 32), self._unpack("<H", 56)
        for at in range(start, start + 56 * count, 56):
            if self._unpack("<I", at) == 1:
                offset, address = struct.unpack_from("<QQ", self._bytes, at + 8)
                yield address, offset, self._unpack("<Q", at + 32)

    def _sections(self):
        start, size, count, names = self._unpack("<Q", 40), *struct.unpack_from("<HHH", self._bytes, 58)
        names_at = self._unpack("<Q", start + size * names + 24)
        for at in range(start, start + size * count, size):
            name = names_at + self._unpack("<I", at)
            text = self._bytes[name : self._bytes.index(0, name)].decode()
            yield text, struct.unpack_from("<QQ", self._bytes, at + 24)

    def _find_types(self, module: int, size: int) -> int:
        """Where types start: the one address of the module data at which every type link leads to a type."""
        addresses = struct.unpack_from(f"<{size // 8}Q", self._bytes, module)
        return next(base for base in addresses if all(self._is_linked(base + link) for link in self._links))

    def _is_linked(self, address: int) -> bool:
        return self._offset(address) is not None and 17 <= self._kind(address) <= 25

    def _unpack(self, form: str, offset: int) -> int:
        return struct.unpack_from(form, self._bytes, offset)[0]

    def _offset(self, address: int) -> int | None:
        inside = (
            offset + address - start for start, offset, size in self._segments if 0 <= address - start < size
        )
        return next(inside, None)

    def _word(self, address: int, form: str = "<Q") -> int:
        return self._unpack(form, self._offset(address))

    def _kind(self, address: int) -> int:
        return self._word(address + 23, "<B") & 31

    def _text(self, at: int) -> tuple[str, int]:
        length = shift = 0
        while True:
            byte = self._bytes[at]
            length, shift, at = length | (byte & 127) << shift, shift + 7, at + 1
            if byte < 128:
                return self._bytes[at : at + length].decode(), at + length

    def _name_and_tag(self, address: int) -> tuple[str, str]:
        at = self._offset(address)
        name, end = self._text(at + 1)
        return name, self._text(end)[0] if self._bytes[at] & 2 else ""

    def _full_name(self, address: int) -> str:
        """``k8s.io/api/core/v1.Pod``; "" for a type without a name."""
        flags = self._word(address + 20, "<B")
        if not flags & 4:
            return ""
        package = self._types + self._word(address + _UNCOMMON_AT.get(self._kind(address), 48), "<i")
        name, _ = self._name_and_tag(self._types + self._word(address + 40, "<i"))
        return f"{self._name_and_tag(package)[0]}.{name.rpartition('.')[2]}" if flags & 1 else name

    def _reference(self, address: int) -> str:
        match self._kind(address):
            case k if k == _POINTER:
                return f"*{self._reference(self._word(address + 48))}"
            case k if k == _SLICE:
                return f"[]{self._reference(self._word(address + 48))}"
            case k if k == _MAP:
                key, value = self._word(address + 48), self._word(address + 56)
                return f"map[{self._reference(key)}]{self._reference(value)}"
            case k if k == _STRUCT:
                return self._struct(address)
            case k:
                return _BASIC.get(k, "any")

    def _struct(self, address: int) -> str:
        name = self._full_name(address)
        if name.startswith(self._prefix) and name not in self._structs:
            self._structs[name] = fields = []
            start, count = self._word(address + 56), self._word(address + 64)
            for at in range(start, start + 24 * count, 24):
                field, tag = self._name_and_tag(self._word(at))
                fields.append((field, tag, self._reference(self._word(at + 8))))
        return name
