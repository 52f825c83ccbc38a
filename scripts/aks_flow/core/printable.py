"""Text from outside as a person reads it: it can command neither a terminal nor a runner."""

MOST = 500  # characters of a line


def printable(text: str) -> str:
    """One line with its control characters shown, as ``\\x1b``."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def shortened(text: str, most: int = MOST) -> str:
    """As `printable`, cut where a line is too long to be read, and said so."""
    line = printable(text)
    return line if len(line) <= most else f"{line[:most]}… ({len(line)} characters)"
