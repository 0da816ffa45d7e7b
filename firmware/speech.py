"""Text to speech on the box: espeak-ng speaks, sox makes it telephone audio, and what was spoken once is kept.

A file is named by what was said and how, so equal sentences are spoken once whoever asks for them. No shell and no
text on a command line: a contact's fields reach the engine on its standard input alone. Other engines can stand in
for ``ENGINE``; who hears what is ``dialling.messages``'.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import os
from pathlib import Path

_log = logging.getLogger(__name__)

ENGINE = "espeak-ng"
WORDS_PER_MINUTE = 155
RATE_HZ = 8000
AT_ONCE = 2
"""Sentences spoken at the same time; a voice costs a tenth of a second of one core."""
LONGEST_MESSAGE_S = 180.0
"""What is left on a machine is cut here: few of them record for longer."""
LONGEST_S = 20.0
"""An engine that takes longer is ended."""


class SpeechError(Exception):
    """The text could not be spoken."""


class Speech:
    """Speaks into files of one folder."""

    def __init__(self, folder: Path, language: str) -> None:
        self.folder = folder
        self._language = language
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def file(self, text: str) -> Path:
        """Return the mono 8 kHz 16-bit WAV of ``text``, spoken now or earlier. :raises SpeechError:"""
        name = hashlib.sha256(f"{ENGINE} {self._language} {WORDS_PER_MINUTE} {text}".encode()).hexdigest()
        target = self.folder / f"{name[:32]}.wav"
        if target.is_file():
            return target
        async with self._turn:
            if not target.is_file():
                await self._speak(text, target)
        return target

    async def _speak(self, text: str, target: Path) -> None:
        raw = target.with_suffix(".raw.wav")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            voice = (ENGINE, "-v", self._language, "-s", str(WORDS_PER_MINUTE), "--stdin", "-w", str(raw))
            await _run(voice, text)
            await to_telephone(raw, target)
        except OSError as error:
            raise SpeechError(f"{target.name}: {error}") from error
        finally:
            with contextlib.suppress(OSError):
                raw.unlink(missing_ok=True)


async def to_telephone(source: Path, target: Path) -> None:
    """Make ``target``, mono, 16 bits, 8 kHz, of any WAV, ``LONGEST_MESSAGE_S`` at most. :raises SpeechError:"""
    made = target.with_suffix(".new.wav")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        telephone = ("-r", str(RATE_HZ), "-c", "1", "-b", "16", "-e", "signed-integer", str(made))
        await _run(
            ("sox", "-D", "-t", "wav", str(source), *telephone, "trim", "0", f"{LONGEST_MESSAGE_S:g}"), ""
        )
        os.replace(made, target)
    except OSError as error:
        raise SpeechError(f"{target.name}: {error}") from error
    finally:
        with contextlib.suppress(OSError):
            made.unlink(missing_ok=True)


async def _run(command: tuple[str, ...], text: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, said = await asyncio.wait_for(process.communicate(text.encode()), LONGEST_S)
    except (TimeoutError, asyncio.CancelledError) as ended:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        if isinstance(ended, asyncio.CancelledError):
            raise
        raise SpeechError(f"{command[0]} did not end") from None
    if process.returncode:
        raise SpeechError(f"{command[0]}: {said.decode(errors='replace').strip()[-200:]}")
