"""Where snapshots are kept, and how one is found, trusted and replaced.

A snapshot is used only if it belongs to this user, has the key of the inputs
and is undamaged; on any doubt it is built anew, and with nowhere to write
virtkg goes on without one.

Knows: folders, permissions, atomic replacement.
Must not know: what a snapshot holds, or how it is built.
"""

from __future__ import annotations

import mmap
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from virtkg.snapshot.reader import BrokenSnapshot, Snapshot

_KEPT: Final = 8
"""How many files for other inputs (other --data files, versions) are kept beside the newest."""


def cache_folder() -> str | None:
    """Return the folder for snapshots, or None when the surroundings name none.

    VIRTKG_CACHE, then the platform's own place (XDG base directories, macOS
    Caches, Windows LOCALAPPDATA).
    """
    if chosen := os.environ.get("VIRTKG_CACHE"):
        return chosen
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
        return os.path.join(base, "virtkg", "cache") if base else None
    if xdg := os.environ.get("XDG_CACHE_HOME"):
        return os.path.join(xdg, "virtkg")
    home = os.environ.get("HOME")
    if not home:
        return None
    if sys.platform == "darwin":
        return os.path.join(home, "Library", "Caches", "virtkg")
    return os.path.join(home, ".cache", "virtkg")


def open_or_build(key: bytes, build: Callable[[], bytes], *, folder: str | None) -> Snapshot:
    """Return the snapshot for a key, from the folder or freshly built (and then kept there)."""
    path = os.path.join(folder, f"{key.hex()[:32]}.snapshot") if folder else None
    if path is not None:
        found = _open(path, key)
        if found is not None:
            return found
    data = build()
    if path is not None:
        _keep(path, data)
    return Snapshot(memoryview(data), key)


def _open(path: str, key: bytes) -> Snapshot | None:
    try:
        with open(path, "rb") as file:
            status = os.fstat(file.fileno())
            if not _is_ours(status):
                return None
            found = Snapshot(memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)), key)
    except (OSError, ValueError, BrokenSnapshot):
        return None
    _mark_used(path, status)
    return found


def _mark_used(path: str, status: os.stat_result) -> None:
    """Set the time of access, which many systems do not keep, so that `_tidy` spares what is in use."""
    with suppress(OSError):
        os.utime(path, ns=(time.time_ns(), status.st_mtime_ns))


def _is_ours(status: os.stat_result) -> bool:
    """Tell whether no other user can have written the file."""
    if not hasattr(os, "getuid"):
        return True
    return status.st_uid == os.getuid() and not status.st_mode & 0o022


def _keep(path: str, data: bytes) -> None:
    """Write the file so that a reader sees all of it or none; failing is no error."""
    temporary = f"{path}.{os.getpid()}.tmp"
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        _tidy(os.path.dirname(path), keep=path)
    except OSError:
        _remove(temporary)


def _tidy(folder: str, keep: str) -> None:
    """Remove what killed writers left behind, and the snapshots of other inputs that were not used for longest."""
    snapshots: list[tuple[float, str]] = []
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if name.endswith(".tmp") and not _is_running(name.split(".")[-2]):
            _remove(path)
        elif name.endswith(".snapshot") and path != keep:
            status = os.stat(path)
            snapshots.append((max(status.st_atime, status.st_mtime), path))
    for _, path in sorted(snapshots, reverse=True)[_KEPT:]:
        _remove(path)


def _is_running(pid: str) -> bool:
    if not pid.isdigit() or not hasattr(os, "getuid"):
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _remove(path: str) -> None:
    with suppress(OSError):
        os.remove(path)
