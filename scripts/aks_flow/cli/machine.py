"""What this machine refuses any program, as a full disk does: shown as a sentence."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from invoke import Exit

from aks_flow.core.errors import AksFlowError

# Room, more open files or memory, writing at all, what belongs to somebody else.
_REFUSED = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN}
    | {errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO}
)


@contextmanager
def refusals_shown() -> Iterator[None]:
    """Exit, with the sentence shown. Any other OSError, as of a file that is missing, is a fault of ours."""
    try:
        yield
    except OSError as error:
        if error.errno not in _REFUSED:
            raise
        from aks_flow import report  # most runs need it late, and some not at all

        step = "Correct that on this machine; then run the same command again to go on."
        what = f"this machine refuses it: {error.strerror}"
        report.failure(AksFlowError(what, where=str(error.filename or ""), next_step=step))
        raise Exit(code=AksFlowError.exit_code) from error
