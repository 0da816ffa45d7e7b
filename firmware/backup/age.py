"""Encryption by age (age-encryption.org/v1): the program of that name, from Debian.

A file is encrypted to several recipients, each of whom can open it alone: the box, so that it can try its own backups,
and the recovery key, which only a person has. Secret keys are never given on a command line.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from firmware.backup.errors import BackupFailed

MARK = "AGE-SECRET-KEY-1"
"""How a secret key begins."""


def new_key() -> tuple[str, str]:
    """A new key pair: public, secret. Raises ``BackupFailed`` where age is missing."""
    told = _run(["age-keygen"])
    secret = next(line for line in told.splitlines() if line.startswith(MARK))
    return public_of(secret), secret


def public_of(secret: str) -> str:
    """The public key of a secret one. Raises ``BackupFailed`` if it is none."""
    if not secret.startswith(MARK):
        raise BackupFailed("key_wrong", "This is no recovery key: it begins with AGE-SECRET-KEY-1.")
    try:
        return _run(["age-keygen", "-y"], secret + "\n").strip()
    except BackupFailed as failed:
        if failed.key == "age_missing":
            raise
        raise BackupFailed("key_wrong", "This is no recovery key, or a letter of it is wrong.") from failed


def _run(command: Sequence[str], given: str = "") -> str:
    try:
        done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    except OSError as error:
        raise BackupFailed("age_missing", f"{command[0]} cannot be run: {error.strerror}") from error
    if done.returncode:
        raise BackupFailed("age_failed", f"{command[0]}: {_last_line(done.stderr)}")
    return done.stdout


@contextmanager
def encrypting(target: IO[bytes], recipients: Sequence[str]) -> Iterator[IO[bytes]]:
    """A stream whose content arrives encrypted in the open file ``target``. Raises ``BackupFailed``."""
    command = ["age", "--encrypt", *(part for each in recipients for part in ("--recipient", each))]
    with _process(command, subprocess.PIPE, target) as process:
        assert process.stdin is not None
        try:
            yield process.stdin
            process.stdin.close()
        except BrokenPipeError as error:
            raise _failure(process) from error
        if process.wait():
            raise _failure(process)


@contextmanager
def decrypting(source: IO[bytes], secret: str) -> Iterator[IO[bytes]]:
    """The content of the open file ``source``. Raises ``BackupFailed``, at the end too: what age has not said to be
    whole is not."""
    read, write = os.pipe()
    try:
        os.write(write, secret.encode() + b"\n")
    finally:
        os.close(write)
    command = ["age", "--decrypt", "--identity", f"/dev/fd/{read}"]
    try:
        with _process(command, source, subprocess.PIPE, keep=(read,)) as process:
            assert process.stdout is not None
            try:
                yield process.stdout
            except (
                BackupFailed
            ) as failed:  # often only because age gave up: then its reason is the better one
                _drain(process.stdout)
                if process.wait():
                    raise _failure(process) from failed
                raise
            _drain(process.stdout)
            if process.wait():
                raise _failure(process)
    finally:
        os.close(read)


def _drain(stream: IO[bytes]) -> None:
    while stream.read(1 << 20):
        pass


@contextmanager
def _process(
    command: Sequence[str], given: IO[bytes] | int, taken: IO[bytes] | int, keep: Sequence[int] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    try:
        process = subprocess.Popen(command, stdin=given, stdout=taken, stderr=subprocess.PIPE, pass_fds=keep)
    except OSError as error:
        raise BackupFailed("age_missing", f"{command[0]} cannot be run: {error.strerror}") from error
    with process:
        try:
            yield process
        except BaseException:
            process.kill()
            if process.stdin is not None:
                # What it never took is in the buffer still; why it did not is told already.
                with suppress(BrokenPipeError):
                    process.stdin.close()
            raise


def _failure(process: subprocess.Popen[bytes]) -> BackupFailed:
    assert process.stderr is not None
    said = process.stderr.read().decode(errors="replace")
    if "no identity matched" in said:
        return BackupFailed("key_other", "This key does not open this file: it was made with another one.")
    return BackupFailed("age_failed", f"age: {_last_line(said)}")


def _last_line(said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip() and "report unexpected" not in line]
    return lines[-1].removeprefix("age: error: ") if lines else "no reason given"


def read_key(path: Path) -> str:
    """The secret key in a file. Raises ``OSError``; ``BackupFailed`` if there is none in it."""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.strip().startswith(MARK):
            return line.strip()
    raise BackupFailed("key_wrong", f"{path} holds no secret key.")
