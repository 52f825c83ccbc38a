"""From plain data to dataclasses: their annotations are the schema."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from types import UnionType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from aks_flow.core.config.errors import ConfigFault
from aks_flow.core.did_you_mean import did_you_mean
from aks_flow.core.names import Grammar


def read(data: Any, cls: type, path: str) -> Any:
    """A value of a dataclass, made of plain data as YAML has it. path: of its key, "" for the whole.

    ConfigFault for a key that is unknown or missing, a value of another type, and a text of another grammar.
    """
    if not isinstance(data, Mapping):
        raise ConfigFault(path, f"must be a mapping, not {_name(data)}")
    hints = get_type_hints(cls, include_extras=True)
    types = {_key(name): expected for name, expected in hints.items()}
    for key in data:
        if key not in types:
            hint = did_you_mean(str(key), sorted(types.keys() - {"root"}))
            raise ConfigFault(_join(path, key), "is not a known key", hint)
    for key in sorted(_required(cls) - set(data)):
        raise ConfigFault(_join(path, key), "is missing")
    given = {name: _key(name) for name in hints if _key(name) in data}
    return cls(**{name: _value(data[key], types[key], _join(path, key)) for name, key in given.items()})


def _key(name: str) -> str:
    """A field's key: what Python keeps for itself (``from``) has an underscore behind it."""
    return name.removesuffix("_")


def _required(cls: type) -> set[str]:
    bare = (field for field in fields(cls) if field.default is MISSING and field.default_factory is MISSING)
    return {_key(field.name) for field in bare}


def _value(value: Any, expected: Any, path: str) -> Any:
    origin, arguments = get_origin(expected), get_args(expected)
    if origin is UnionType:
        return _value(value, arguments[0], path)
    if origin is Annotated:
        return _parsed(_text(value, expected.__origin__, path), expected.__metadata__, path)
    if origin is dict:
        return _mapping(value, *arguments, path)
    if origin is tuple:
        if not isinstance(value, list):
            raise ConfigFault(path, f"must be a list, not {_name(value)}")
        return tuple(_value(item, arguments[0], f"{path}[{at}]") for at, item in enumerate(value))
    if hasattr(expected, "__dataclass_fields__"):
        return read(value, expected, path)
    return _scalar(value, expected, path)


def _mapping(value: Any, key_type: Any, item_type: Any, path: str) -> dict:
    if not isinstance(value, Mapping):
        raise ConfigFault(path, f"must be a mapping, not {_name(value)}")
    paths = {str(key): _join(path, key) for key in value}
    keys = {key: _parsed(key, key_type.__metadata__, place) for key, place in paths.items()}
    return {keys[str(key)]: _value(item, item_type, paths[str(key)]) for key, item in value.items()}


def _parsed(text: str, grammars: tuple[Grammar, ...], path: str) -> Any:
    """The value that one of the grammars gives to the text."""
    values = (grammar.read(text) for grammar in grammars)
    value = next((value for value in values if value is not None), None)
    if value is None:
        raise ConfigFault(path, f"must be {' or '.join(grammar.what for grammar in grammars)}, not {text!r}")
    return value


def _text(value: Any, expected: Any, path: str) -> str:
    """A text; where its kind may be a number too, as a port is, that is one."""
    is_number = expected == str | int and isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else _scalar(value, str, path)


def _scalar(value: Any, expected: type, path: str) -> Any:
    if expected is int and isinstance(value, str) and value.isdecimal():
        return int(value)  # an INVOKE_* variable is always a text
    if not isinstance(value, expected) or isinstance(value, bool):
        raise ConfigFault(path, f"must be {'a number' if expected is int else 'a text'}, not {_name(value)}")
    return value


def _join(path: str, key: object) -> str:
    return f"{path}.{key}" if path else str(key)


def _name(value: Any) -> str:
    names = {str: "a text", int: "a number", bool: "true or false", list: "a list", type(None): "nothing"}
    return names.get(type(value), type(value).__name__)
