"""``strowger tones``: every tone with its start and its end."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from dsp.countries import CADENCES
from firmware.cli import main
from tests.unit.dsp.sounds import pcm, silence, speech, tone
from tests.unit.listen.test_classify import write

Row = tuple[float, float, str, str]


def tones(tmp_path: Path, sound: np.ndarray, *arguments: str) -> list[Row]:
    file, out = write(tmp_path / "tones.wav", sound), tmp_path / "out.csv"
    assert main(["tones", str(file), "--csv", str(out), *arguments]) == 0
    with out.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    return [(float(row["start_s"]), float(row["end_s"]), row["kind"], row["detail"]) for row in rows]


def test_a_file_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tones", str(tmp_path / "none.wav"), "--csv", "-"]) == 1
    assert "none.wav: No such file" in capsys.readouterr().err


def test_a_file_without_tones_has_no_rows(tmp_path: Path) -> None:
    assert tones(tmp_path, pcm(speech("Good morning, what can I do for you?"), silence(500))) == []


@pytest.mark.req("GEN-016")
def test_everything_in_one_file(tmp_path: Path) -> None:
    busy = np.concatenate([np.concatenate((tone((425.0,), 480), silence(480)))] * 6)
    sit = [tone((hz,), 330) for hz in (950.0, 1400.0, 1800.0)]
    key, fax = tone((770.0, 1336.0), 120), tone((2100.0,), 2600)
    sound = pcm(silence(500), busy, silence(8000), key, silence(500), *sit, silence(1000), fax, silence(600))
    found = tones(tmp_path, sound)
    assert [(kind, detail.split()[0]) for _, _, kind, detail in found] == [
        ("busy", "DE"), ("dtmf", "5"), ("sit", "ITU"), ("ced", "CED"),
    ]  # fmt: skip
    sit_s = 0.5 + 5.76 + 8.0 + 0.62
    wanted = [(0.5, 5.78), (14.26, 14.38), (sit_s, sit_s + 0.99), (sit_s + 1.99, sit_s + 4.59)]
    for (start_s, end_s, *_), (true_start_s, true_end_s) in zip(found, wanted, strict=True):
        assert start_s == pytest.approx(true_start_s, abs=0.05)
        assert end_s == pytest.approx(true_end_s, abs=0.08)


@pytest.mark.req("GEN-016")
def test_the_countries_a_ringback_may_be_of(tmp_path: Path) -> None:
    sound = pcm(silence(300), tone((425.0,), 1000), silence(4000), tone((425.0,), 1000), silence(4000))
    (start_s, end_s, kind, detail), *more = tones(tmp_path, sound, "--country", "ch")
    assert (kind, more) == ("ringback", [])
    assert detail.split()[0] == "CH"
    assert {"CH", "DE", "IT", "NL", "PL"} <= set(detail.split())
    assert start_s == pytest.approx(0.3, abs=0.05)
    assert end_s == pytest.approx(6.3, abs=0.05)
    assert {one.country for one in CADENCES} >= set(detail.split()[:-2])


@pytest.mark.req("GEN-022")
def test_a_beep_that_ends_with_the_file(tmp_path: Path) -> None:
    words = speech("We are not here. Please leave a message.")
    sound = pcm(words, silence(300), tone((880.0,), 400))
    [(start_s, end_s, kind, _)] = tones(tmp_path, sound)
    assert kind == "beep"
    assert (start_s, end_s) == pytest.approx((len(sound) / 8000 - 0.4, len(sound) / 8000), abs=0.04)
