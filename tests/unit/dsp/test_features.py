"""The front end: no look ahead, no memory of loudness, and speech found by level."""

from __future__ import annotations

import numpy as np
import pytest

from dsp.features import BANDS, CONTEXT, STEP_FRAMES, FrontEnd
from dsp.frames import BLOCK, Blocks
from dsp.talk import Loudness, Talk
from tests.unit.dsp.sounds import Pcm, pcm, silence, speech, tone


def mels(samples: Pcm) -> np.ndarray:
    front_end = FrontEnd()
    return np.stack([front_end.step(block).mel for block in Blocks().push(samples)])


def test_blocks_hold_back_what_does_not_fill_one() -> None:
    blocks = Blocks()
    assert list(blocks.push(np.zeros(BLOCK - 1, dtype=np.int16))) == []
    assert blocks.room == 1
    assert len(list(blocks.push(np.ones(BLOCK + 1, dtype=np.int16)))) == 2
    assert blocks.room == BLOCK


def test_the_caller_s_array_is_not_kept() -> None:
    blocks, samples = Blocks(), np.full(400, 100, dtype=np.int16)
    assert list(blocks.push(samples)) == []
    samples[:] = 0
    block = next(iter(blocks.push(np.zeros(400, dtype=np.int16))))
    assert block[0] > 0


def test_a_step_has_ten_frames_and_the_last_of_the_step_before() -> None:
    found = mels(pcm(speech("Hello, who is there?")))
    assert found.shape[1:] == (STEP_FRAMES, BANDS)
    assert np.array_equal(found[1][:CONTEXT], found[0][-CONTEXT:])


def test_the_future_changes_no_past_step() -> None:
    words = speech("Hello, who is there?")
    first, second = pcm(words, silence(1000)), pcm(words, tone((800.0,), 1000))
    steps = len(words) // BLOCK
    assert np.array_equal(mels(first)[:steps], mels(second)[:steps])


def test_loudness_is_levelled_out() -> None:
    loud, soft = (
        speech("Good morning, how can I help you, who is calling?", level=size) for size in (0.2, 0.05)
    )
    late = slice(15, 25)
    difference = np.abs(mels(pcm(loud, noise_dbfs=-90))[late] - mels(pcm(soft, noise_dbfs=-90))[late])
    assert difference.mean() < 0.35


def talk(samples: Pcm) -> Talk:
    front_end, loudness, heard = FrontEnd(), Loudness(), Talk()
    for block in Blocks().push(samples):
        heard.step(loudness.step(front_end.step(block).voice_db))
    return heard


@pytest.mark.parametrize("noise_dbfs", [-90, -60, -50])
@pytest.mark.parametrize("level", [0.3, 0.1, 0.03])
def test_speech_by_level_from_a_whisper_to_a_shout(noise_dbfs: float, level: float) -> None:
    words = speech("Hello there.", level=level)
    heard = talk(pcm(silence(500), words, silence(700), noise_dbfs=noise_dbfs))
    assert heard.onset_ms is not None
    assert abs(heard.onset_ms - 500) < 100
    assert abs(heard.quiet_ms - 700) <= 150
    assert heard.runs == 1


def test_clicks_are_no_speech() -> None:
    click = np.zeros(8000)
    click[100:140] = 0.5
    assert talk(pcm(click, click)).runs == 0


def test_timing_stays_between_nought_and_one() -> None:
    values = talk(pcm(silence(500), *([speech("Hello there."), silence(600)] * 8))).timing()
    assert values.dtype == np.float32
    assert ((values >= 0) & (values <= 1)).all()
