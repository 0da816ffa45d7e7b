"""RAUC as a command: look into a bundle, install it. And what this box says it is.

Runs as the service's own user. ``rauc info`` verifies the signature against the keyring of the box; ``rauc install``
asks RAUC's own service over D-Bus, which runs as root, verifies again and writes the slot. Which bundle may be
installed is ``rules``'.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from firmware.model import OperatorError, Problem
from firmware.update.rules import Bundle, ThisBox, why_refused
from firmware.update.texts import problem

_SIGNED = re.compile(r"Verified (?:inline|detached) signature by '([^'\n]{1,300})'")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a flashed box keeps what updates need."""

    release: Path = Path("/etc/os-release")
    keyring: Path = Path("/etc/rauc/keyring.pem")
    system: Path = Path("/data/system")
    """What the scripts of the boot write down: ``proven-A``, ``schema-A``, ``taken-back``."""
    sticks: Path = Path("/run/strowger-sticks")
    """Sticks are mounted here, read-only, as they are plugged in."""
    command_line: Path = Path("/proc/cmdline")


def this_box(release: Path) -> ThisBox:
    """Return what the running root file system is. :raises OperatorError: it is none of ours"""
    try:
        lines = release.read_text("utf-8").splitlines()
    except OSError:
        lines = []
    told = {key: value.strip('"') for key, _, value in (line.partition("=") for line in lines)}
    if "STROWGER_COMPATIBLE" not in told:
        raise OperatorError(problem("update_no_slots"))
    return ThisBox(
        told["STROWGER_COMPATIBLE"], told.get("IMAGE_VERSION", ""), told.get("STROWGER_MINIMUM_VERSION", "")
    )


async def look_into(file: Path, keyring: Path) -> Bundle:
    """Verify the bundle's signature and return what it says of itself. :raises OperatorError: why not"""
    if not file.is_file():
        raise OperatorError(problem("update_no_file", file=str(file)))
    status, output, errors = await _run("info", f"--keyring={keyring}", "--output-format=json", str(file))
    if status != 0:
        raise OperatorError(why_refused(errors))
    said: Mapping[str, str | None] = json.loads(output)
    signed = _SIGNED.search(errors)
    return Bundle(
        said["compatible"] or "", said["version"] or "", said.get("build") or "", signed[1] if signed else ""
    )


async def install(file: Path, progress: Callable[[str], None]) -> Problem | None:
    """Write the bundle into the slot that is not running; None when it will be booted next, else why not."""
    status, _, errors = await _run("install", str(file), each=progress)
    return None if status == 0 else why_refused(errors)


async def go_back() -> Problem | None:
    """Boot the other slot next; None when it will be, else why not."""
    status, _, errors = await _run("status", "mark-active", "other")
    return None if status == 0 else why_refused(errors)


async def _run(*arguments: str, each: Callable[[str], None] = lambda _: None) -> tuple[int, str, str]:
    """Status, standard output, errors (which end with the output: RAUC says why on either)."""
    try:
        process = await asyncio.create_subprocess_exec(
            "rauc",
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    except FileNotFoundError as error:
        raise OperatorError(problem("update_no_slots")) from error
    assert process.stdout is not None
    assert process.stderr is not None
    errors = asyncio.create_task(process.stderr.read())
    lines = []
    async for line in process.stdout:
        lines.append(line.decode("utf-8", "replace"))
        each(lines[-1].strip())
    output = "".join(lines)
    return await process.wait(), output, f"{(await errors).decode('utf-8', 'replace')}\n{output}"
