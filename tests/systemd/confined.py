"""Runs a program as a unit's sandbox would, as far as that can be had without systemd as the first process.

``python -m tests.systemd.confined UNIT COMMAND …`` takes from the unit file the system-call filter, the address
families, MemoryDenyWriteExecute and NoNewPrivileges, gives up every capability, then runs the command. Users and
namespaces (read-only file systems, private /tmp) are not part of it.
"""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
"""SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO (seccomp(2))."""
_EPERM = 1
_EQUAL = 4
"""SCMP_CMP_EQ (seccomp_rule_add(3))."""
_NO_NEW_PRIVS, _MDWE, _REFUSE_EXEC_GAIN, _DROP_BOUNDING = 38, 65, 1, 24
"""prctl(2)."""
_LAST_CAPABILITY = Path("/proc/sys/kernel/cap_last_cap")


class _Comparison(ctypes.Structure):
    _fields_ = (
        ("arg", ctypes.c_uint),
        ("op", ctypes.c_int),
        ("first", ctypes.c_uint64),
        ("second", ctypes.c_uint64),
    )


def settings(unit: Path) -> Mapping[str, list[str]]:
    """The ``[Service]`` settings of a unit, each with its values in order."""
    found: dict[str, list[str]] = {}
    for line in unit.read_text(encoding="utf-8").splitlines():
        key, sign, value = line.partition("=")
        if sign and not line.startswith(("#", " ")):
            found.setdefault(key, []).append(value)
    return found


def allowed_calls(filters: Iterable[str]) -> set[str]:
    """The system calls an allow-list of SystemCallFilter= lines leaves (systemd.exec(5))."""
    allowed = {"execve", "exit", "exit_group", "getrlimit", "rt_sigreturn", "sigreturn"}
    for line in filters:
        names = {call for word in line.lstrip("~").split() for call in _expand(word)}
        allowed = allowed - names if line.startswith("~") else allowed | names
    return allowed


def confine(unit: Path) -> None:
    """Put this process into the unit's sandbox, for good."""
    wanted = settings(unit)
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in range(int(_LAST_CAPABILITY.read_text()) + 1) if os.geteuid() == 0 else ():
        _must(libc.prctl(_DROP_BOUNDING, capability, 0, 0, 0))
    _must(libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0))
    if wanted["MemoryDenyWriteExecute"] == ["yes"] and libc.prctl(_MDWE, _REFUSE_EXEC_GAIN, 0, 0, 0):
        sys.stderr.write("this kernel cannot refuse writable and executable memory\n")
    _filter(allowed_calls(wanted["SystemCallFilter"]), wanted["RestrictAddressFamilies"][0].split())


def _expand(word: str) -> set[str]:
    if not word.startswith("@"):
        return {word}
    shown = subprocess.run(
        ["systemd-analyze", "syscall-filter", "--no-pager", word], capture_output=True, text=True, check=True
    ).stdout
    names = [line.strip() for line in shown.splitlines()[1:]]
    return {call for name in names if name and not name.startswith("#") for call in _expand(name)}


def _filter(calls: set[str], families: list[str]) -> None:
    seccomp = ctypes.CDLL("libseccomp.so.2")
    seccomp.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(seccomp.seccomp_init(_ERRNO | _EPERM))
    for call in sorted(calls - {"socket"}):
        number = seccomp.seccomp_syscall_resolve_name(call.encode())
        if number >= 0:
            _must(seccomp.seccomp_rule_add_array(context, _ALLOW, number, 0, None))
    number = seccomp.seccomp_syscall_resolve_name(b"socket")
    for family in families:
        only = _Comparison(0, _EQUAL, int(getattr(socket, family)), 0)
        _must(seccomp.seccomp_rule_add_array(context, _ALLOW, number, 1, ctypes.byref(only)))
    _must(seccomp.seccomp_load(context))


def _must(result: int) -> None:
    if result:
        raise OSError(ctypes.get_errno() or -result, "the sandbox cannot be built")


if __name__ == "__main__":
    confine(Path(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])
