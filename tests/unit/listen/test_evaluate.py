"""``strowger amd evaluate``: manifests with mistakes, shares with their intervals, and the figures of known files."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dsp import Label, Verdict
from firmware.cli import main
from firmware.listen import manifest
from firmware.listen.errors import BadManifest
from firmware.listen.evaluate import Outcome, Report, as_json, as_text, beeps, errors
from firmware.listen.hearing import Hearing, Told
from firmware.listen.manifest import Case
from firmware.listen.statistics import Share, percentile
from tests.unit.dsp.sounds import pcm, silence, tone
from tests.unit.listen.test_classify import sit, write


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["there are no rows"]),
        ("file,label\n", ["there are no rows"]),
        ("name,label\na.wav,human\n", ["row 1: the column file is missing"]),
        ("a,b\n1,2\n", ["the column file is missing", "the column label is missing"]),
        ("file,label\na.wav,humanoid\n", ["row 2, column label: 'humanoid' is none of human, machine"]),
        ("file,label\na.wav,human\n,human\n", ["row 3, column file: is empty"]),
        ("file,label,beep_s\na.wav,machine,soon\n", ["row 2, column beep_s: 'soon' is no number of seconds"]),
        ("file,label,beep_s\na.wav,machine,-1\n", ["row 2, column beep_s"]),
        ("file,label\na.wav,human,7\n", ["row 2, column (last): the row has not as many fields"]),
        ("file,label\na.wav\n", ["row 2, column (last)", "row 2, column label"]),
        ('file,label\n"a.wav,human\n', ["unexpected end of data"]),
    ],
)
def test_a_malformed_manifest_names_row_and_column(tmp_path: Path, text: str, words: list[str]) -> None:
    path = tmp_path / "m.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadManifest) as raised:
        manifest.read(path)
    for each in words:
        assert each in str(raised.value)
    assert all(line.startswith(str(path)) for line in str(raised.value).splitlines())


def test_a_manifest_that_is_missing_or_no_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["amd", "evaluate", str(tmp_path / "m.csv")]) == 1
    assert "m.csv: No such file" in capsys.readouterr().err
    (tmp_path / "m.csv").write_bytes(b"file,label\n\xff\xfe,human\n")
    assert main(["amd", "evaluate", str(tmp_path / "m.csv")]) == 1
    assert "m.csv: 'utf-8' codec" in capsys.readouterr().err


def test_many_mistakes_are_not_all_listed(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text("file,label\n" + "a.wav,x\n" * 30)
    with pytest.raises(BadManifest, match=r"\.\.\. and 10 more"):
        manifest.read(path)


def test_wilson_s_interval() -> None:
    """Against values worked out by hand from Wilson's formula (R's binom package agrees)."""
    assert Share(0, 0).value is None
    assert Share(0, 10).interval == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert Share(10, 10).interval == pytest.approx((0.7225, 1.0), abs=1e-4)
    assert Share(5, 100).interval == pytest.approx((0.0215, 0.1118), abs=1e-4)
    assert Share(81, 263).interval == pytest.approx((0.2553, 0.3662), abs=1e-4)  # Newcombe 1998


def test_percentiles() -> None:
    values = [float(n) for n in range(1, 101)]
    assert (percentile(values, 50), percentile(values, 95), percentile([3.0], 95)) == (50.0, 95.0, 3.0)
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 50)


def case(
    label: str, *, kind: str = "", beep_s: float | None = None, utterance_s: float | None = None
) -> Case:
    return Case(Path("x.wav"), label, kind, "de", beep_s, True, utterance_s)


def outcome(status: str, seconds: float = 1.0, beep_s: float | None = None, final: str = "") -> Outcome:
    return Outcome(status, final or status, "a reason", seconds, beep_s)


def test_rates_timing_and_beeps() -> None:
    heard = (
        (case("HUMAN", kind="short", utterance_s=0.6), outcome("HUMAN")),
        (case("HUMAN", kind="short"), outcome("UNSURE", 3.5)),
        (case("HUMAN", kind="long"), outcome("MACHINE", 2.0)),
        (case("MACHINE", beep_s=9.0), outcome("HUMAN", 1.2, 9.1, final="MACHINE")),
        (case("MACHINE", beep_s=9.0), outcome("MACHINE", 1.2, 9.2)),
        (case("INTERCEPT"), outcome("INTERCEPT", 1.3, 4.0)),
    )
    rates = errors(heard)
    assert (rates["human called machine"].count, rates["human called machine"].of) == (1, 3)
    assert rates["machine called human"].count == 1
    assert rates["announcement called human"].count == 0
    assert "music called otherwise" not in rates
    found = beeps(heard)
    assert [(share.count, share.of) for share in found.values()] == [(1, 2), (1, 3), (1, 4)]
    report = as_json(Report(heard, ("y.wav: the file is empty",)))
    assert report["confusion"]["MACHINE"]["HUMAN"]["count"] == 1
    assert "HUMAN" not in report["confusion_after_corrections"]["MACHINE"]
    assert report["by_kind"]["long"]["human called machine"]["share"] == 1.0
    assert report["by_language"]["de"]["human called machine"]["of"] == 3
    assert report["seconds"]["human after the first utterance"]["p50"] == 0.4
    assert [(row["label"], row["status"]) for row in report["wrong"]] == [
        ("HUMAN", "MACHINE"), ("MACHINE", "HUMAN"),
    ]  # fmt: skip
    assert "human called machine" in as_text(Report(heard, ()))


def test_nothing_that_could_be_heard() -> None:
    assert as_json(Report((), ("x.wav: the file is empty",)))["errors"] == {}
    assert "0 files heard, 1 not readable" in as_text(Report((), ("x",)))


def test_real_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "sit.wav", sit())
    write(tmp_path / "early.wav", pcm(tone((425.0,), 1000), silence(2000), tone((2100.0,), 3000)))
    rows = "sit.wav,announcement,\nearly.wav,fax,2.5\ngone.wav,human,\n"
    (tmp_path / "m.csv").write_text("file,label,early_media_s\n" + rows)
    assert main(["amd", "evaluate", str(tmp_path / "m.csv"), "--json"]) == 1
    captured = capsys.readouterr()
    assert f"{tmp_path / 'gone.wav'}: No such file" in captured.err
    report = json.loads(captured.out)
    assert report["files"] == 2
    assert report["wrong"] == []
    assert 0.9 <= report["seconds"]["fax"]["p50"] <= 1.3  # half a second of quiet, half a second of tone


def test_a_correction_is_no_word_of_its_own_but_the_last_verdict() -> None:
    """The dialler acts upon the first word; what replaced it later is in the second table."""
    first, last = (
        Verdict(label, 0.9, at_ms, "no_clear_picture")
        for label, at_ms in ((Label.HUMAN, 900), (Label.MACHINE, 2500))
    )
    correction: Any = SimpleNamespace(verdict=last, kind="flip")
    hearing = Hearing((Told(first, 920), Told(correction, 2520)), (), 6.0)
    assert [told.event for told in hearing.verdicts] == [first, last]
    assert hearing.verdicts[1].heard_ms == 2520
