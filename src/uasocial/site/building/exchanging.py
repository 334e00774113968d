"""Two folders that swap their names in one step, where the system can do that."""

import ctypes
import os
import sys
from pathlib import Path

__all__ = ["exchange"]

# https://man7.org/linux/man-pages/man2/rename.2.html
AT_FDCWD = -100
RENAME_EXCHANGE = 2
# https://github.com/apple-oss-distributions/xnu/blob/main/bsd/sys/stdio.h
RENAME_SWAP = 2


def exchange(one: Path, other: Path) -> bool:
    """Swap two names, so that neither is ever missing; False where system or disk cannot."""
    first, second = os.fsencode(one), os.fsencode(other)
    try:
        if sys.platform == "linux":
            call = ctypes.CDLL(None).renameat2
            done = call(AT_FDCWD, first, AT_FDCWD, second, ctypes.c_uint(RENAME_EXCHANGE))
        elif sys.platform == "darwin":
            done = ctypes.CDLL(None).renamex_np(first, second, ctypes.c_uint(RENAME_SWAP))
        else:
            return False
    except (AttributeError, OSError):
        # A C library older than the call: glibc has it from 2.28 on, musl from 1.2.2.
        return False
    return bool(done == 0)
