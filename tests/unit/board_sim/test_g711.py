"""G.711 against the tables of the recommendation, its digital milliwatt, and sox."""

from __future__ import annotations

import shutil
import subprocess

import numpy as np
import pytest

from board.sim import g711

EVERY = np.arange(-32768, 32768).astype(np.int16)
RAW = ["-t", "raw", "-e", "signed", "-b", "16"]


@pytest.mark.parametrize(
    ("codec", "scale", "table"),
    [
        # character signal → decoder output, positive half of Table 2a and 1a
        ("PCMU", 4, {0x80: 8031, 0x8F: 4191, 0x9F: 2079, 0xAF: 1023, 0xBF: 495, 0xCF: 231, 0xDF: 99, 0xEF: 33}),
        ("PCMU", 4, {0xFE: 2, 0xFF: 0}),
        ("PCMA", 8, {0xAA: 4032, 0xA5: 2112, 0xB5: 1056, 0x85: 528, 0x95: 264, 0xE5: 132, 0xF5: 66, 0xD4: 3, 0xD5: 1}),
    ],
)  # fmt: skip
def test_decoder_outputs_are_the_tables(codec: str, scale: int, table: dict[int, int]) -> None:
    for code, value in table.items():
        assert g711.TO_LINEAR[codec][code] == value * scale
        assert g711.TO_LINEAR[codec][code ^ 0x80] == -value * scale


@pytest.mark.parametrize(
    ("codec", "period", "overload_dbm0"),
    [("PCMU", "1e0b0b1e9e8b8b9e", 3.17), ("PCMA", "34212134b4a1a1b4", 3.14)],
)
def test_the_digital_milliwatt_is_0_dbm0(codec: str, period: str, overload_dbm0: float) -> None:
    """Tables 5 and 6 of G.711: these eight codes, repeated, are 1 kHz at 0 dBm0."""
    samples = g711.decode(bytes.fromhex(period) * 100, codec).astype(float)
    full_scale = {"PCMU": 8159 * 4, "PCMA": 4096 * 8}[codec] / np.sqrt(2)
    level = 20 * np.log10(np.sqrt(np.mean(samples**2)) / full_scale) + overload_dbm0
    assert abs(level) < 0.02


@pytest.mark.parametrize("codec", ["PCMU", "PCMA"])
def test_every_code_survives_decoding_and_coding(codec: str) -> None:
    again = g711.encode(g711.TO_LINEAR[codec], codec)
    differing = [code for code in range(256) if again[code] != code]
    assert differing == ([0x7F] if codec == "PCMU" else [])  # µ-law has two zeros; we send the positive one


@pytest.mark.parametrize(("codec", "bias"), [("PCMU", 132), ("PCMA", 256)])
def test_a_sample_is_off_by_half_a_step_at_most(codec: str, bias: int) -> None:
    """A step is a sixteenth of where its segment begins; the one's complement of negatives adds one."""
    coded = np.frombuffer(g711.encode(EVERY, codec), np.uint8)
    decoded = g711.TO_LINEAR[codec][coded].astype(int)
    inside = np.abs(EVERY.astype(int)) < 32600
    assert np.all(np.abs(decoded - EVERY)[inside] <= (np.abs(EVERY.astype(int))[inside] + bias) / 32 + 1)
    assert np.all(np.diff(decoded) >= 0)


@pytest.mark.parametrize(("codec", "kind", "rounding"), [("PCMU", "ul", 2), ("PCMA", "al", 8)])
def test_sox_agrees(codec: str, kind: str, rounding: int) -> None:
    """sox rounds to 14 or 13 bits before it codes: at most so far from a decision value may it differ."""
    sox = shutil.which("sox")
    assert sox, "sox is missing: run make setup"
    ours = np.frombuffer(g711.encode(EVERY, codec), np.uint8)
    shape = ["-r", "8000", "-c", "1"]
    decoded = subprocess.run([sox, "-D", "-t", kind, *shape, "-", *RAW, "-"], input=bytes(range(256)),
                             capture_output=True, check=True).stdout  # fmt: skip
    assert np.array_equal(np.frombuffer(decoded, "<i2"), g711.TO_LINEAR[codec])
    coded = subprocess.run([sox, "-D", *RAW, *shape, "-", "-t", kind, "-"], input=EVERY.astype("<i2").tobytes(),
                           capture_output=True, check=True).stdout  # fmt: skip
    theirs = np.frombuffer(coded, np.uint8)
    differs = np.nonzero(ours != theirs)[0]
    edges = np.nonzero(np.diff(ours.astype(int)))[0]
    assert np.all(np.min(np.abs(differs[:, None] - edges[None, :]), axis=1) <= rounding)


@pytest.mark.parametrize("codec", ["PCMU", "PCMA"])
def test_silence_is_the_smallest_code(codec: str) -> None:
    assert g711.encode(np.zeros(3, np.int16), codec) == bytes([g711.SILENCE[codec]] * 3)
    assert g711.SQUARES[codec][g711.SILENCE[codec]] <= 64
