"""Standard streams that outlast whoever reads them: a delivery goes on where nobody hears what it says."""

import errno
import io
import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_NOBODY_READS = (errno.EPIPE, errno.EIO)  # `./inv push | head`; a terminal that was closed


class _Lasting(io.FileIO):
    """A descriptor that takes what is written once it has failed, and keeps why it did."""

    lost: OSError | None = None

    def write(self, data) -> int:
        try:
            while (written := super().write(data)) is None:  # another program has made it non-blocking
                select.select([], [self], [])
            return written
        except OSError as error:
            self.lost = error
            with open(os.devnull, "wb") as nothing:
                os.dup2(nothing.fileno(), self.fileno())  # so that programs that inherit it go on too
            return len(data)


@contextmanager
def lasting() -> Iterator[None]:
    """Standard output and error of the block, which is not told of a failure to write.

    It ends with exit code 1 if an answer was lost, as on a full disk.
    """
    _open_what_is_closed()
    output, sys.stdout = _of(1, sys.stdout)
    _, sys.stderr = _of(2, sys.stderr)
    code = None
    try:
        yield
    except SystemExit as end:
        code = end.code
    sys.stdout.flush()
    if output.lost and output.lost.errno not in _NOBODY_READS:
        what = f"error: standard output cannot be written: {output.lost.strerror}; the run itself went on"
        sys.stderr.write(f"{what}. Make room, then ask for the answer again.\n")
        code = code or 1
    sys.exit(code)


def _of(number: int, stream: io.TextIOWrapper | None) -> tuple[_Lasting, io.TextIOWrapper]:
    """A letter that the encoding does not have is shown as its code."""
    raw = _Lasting(number, "wb", closefd=False)
    encoding, by_line = (stream.encoding, stream.line_buffering) if stream else (None, False)
    text = io.TextIOWrapper(
        io.BufferedWriter(raw), encoding, errors="backslashreplace", line_buffering=by_line
    )
    return raw, text


def _open_what_is_closed() -> None:
    """Else the next file that is opened would be standard output. The lowest number that is free is given."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if stream is None:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
