"""The shipped file is the one its card describes, loads, and keeps no memory between calls."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import dsp
from dsp.features import BANDS, STEP_FRAMES, FrontEnd
from dsp.frames import Blocks
from dsp.model import CLASSES, AmdModel, ModelError, odds_of
from dsp.talk import TIMING, Loudness, Talk
from tests.unit.dsp.sounds import pcm, silence, speech

SHIPPED = Path(dsp.__file__).parent / "models" / "amd.tflite"


def card() -> dict[str, object]:
    found = json.loads(SHIPPED.with_suffix(".json").read_text("utf-8"))
    assert isinstance(found, dict)
    return found


@pytest.mark.req("GEN-017")
def test_the_card_describes_the_file() -> None:
    content = SHIPPED.read_bytes()
    assert card()["sha256"] == hashlib.sha256(content).hexdigest()
    assert card()["bytes"] == len(content) < 100_000
    assert card()["classes"] == list(CLASSES)


def test_the_card_names_sources_licences_and_measured_errors() -> None:
    found = card()
    assert all(source["licence"] and source["clips"] for source in found["sources"])  # type: ignore[attr-defined]
    measured = found["test"]["by_sensitivity"]["balanced"]  # type: ignore[index]
    assert {"human_called_machine", "machine_called_human", "machine_left_unsure"} <= set(measured)
    assert measured["human_called_machine"]["rate"] <= 0.03
    assert found["test"]["int8_float_same_verdict"]["label"] >= 0.97  # type: ignore[index]


def test_a_bolder_preset_is_bolder_in_every_limit() -> None:
    careful, balanced, eager = (
        AmdModel.default().card.limits[name] for name in ("careful", "balanced", "eager")
    )
    for strict, loose in ((careful, balanced), (balanced, eager)):
        assert (strict.machine, strict.machine_at_last) != (loose.machine, loose.machine_at_last)
        assert strict.machine >= loose.machine
        assert strict.machine_at_last >= loose.machine_at_last


def test_the_model_is_loaded_once() -> None:
    assert AmdModel.default() is AmdModel.default()


def test_a_step_depends_on_its_inputs_only() -> None:
    model = AmdModel.default()
    dice = np.random.default_rng(5)
    mel = dice.normal(size=(STEP_FRAMES, BANDS)).astype(np.float32)
    timing = dice.random(TIMING).astype(np.float32)
    state = model.fresh_state()
    first, after = model.step(mel, timing, state)
    model.step(-mel, timing, after)
    again, after_again = model.step(mel, timing, state)
    assert first == again
    assert np.array_equal(after, after_again)
    assert not model.fresh_state().any()


def test_speech_is_told_from_silence_and_from_noise() -> None:
    words = speech("Good morning, how are you today, what can I do for you?")
    heard = [
        mean_speech(pcm(words)),
        mean_speech(pcm(silence(3000))),
        mean_speech(pcm(silence(3000), noise_dbfs=-35)),
    ]
    assert heard[0] > 0.7
    assert max(heard[1:]) < 0.3


def mean_speech(samples: np.ndarray) -> float:
    model, front_end, loudness, talk = AmdModel.default(), FrontEnd(), Loudness(), Talk()
    state, found = model.fresh_state(), []
    for block in Blocks().push(samples):
        step = front_end.step(block)
        talk.step(loudness.step(step.voice_db))
        odds, state = model.step(step.mel, talk.timing(), state)
        found.append(odds.speech)
    return float(np.mean(found))


def test_odds_add_up_and_survive_large_logits() -> None:
    found = odds_of(np.array([900.0, -900.0, 0.0, 0.0, 50.0], dtype=np.float32), 1.0)
    assert (found.human, found.machine, found.speech) == (1.0, 0.0, 1.0)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for suffix in (".tflite", ".json"):
        shutil.copy(SHIPPED.with_suffix(suffix), tmp_path)
    return tmp_path / SHIPPED.name


def test_a_copy_works_like_the_shipped_one(copy: Path) -> None:
    assert AmdModel(copy).card.sha256 == AmdModel.default().card.sha256


def test_a_missing_file_says_so(copy: Path) -> None:
    copy.unlink()
    with pytest.raises(ModelError, match="make train"):
        AmdModel(copy)


def test_a_missing_card_says_so(copy: Path) -> None:
    copy.with_suffix(".json").unlink()
    with pytest.raises(ModelError, match="card"):
        AmdModel(copy)


def test_a_changed_file_is_not_used(copy: Path) -> None:
    copy.write_bytes(copy.read_bytes()[:-1] + b"\x00\x01")
    with pytest.raises(ModelError, match="sha256"):
        AmdModel(copy)


@pytest.mark.parametrize(
    "change", [{"classes": ["cat", "dog"]}, {"limits": {"careful": {}}}, {"temperature": "warm"}]
)
def test_a_card_of_another_kind_is_refused(copy: Path, change: dict[str, object]) -> None:
    path = copy.with_suffix(".json")
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | change), "utf-8")
    with pytest.raises(ModelError):
        AmdModel(copy)


def test_a_model_file_that_is_none_is_refused(copy: Path) -> None:
    copy.write_bytes(b"no model at all")
    path = copy.with_suffix(".json")
    sha256 = hashlib.sha256(copy.read_bytes()).hexdigest()
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"sha256": sha256}), "utf-8")
    with pytest.raises(ModelError, match="not a model"):
        AmdModel(copy)
