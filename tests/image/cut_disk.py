"""The disk of a machine that is off, read from outside: partitions, the boot loader's environment, slots, files.

``Disk(image, folder)`` reads a qcow2 image and never writes it; copies of what is looked at lie in ``folder``. Only the
partition asked for is copied, and only where there is something in it. What follows from it is ``cut_judge``'s.
"""

from __future__ import annotations

import hashlib
import re
import struct
import subprocess
import uuid
import zlib
from dataclasses import dataclass
from pathlib import Path

ESP, SLOTS, DATA = "esp", {"A": "rootfs-a", "B": "rootfs-b"}, "data"
_SECTOR = 512
_SQUASHFS = 0x73717368
_ENVIRONMENT = "::EFI/debian/grubenv"
_ENVIRONMENT_SIZE = 1024
_TRIES = {"0": 3, "1": 12}
"""Boots a slot has before it is given up, by whether it is proven (``image/amd64/grub.cfg``)."""


class Torn(Exception):
    """Something on the disk is not whole; what, in words."""


@dataclass(frozen=True, slots=True)
class Loader:
    """What the boot loader reads. ``from_copy``: its first file was torn and the spare one was read."""

    values: dict[str, str]
    from_copy: bool = False

    def may_boot(self, slot: str) -> bool:
        """Whether it would try this slot, as ``grub.cfg`` decides it."""
        tries = _TRIES["1" if self.values.get(f"{slot}_PROVEN") == "1" else "0"]
        return self.values.get(f"{slot}_OK") == "1" and len(self.values.get(f"{slot}_BOOTS", "")) != tries

    @property
    def order(self) -> list[str]:
        """The slots it would try, the first one first."""
        return [slot for slot in self.values["ORDER"].split() if self.may_boot(slot)]


class Disk:
    """One image. :raises Torn: it has no partition table"""

    def __init__(self, image: Path, folder: Path, kind: str = "qcow2") -> None:
        self._image, self._folder, self._kind = image.resolve(), folder, kind
        folder.mkdir(parents=True, exist_ok=True)
        self._parts = partitions(self._copy("header", 0, 64 * _SECTOR).read_bytes())

    def part(self, name: str) -> Path:
        """A copy of a partition by its label."""
        if name not in self._parts:
            raise Torn(f"the disk has no partition {name}")
        return self._copy(f"{name}.img", *self._parts[name])

    def loader(self) -> Loader:
        """What GRUB would read. :raises Torn: nothing"""
        esp = self.part(ESP)
        for ending in ("", ".bak"):
            command = ["mtype", "-i", str(esp), _ENVIRONMENT + ending]
            read = subprocess.run(command, capture_output=True, check=False).stdout
            if (values := environment(read)) and "ORDER" in values:
                return Loader(values, from_copy=bool(ending))
        raise Torn("the boot loader's environment and its copy are torn")

    def slot_hash(self, slot: str, size: int) -> str:
        """SHA-256 of the first ``size`` bytes of a slot."""
        begin, _ = self._parts[SLOTS[slot]]
        read = self._copy("slot.img", begin, -(-size // _SECTOR) * _SECTOR)
        with read.open("rb") as file:
            left, digest = size, hashlib.sha256()
            while left and (block := file.read(min(left, 1 << 20))):
                digest.update(block)
                left -= len(block)
        read.unlink()
        return digest.hexdigest()

    def squashfs_size(self, slot: str) -> int:
        """How many bytes the file system in a slot says it has. :raises Torn: there is none"""
        begin, _ = self._parts[SLOTS[slot]]
        superblock = self._copy("superblock", begin, 4096).read_bytes()
        if struct.unpack_from("<I", superblock)[0] != _SQUASHFS:
            raise Torn("the slot holds no file system")
        return int(struct.unpack_from("<Q", superblock, 40)[0])

    def _copy(self, name: str, begin: int, size: int) -> Path:
        copy = self._folder / name
        at = "file.filename" if self._kind == "raw" else "file.file.filename"
        driver = "file" if self._kind == "raw" else self._kind
        window = f"driver=raw,offset={begin},size={size},file.driver={driver},{at}={self._image}"
        command = ["qemu-img", "convert", "-O", "raw", "--image-opts", window, str(copy)]
        subprocess.run(command, check=True, capture_output=True)
        return copy


class Files:
    """The files of an ext4 file system nobody has mounted. :raises Torn: ``e2fsck`` has to guess"""

    def __init__(self, image: Path) -> None:
        self._image = image
        mended = subprocess.run(["e2fsck", "-p", str(image)], capture_output=True, text=True, check=False)
        if mended.returncode >= 4:
            raise Torn(f"the file system needs more than its journal: {mended.stdout.strip()[-300:]}")

    def take(self, name: str, to: Path) -> bool:
        """Copy a file out; whether there is one."""
        to.unlink(missing_ok=True)
        subprocess.run(
            ["debugfs", "-R", f"dump {name} {to}", str(self._image)], capture_output=True, check=True
        )
        return to.exists()

    def names(self, folder: str) -> list[str]:
        """What a folder holds."""
        command = ["debugfs", "-R", f"ls -p {folder}", str(self._image)]
        told = subprocess.run(command, capture_output=True, check=True, text=True).stdout
        found = [line.split("/")[5] for line in told.splitlines() if line.count("/") >= 6]
        return sorted(name for name in found if name not in ("", ".", ".."))


def partitions(header: bytes) -> dict[str, tuple[int, int]]:
    """Label -> (begin, size) in bytes, of a GPT whose first 64 sectors these are. :raises Torn: it is none"""
    head = header[_SECTOR : _SECTOR + 92]
    size = struct.unpack_from("<I", head, 12)[0]
    crc = struct.unpack_from("<I", head, 16)[0]
    if head[:8] != b"EFI PART" or zlib.crc32(head[:16] + b"\0\0\0\0" + head[20:size]) != crc:
        raise Torn("the partition table's head is torn")
    place, count, each, crc = struct.unpack_from("<QIII", head, 72)
    table = header[place * _SECTOR : place * _SECTOR + count * each]
    if zlib.crc32(table) != crc:
        raise Torn("the partition table is torn")
    found = {}
    for at in range(0, len(table), each):
        first, last = struct.unpack_from("<QQ", table, at + 32)
        if uuid.UUID(bytes_le=table[at : at + 16]).int:
            label = table[at + 56 : at + 128].decode("utf-16-le").rstrip("\0")
            found[label] = (first * _SECTOR, (last - first + 1) * _SECTOR)
    return found


def environment(block: bytes) -> dict[str, str]:
    """The variables of a GRUB environment block; none where GRUB would refuse it."""
    if len(block) != _ENVIRONMENT_SIZE or not block.startswith(b"# GRUB Environment Block\n"):
        return {}
    return dict(re.findall(r"^([A-Za-z_]+)=(.*)$", block.decode("ascii", "replace"), re.MULTILINE))
