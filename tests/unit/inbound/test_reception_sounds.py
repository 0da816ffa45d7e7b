"""Music and the tone of an offered call: files that every trunk can play."""

from __future__ import annotations

import wave
from array import array
from collections.abc import Callable
from pathlib import Path

import pytest

from firmware.dialling.messages import fault_of
from firmware.reception import sounds


@pytest.mark.parametrize(("make", "least_s"), [(sounds.music, 20), (sounds.offer_tone, sounds.OFFER_TONE_S)])
def test_what_the_box_makes_itself_can_be_played(
    tmp_path: Path, make: Callable[[Path], None], least_s: int
) -> None:
    path = tmp_path / "folder" / "sound.wav"
    make(path)
    assert fault_of(path) is None
    with wave.open(str(path), "rb") as file:
        assert file.getnframes() >= least_s * file.getframerate()
        loudest = max(map(abs, array("h", file.readframes(file.getnframes()))))
    assert 2000 < loudest < 8000
    assert [each.name for each in path.parent.iterdir()] == ["sound.wav"]
