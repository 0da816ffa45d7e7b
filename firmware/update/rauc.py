"""RAUC as a command: look into a bundle, install it. And what this box says it is.

Runs as the service's own user. ``rauc info`` verifies the signature against the keyring of the box; ``rauc install``
asks RAUC's own service over D-Bus, which runs as root, verifies again and writes the slot. Which bundle may be
installed is ``rules``'.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from firmware.model import OperatorError, Problem
from firmware.update.rules import Bundle, ThisBox, why_refused
from firmware.update.texts import problem

RELEASE = Path("/etc/os-release")
KEYRING = Path("/etc/rauc/keyring.pem")


def this_box(release: Path = RELEASE) -> ThisBox:
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


async def look_into(file: Path, keyring: Path = KEYRING) -> Bundle:
    """Verify the bundle's signature and return what it says of itself. :raises OperatorError: why not"""
    if not file.is_file():
        raise OperatorError(problem("update_no_file", file=str(file)))
    status, output, errors = await _run("info", f"--keyring={keyring}", "--output-format=json", str(file))
    if status != 0:
        raise OperatorError(why_refused(errors))
    said: Mapping[str, str] = json.loads(output)
    return Bundle(said["compatible"], said["version"])


async def install(file: Path, progress: Callable[[str], None]) -> Problem | None:
    """Write the bundle into the slot that is not running; None when it will be booted next, else why not."""
    status, _, errors = await _run("install", str(file), each=progress)
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
