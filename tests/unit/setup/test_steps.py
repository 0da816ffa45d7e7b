"""Set-up, the steps: a second run does nothing, a failed one leaves nothing half done."""

from __future__ import annotations

import csv
import wave
from pathlib import Path

import pytest

from tests.unit.setup.checkout import REPOSITORY, Checkout

VOICES = "image/setup/50-voices.sh"
HELLO = "file,kind,language,voice,text\nhello.wav,human_hello,en,{voice},Hello?\n"
SECONDS = {
    "human_hello": (0.3, 2.5),
    "human_talk": (2.0, 8.0),
    "machine_greeting": (4.0, 12.0),
    "call_screening": (2.0, 12.0),
    "intercept": (3.0, 8.0),
    "announcement_abandoned": (5.0, 15.0),
}


def sentences(checkout: Checkout, text: str) -> None:
    (checkout.repository / "image/setup/voices.csv").write_text(text)


def test_a_second_run_does_nothing(checkout: Checkout) -> None:
    sentences(checkout, HELLO.format(voice="espeak-ng en-gb 160"))
    first = checkout.run(VOICES)
    spoken = checkout.cache / "voices" / "hello.wav"
    made_at_ns = spoken.stat().st_mtime_ns
    second = checkout.run(VOICES)
    assert (first.returncode, second.returncode) == (0, 0)
    assert second.stdout == f"voices     {checkout.cache}/voices: already there\n"
    assert spoken.stat().st_mtime_ns == made_at_ns


def test_new_sentences_make_a_new_set_and_the_old_one_stays(checkout: Checkout) -> None:
    sentences(checkout, HELLO.format(voice="espeak-ng en-gb 160"))
    checkout.run(VOICES)
    old = (checkout.cache / "voices").resolve()
    sentences(checkout, HELLO.format(voice="flite slt"))
    assert checkout.run(VOICES).returncode == 0
    assert (checkout.cache / "voices").resolve() != old
    assert (old / "hello.wav").exists()


def test_a_step_that_fails_says_why_and_leaves_nothing(checkout: Checkout) -> None:
    sentences(checkout, HELLO.format(voice="gramophone"))
    done = checkout.run(VOICES)
    assert done.returncode == 1
    assert "no such voice: gramophone" in done.stderr
    assert [path.name for path in checkout.cache.iterdir()] == ["log"]


def test_setup_stops_at_the_first_step_that_fails(checkout: Checkout) -> None:
    for path in (checkout.repository / "image/setup").glob("[0-9][0-9]-*.sh"):
        path.unlink()
    for name, status in (("10-good", 0), ("20-bad", 3), ("30-never", 0)):
        (checkout.repository / f"image/setup/{name}.sh").write_text(f"echo {name}; exit {status}\n")
    done = checkout.run("image/setup/setup.sh")
    assert (done.returncode, done.stdout) == (3, "10-good\n20-bad\n")


def test_setup_takes_only_the_steps_named_and_knows_its_steps(checkout: Checkout) -> None:
    sentences(checkout, HELLO.format(voice="flite slt"))
    assert checkout.run("image/setup/setup.sh", "50").returncode == 0
    unknown = checkout.run("image/setup/setup.sh", "77")
    assert unknown.returncode == 1
    assert "There is no step 77-*.sh" in unknown.stderr


def test_a_function_stops_at_its_first_error_though_its_output_is_caught(checkout: Checkout) -> None:
    step = checkout.repository / "image/setup/99-two.sh"
    step.write_text(
        '#!/bin/bash\nsource "$(dirname "$0")/lib.sh"\n'
        'two() { echo "E: the first went wrong"; false; touch "$cache/second"; }\nquietly "It did not work." two\n'
    )
    step.chmod(0o755)
    done = checkout.run("image/setup/99-two.sh")
    assert done.returncode == 1
    assert done.stderr.splitlines()[:2] == ["E: the first went wrong", "two        It did not work."]
    assert not (checkout.cache / "second").exists()


@pytest.fixture(scope="module")
def voices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    checkout = Checkout(tmp_path_factory.mktemp("voices"))
    done = checkout.run(VOICES)
    assert done.returncode == 0, done.stderr
    return checkout.cache / "voices"


def test_every_sentence_is_spoken_at_telephone_quality_and_of_its_length(voices: Path) -> None:
    with (voices / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        manifest = list(csv.DictReader(lines))
    with (REPOSITORY / "image/setup/voices.csv").open(encoding="utf-8", newline="") as lines:
        assert [row["file"] for row in manifest] == [row["file"] for row in csv.DictReader(lines)]
    for row in manifest:
        with wave.open(str(voices / row["file"])) as spoken:
            assert (spoken.getnchannels(), spoken.getframerate(), spoken.getsampwidth()) == (1, 8000, 2)
            assert f"{spoken.getnframes() / 8000:.3f}" == row["duration_s"]
        shortest, longest = SECONDS[row["kind"]]
        assert shortest <= float(row["duration_s"]) <= longest, row


def test_there_is_enough_to_say_in_both_languages(voices: Path) -> None:
    with (voices / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        spoken = [(row["kind"], row["language"]) for row in csv.DictReader(lines)]
    for language in ("de", "en"):
        assert spoken.count(("human_hello", language)) >= 15
        assert spoken.count(("machine_greeting", language)) >= 8
        assert spoken.count(("announcement_abandoned", language)) == 1
