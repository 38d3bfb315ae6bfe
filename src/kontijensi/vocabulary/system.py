"""What the operating system refuses, in the language of the user."""

from __future__ import annotations

import errno

from kontijensi.vocabulary.words import N_, _

_REASONS = {
    errno.EFBIG: N_("the file would be larger than the system allows (ulimit -f)"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EDQUOT: N_("the disk is full"),
    errno.EACCES: N_("permission denied"),
    errno.EPERM: N_("permission denied"),
    errno.EROFS: N_("the disk can only be read"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENOTDIR: N_("part of its path is no folder"),
    errno.ENOENT: N_("no such file or folder"),
    errno.ENAMETOOLONG: N_("its name is too long"),
    errno.EMFILE: N_("too many files are open"),
    errno.ENFILE: N_("too many files are open"),
    errno.EIO: N_("the disk could not be read or written"),
}


def system_reason(error: OSError) -> str:
    """Return why the system refused: in our own words where we have some, else in the system's."""
    if error.errno in _REASONS:
        return _(_REASONS[error.errno])
    return error.strerror or str(error)
