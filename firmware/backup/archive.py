"""What is in a backup: a tar of files, compressed, with a manifest at its end that says what each must be.

Read and written as streams. ``state/`` holds what must survive, ``config/`` the settings. Reading trusts nothing: names
may not leave the folder, only plain files are taken, and every file must be as long and have the SHA-256 the manifest
says; a file without its manifest is no backup.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from firmware.backup.errors import BackupFailed

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "state/strowger.db"
_LARGEST_MANIFEST = 16 << 20
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. ``counts`` are rows by table; ``head`` the newest permit's link, empty for none."""

    made_at: float
    box: str
    version: str
    schema: str
    counts: Mapping[str, int]
    head: str
    files: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    """Name in the archive to length in bytes and SHA-256."""
    format: int = FORMAT


class _Hashing:
    """A file that is read once and remembers what it was."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.digest, self.size = file, hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        data = self._file.read(size)
        self.digest.update(data)
        self.size += len(data)
        return data


def write(stream: IO[bytes], files: Mapping[str, Path], manifest: Manifest) -> Manifest:
    """Write all ``files`` (name in the archive to path) and the manifest, which is returned with their hashes.

    :raises OSError: a file cannot be read, or the target is full.
    """
    told: dict[str, tuple[int, str]] = {}
    with (
        gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=1, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        for name, path in sorted(files.items()):
            with path.open("rb") as file:
                member = tarfile.TarInfo(name)
                member.size, member.mtime = os.fstat(file.fileno()).st_size, int(manifest.made_at)
                hashing = _Hashing(file)
                tar.addfile(member, hashing)
            told[name] = (hashing.size, hashing.digest.hexdigest())
        complete = Manifest(**{**_fields(manifest), "files": told})
        _add_manifest(tar, complete)
    return complete


def _add_manifest(tar: tarfile.TarFile, manifest: Manifest) -> None:
    text = json.dumps(asdict(manifest), sort_keys=True).encode()
    member = tarfile.TarInfo(MANIFEST)
    member.size, member.mtime = len(text), int(manifest.made_at)
    tar.addfile(member, io.BytesIO(text))


def _fields(manifest: Manifest) -> dict[str, Any]:
    return {name: getattr(manifest, name) for name in manifest.__slots__}


def unpack(stream: IO[bytes], folder: Path) -> Manifest:
    """Put everything into the empty ``folder`` and compare it with the manifest.

    :raises BackupFailed: torn, changed, of a later format or no backup at all. :raises OSError: the disk.
    """
    found: dict[str, tuple[int, str]] = {}
    manifest: Manifest | None = None
    try:
        with tarfile.open(fileobj=stream, mode="r|gz") as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isreg() else None
                if content is None:
                    raise BackupFailed("backup_strange", f"{member.name!r} in the backup is no plain file.")
                if member.name == MANIFEST:
                    manifest = _read_manifest(content.read(_LARGEST_MANIFEST))
                else:
                    found[member.name] = _put(content, _inside(folder, member.name))
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise BackupFailed("backup_torn", f"The backup is not whole: {error}") from error
    if manifest is None:
        raise BackupFailed("backup_torn", "The backup is not whole: its list of contents is missing.")
    for name in sorted(found.keys() ^ manifest.files.keys()):
        raise BackupFailed("backup_changed", f"{name} is not as the backup's list of contents says.")
    for name, (size, digest) in found.items():
        if manifest.files[name] != (size, digest):
            raise BackupFailed("backup_changed", f"{name} is not as it was when the backup was made.")
    return manifest


def _read_manifest(text: bytes) -> Manifest:
    told = json.loads(text)
    if told.get("format", 0) > FORMAT:
        raise BackupFailed("backup_too_new", "The backup was made by a newer version of the box.")
    files = {str(name): (int(size), str(digest)) for name, (size, digest) in told["files"].items()}
    return Manifest(**{**told, "files": files})


def _inside(folder: Path, name: str) -> Path:
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or not parts or parts[0] not in ("state", "config"):
        raise BackupFailed("backup_strange", f"{name!r} in the backup leads somewhere else.")
    return folder.joinpath(*parts)


def _put(content: IO[bytes], target: Path) -> tuple[int, str]:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    with target.open("xb") as file:
        os.fchmod(file.fileno(), 0o600)
        for chunk in _chunks(content):
            file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        file.flush()
        os.fsync(file.fileno())
    return size, digest.hexdigest()


def _chunks(content: IO[bytes]) -> Iterator[bytes]:
    while chunk := content.read(_CHUNK):
        yield chunk
