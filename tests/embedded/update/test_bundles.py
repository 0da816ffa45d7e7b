"""Real bundles, made by the image's own script and verified by RAUC: the good one and those that are refused."""

from __future__ import annotations

import asyncio
import os
import subprocess
from pathlib import Path

import pytest

from firmware.model import OperatorError
from firmware.update.rauc import look_into, this_box
from firmware.update.rules import Bundle

IMAGE = Path(__file__).resolve().parents[3] / "image"
KEYRING = IMAGE / "keys/development-ca.pem"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("bundles")
    (made / "root").write_bytes(os.urandom(20_000))
    bundle(made, "good")
    return made


def bundle(folder: Path, name: str, **signer: str) -> Path:
    made = folder / f"{name}.raucb"
    command = [str(IMAGE / "bundle.sh"), str(folder / "root"), "2.0.0", "strowger-amd64", str(made)]
    made_on = {"SOURCE_DATE_EPOCH": "1795132800"}
    done = subprocess.run(
        command, env={**os.environ, **made_on, **signer}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return made


def changed(folder: Path, name: str, data: bytes) -> Path:
    made = folder / f"{name}.raucb"
    made.write_bytes(data)
    return made


def refusal(file: Path) -> str:
    with pytest.raises(OperatorError) as refused:
        asyncio.run(look_into(file, KEYRING))
    return refused.value.problems[0].key


def test_a_good_bundle_says_what_it_is(folder: Path) -> None:
    found = asyncio.run(look_into(folder / "good.raucb", KEYRING))
    signer = "O = Strowger WORTHLESS development, CN = WORTHLESS development signer"
    assert found == Bundle("strowger-amd64", "2.0.0", "2026-11-20", signer)


def test_a_bundle_signed_by_a_stranger_is_refused(folder: Path) -> None:
    key, certificate = folder / "stranger.key", folder / "stranger.pem"
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9 -subj /CN=stranger"
    )
    paths = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command.split(), *paths], check=True, capture_output=True)
    strange = bundle(folder, "strange", STROWGER_CERTIFICATE=str(certificate), STROWGER_KEY=str(key))
    assert refusal(strange) == "update_stranger"


def test_a_bundle_whose_word_was_changed_is_refused(folder: Path) -> None:
    data = bytearray((folder / "good.raucb").read_bytes())
    data[data.rindex(b"strowger-amd64")] ^= 1
    assert refusal(changed(folder, "forged", bytes(data))) == "update_damaged"


@pytest.mark.parametrize("keep", [0, 100, -300])
def test_a_bundle_cut_short_is_refused(folder: Path, keep: int) -> None:
    data = (folder / "good.raucb").read_bytes()
    assert refusal(changed(folder, "cut", data[:keep])) in ("update_not_a_bundle", "update_damaged")


def test_another_file_is_no_bundle(folder: Path) -> None:
    assert (
        refusal(changed(folder, "letter", b"Dear box, please update yourself.\n" * 999))
        == "update_not_a_bundle"
    )


def test_a_file_that_is_not_there_is_said_to_be_missing(folder: Path) -> None:
    assert refusal(folder / "nowhere.raucb") == "update_no_file"


def test_a_box_says_what_it_is(tmp_path: Path) -> None:
    release = tmp_path / "os-release"
    release.write_text(
        'PRETTY_NAME="Strowger 1.0"\nIMAGE_VERSION=1.0\nSTROWGER_COMPATIBLE=strowger-amd64\n'
        "STROWGER_MINIMUM_VERSION=0.9\n"
    )
    box = this_box(release)
    assert (box.compatible, box.version, box.minimum) == ("strowger-amd64", "1.0", "0.9")


def test_a_machine_that_was_not_flashed_has_no_slots(tmp_path: Path) -> None:
    release = tmp_path / "os-release"
    release.write_text("ID=debian\n")
    with pytest.raises(OperatorError, match="no slots"):
        this_box(release)
    with pytest.raises(OperatorError, match="no slots"):
        this_box(tmp_path / "nowhere")
