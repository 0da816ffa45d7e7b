"""Runs a command under strace and reads back what it did to the files below one folder, in order, with the data.

Writes count from their beginning and syncs from their end, so that a call the trace shows in two halves (another
thread ran in between) is never taken for safer than it was.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

_CALLS = (
    "openat,creat,write,pwrite64,writev,pwritev,pwritev2,fsync,fdatasync,sync_file_range,ftruncate,truncate,"
    "fallocate,rename,renameat,renameat2,link,linkat,unlink,unlinkat,sendfile,copy_file_range"
)
_LINE = re.compile(r"^(\d+) +(\w+)\((.*)$")
_RESUMED = re.compile(r"^(\d+) +<\.\.\. (\w+) resumed>(.*)$")
_RESULT = re.compile(r"\)\s*= (-?\d+)(?:<([^>]*)>)?[^=]*$")


@dataclass(frozen=True, slots=True)
class Op:
    """One act: ``write`` (offset None: at the end), ``sync``, ``truncate`` (offset: new size), ``create``,
    ``rename`` (data: new path), ``unlink``."""

    do: str
    path: str
    offset: int | None = None
    data: bytes = b""


def record(command: Sequence[str], folder: Path, log: Path, cwd: Path) -> list[Op]:
    """Run the command to its end and return what it did to files and folders in ``folder``."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.fail("strace is missing: apt-get install strace (make setup does)")
    flags = ["-f", "--seccomp-bpf", "-y", "-xx", "-s", "8388608", "-o", str(log), "-e", f"trace={_CALLS}"]
    done = subprocess.run([strace, *flags, *command], capture_output=True, text=True, timeout=300, cwd=cwd)
    if "PTRACE_TRACEME" in done.stderr or "ptrace(" in done.stderr:
        pytest.skip("this machine does not allow ptrace, so nothing can be recorded")
    assert done.returncode == 0, done.stderr
    return [op for op in _read(log) if op.path.startswith(f"{folder}/") or op.path == str(folder)]


def _read(log: Path) -> Iterator[Op]:
    halves: dict[str, str] = {}
    with log.open(encoding="ascii", errors="replace") as file:
        for line in file:
            if resumed := _RESUMED.match(line):
                pid, call, rest = resumed.groups()
                yield from _op(call, halves.pop(pid) + rest, late=True)
            elif begun := _LINE.match(line):
                pid, call, rest = begun.groups()
                if "<unfinished ...>" in rest:
                    halves[pid] = rest.split("<unfinished ...>")[0]
                    yield from _op(call, halves[pid], early=True)
                else:
                    yield from _op(call, rest)


def _op(call: str, text: str, *, early: bool = False, late: bool = False) -> Iterator[Op]:
    """``early`` is the first half of a call, ``late`` both halves once it is over."""
    writes = call in ("write", "pwrite64")
    if late if writes else early:
        return
    result = _RESULT.search(text)
    if not early and (result is None or int(result[1]) < 0):
        return
    if writes:
        yield _write(call, text)
    elif call in ("fsync", "fdatasync"):
        yield Op("sync", _fd_path(text))
    elif call == "ftruncate":
        yield Op("truncate", _fd_path(text), int(text.rsplit(",", 1)[1].split(")")[0]))
    elif call == "openat":
        if "O_CREAT" in text:
            yield Op("create", _strings(text)[0].decode())
    elif call in ("rename", "renameat", "renameat2"):
        old, new = _strings(text)
        yield Op("rename", old.decode(), data=new)
    elif call in ("unlink", "unlinkat"):
        yield Op("unlink", _strings(text)[0].decode())
    else:
        raise AssertionError(f"the replay does not know {call}({text[:200]}")


def _write(call: str, text: str) -> Op:
    data = _strings(text)[0]
    if call == "write":
        return Op("write", _fd_path(text), None, data)
    offset = text.rsplit(") ", 1)[0].rsplit(",", 1)[1].strip(" )\n")
    return Op("write", _fd_path(text), int(offset), data)


def _fd_path(text: str) -> str:
    return _text(text.split("<", 1)[1].split(">", 1)[0]).decode()


def _strings(text: str) -> list[bytes]:
    return [_text(found) for found in re.findall(r'"((?:\\x[0-9a-f]{2})*)"', text)]


def _text(hexadecimal: str) -> bytes:
    return bytes.fromhex(hexadecimal.replace("\\x", ""))
