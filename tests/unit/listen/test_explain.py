"""``strowger amd explain``: in words, as JSON, as a picture."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest

from firmware.cli import main
from tests.unit.dsp.sounds import pcm, silence, speech, tone
from tests.unit.listen.test_classify import sit, write


def test_a_place_that_cannot_be_drawn_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path / "a.wav", sit())
    assert main(["amd", "explain", str(file), "--png", str(tmp_path / "no" / "a.png")]) == 1
    assert "No such file or directory" in capsys.readouterr().err


def test_in_words_of_both_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path / "a.wav", sit())
    assert main(["amd", "explain", str(file)]) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"{file}: INTERCEPT after 1.")
    assert "three rising network tones" in text
    assert "sit ITU" in text
    assert main(["amd", "explain", str(file), "--language", "de"]) == 0
    assert "Hinweistöne" in capsys.readouterr().out


@pytest.mark.req("GEN-017")
def test_as_json_with_the_odds_that_led_to_the_verdict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sound = pcm(silence(500), speech("Hello?"), silence(4000))
    assert main(["amd", "explain", str(write(tmp_path / "a.wav", sound)), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["status"] == found["verdicts"][0]["status"]
    assert found["track"]
    for point in found["track"]:
        odds = {name: value for name, value in point.items() if name not in ("at_s", "level_db", "speech")}
        assert {"human", "machine"} <= set(odds)
        assert sum(odds.values()) == pytest.approx(1.0, abs=0.01)
    assert [point["at_s"] for point in found["track"][:3]] == [0.1, 0.2, 0.3]


@pytest.mark.parametrize("seconds", [0.02, 3.0, 90.0])
def test_a_picture_of_any_length(tmp_path: Path, seconds: float) -> None:
    sound = pcm(silence(seconds * 300), tone((2100.0,), seconds * 300), silence(seconds * 400))
    file, out = write(tmp_path / "a.wav", sound), tmp_path / "a.png"
    assert main(["amd", "explain", str(file), "--png", str(out), "--early-media", str(seconds / 10)]) == 0
    data = out.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", data[16:24]) == (1400, 800)
