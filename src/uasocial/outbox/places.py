"""Where the file of a ledger may lie: on a disk of this machine that nobody else copies from."""

import re
from pathlib import Path, PureWindowsPath

from uasocial.errors import printable
from uasocial.outbox.ledger import LedgerError

__all__ = ["assert_local"]

MOUNTS = Path("/proc/mounts")
MAX_BYTES = 1_000_000

# Where SQLite cannot rely on locks, nor share the memory of its log: two machines would both
# write, and a post could go out twice. https://www.sqlite.org/wal.html (all on the same machine),
# https://www.sqlite.org/howtocorrupt.html#_filesystems_with_broken_or_missing_lock_implementations
NETWORK = frozenset(
    """
    9p afs beegfs ceph cifs coda davfs fuse.ceph fuse.davfs2 fuse.gcsfuse fuse.glusterfs
    fuse.gvfsd-fuse fuse.juicefs fuse.rclone fuse.s3fs fuse.smbnetfs fuse.sshfs fuse.vmhgfs-fuse
    gfs2 glusterfs lustre ncpfs nfs nfs4 ocfs2 prl_fs smb2 smb3 smbfs vboxsf
    """.split()
)

# Programs that copy a folder elsewhere, file by file: the file and its log of the same moment are
# never together, and what another machine wrote comes over it. By the names their folders have,
SYNCED = re.compile(
    r"(dropbox|onedrive|google ?drive|icloud ?drive|nextcloud|owncloud|pcloud ?drive|megasync"
    r"|synology ?drive|box sync|mobile documents|cloudstorage)(?:$|[ (-])",
    re.IGNORECASE,
)
# and by what they put into them.
MARKS = {
    ".stfolder": "Syncthing",
    ".dropbox.cache": "Dropbox",
    ".nextcloudsync.log": "Nextcloud",
    ".owncloudsync.log": "ownCloud",
}
INSTEAD = (
    "put it on a disk of this machine (`url` under [ledger] in uasocial.toml), or use PostgreSQL"
)


def assert_local(file: Path, mounts: Path = MOUNTS) -> None:
    """Raise LedgerError where *file* lies, or would lie, on a network or in a synced folder."""
    path = file.resolve()
    if PureWindowsPath(path).drive.startswith("\\\\"):
        raise _unfit(file, "lies on another machine")
    kind = _file_system(path, mounts)
    if kind in NETWORK:
        raise _unfit(file, f"lies on a file system of the network or of another system ({kind})")
    for part in (*file.absolute().parts[:-1], *path.parts[:-1]):
        found = SYNCED.match(part)
        if found:
            raise _unfit(file, f"lies in a folder that a program copies elsewhere ({part})")
    for folder in path.parents:
        for mark, program in MARKS.items():
            if (folder / mark).exists():
                raise _unfit(file, f"lies in a folder that {program} copies elsewhere ({folder})")


def _unfit(file: Path, why: str) -> LedgerError:
    return LedgerError(
        printable(
            f"{file}: {why}, where a ledger loses what it wrote or writes it twice: {INSTEAD}"
        )
    )


def _file_system(path: Path, mounts: Path) -> str:
    """Return the kind of file system *path* is on; ``""`` where this machine does not say."""
    try:
        with mounts.open(encoding="utf-8", errors="surrogateescape") as file:
            lines = file.read(MAX_BYTES).splitlines()
    except OSError:
        return ""
    kind, longest = "", -1
    for line in lines:
        fields = line.split()
        if len(fields) < 3:  # noqa: PLR2004 - what, where, kind
            continue
        place = Path(_plain(fields[1]))
        # The later of two at one place lies over the other.
        if path.is_relative_to(place) and len(place.parts) >= longest:
            kind, longest = fields[2], len(place.parts)
    return kind


def _plain(name: str) -> str:
    r"""Return a place with its blanks: /proc/mounts writes them as \040."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), name)
