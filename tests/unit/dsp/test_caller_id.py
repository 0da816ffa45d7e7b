"""Caller ID: every message with a valid checksum is read, over levels, twist and noise, and none is ever invented."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from board.sim import g711
from board.sim.line import (
    BELL_202,
    PROFILES,
    V23,
    Caller,
    ChangeKind,
    FarEnd,
    Hook,
    IncomingCall,
    LineSim,
    Modulation,
    messages,
)
from board.sim.line import fsk as sender
from board.sim.line.profile import CallerIdCustom
from dsp.caller_id import CallerId, CallerIdEars, Format, Kind, Presentation, parse
from dsp.dtmf_clip import DtmfCustom, read
from tests.unit.dsp.line_rig import babble
from tests.unit.dsp.sounds import Pcm, speech

LOADED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""How long an example takes says more of the machine's load than of the code."""

DIGITS = st.text("0123456789", min_size=1, max_size=20)
NAMES = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=2, max_size=15)
TIMES = st.builds(
    "{:02}{:02}{:02}{:02}".format,
    st.integers(1, 12), st.integers(1, 28), st.integers(0, 23), st.integers(0, 59),
)  # fmt: skip


def sent(message: bytes, modulation: Modulation, snr_db: float = 40.0, seed: int = 0) -> Pcm:
    """A message between silences, with noise over the whole band, through A-law."""
    wave = sender.modulate(message, modulation).astype(np.float64)
    sound = np.concatenate((np.zeros(1500), wave, np.zeros(2400)))
    noise = np.random.default_rng(seed).normal(size=len(sound)) * np.sqrt(np.mean(wave**2))
    pcm = np.clip(np.round(sound + noise * 10 ** (-snr_db / 20)), -32768, 32767).astype(np.int16)
    return g711.decode(g711.encode(pcm, "PCMA"), "PCMA")


def number_of(index: int) -> Caller:
    digits = np.random.default_rng(index).integers(0, 10, 11)
    return Caller("".join(map(str, digits)), f"Probe {index}")


def heard(sound: Pcm, country: str = "US") -> list[CallerId]:
    return CallerIdEars(country).feed(sound)


@pytest.mark.parametrize("twist_db", [-6.0, 0.0, 6.0])
@pytest.mark.parametrize("dbm0", [-8.0, -25.0, -38.0])
@pytest.mark.parametrize("snr_db", [35.0, 20.0, 12.0])
def test_every_message_is_read_over_levels_twist_noise_and_clocks(
    snr_db: float, dbm0: float, twist_db: float
) -> None:
    for index in range(8):
        caller = number_of(index + int(snr_db))
        message = (
            messages.sdmf(caller) if index % 3 == 0 else messages.mdmf(caller, number_first=index % 2 == 0)
        )
        modulation = replace(
            BELL_202 if index % 2 else V23,
            dbm0=dbm0,
            twist_db=twist_db,
            baud=1200 * (1 + (index - 4) * 0.0025),
            stuffing_bits=index % 4 * 3,
        )
        found = heard(sent(message, modulation, snr_db, seed=index))
        assert [one.raw for one in found] == [message]
        assert found[0].number == caller.number


def test_in_far_too_much_noise_nothing_is_invented() -> None:
    """Whoever decodes here decodes right: 60 messages at 4 to 9 dB over the whole band."""
    for index in range(60):
        message = messages.mdmf(number_of(index))
        modulation = replace(BELL_202 if index % 2 else V23, twist_db=index % 5 * 3.0 - 6.0)
        found = heard(sent(message, modulation, 4.0 + index % 6, seed=index))
        assert [one.raw for one in found] in ([message], [])


@pytest.mark.parametrize("shift", [-150.0, -80.0, 80.0, 150.0])
def test_a_line_that_shifts_the_pitches_is_read_all_the_same(shift: float) -> None:
    message = messages.mdmf(number_of(1))
    found = heard(sent(message, replace(V23, mark_hz=1300 + shift, space_hz=2100 + shift)))
    assert [one.raw for one in found] == [message]
    assert abs(found[0].offset_hz - shift) < 60


@pytest.mark.parametrize("country", PROFILES)
def test_every_countrys_line_says_who_is_calling(country: str) -> None:
    line = LineSim(country)
    line.ring(IncomingCall(Caller("03023125101", "Probe", time="11221205"), gives_up_after=2))
    found = heard(line.advance(12_000), country)
    message = next(one for one in line.changes() if one.kind is ChangeKind.CALLER_ID)
    assert [(one.raw, one.number, one.presentation) for one in found] == [
        (message.data, "03023125101", Presentation.AVAILABLE)
    ]
    assert abs(found[0].at_ms - message.at_ms) < 150
    if found[0].format is Format.MDMF:
        assert (found[0].name, found[0].time) == ("Probe", "11221205")
        assert found[0].modulation == ("Bell 202" if country == "US" else "V.23")


@pytest.mark.parametrize("custom", [one for one in CallerIdCustom if one is not CallerIdCustom.NONE])
def test_every_custom_of_sending_it(custom: CallerIdCustom) -> None:
    profile = replace(PROFILES["DK"], caller_id=custom)
    line = LineSim(profile)
    line.ring(IncomingCall(Caller("03023125101"), gives_up_after=2))
    assert [one.number for one in heard(line.advance(12_000), "DK")] == ["03023125101"]


@pytest.mark.parametrize("country", ["DE", "US", "DK", "NL", "SE"])
@pytest.mark.parametrize(
    ("reason", "presentation"), [("P", Presentation.PRIVATE), ("O", Presentation.UNAVAILABLE)]
)
def test_a_number_kept_back_is_told_from_one_that_is_not_known(
    country: str, reason: str, presentation: Presentation
) -> None:
    line = LineSim(country)
    line.ring(IncomingCall(Caller(reason=reason), gives_up_after=2))
    assert [(one.number, one.presentation) for one in heard(line.advance(12_000), country)] == [
        ("", presentation)
    ]


@pytest.mark.parametrize("country", ["DE", "GB", "US"])
def test_a_second_caller_is_named_to_whoever_asks_for_it(country: str) -> None:
    """The conversation goes on all the while; a set that does not answer the alerting signal is told nothing."""
    for asked in (True, False):
        line = LineSim(country)
        line.ring(IncomingCall(party=FarEnd(voice=babble(12), voice_after_ms=0)))
        line.set_hook(Hook.OFF)
        line.advance(2000)
        line.changes()
        ears, found = CallerIdEars(country), []
        line.ring(IncomingCall(Caller("03023125102", "Second")))
        found += ears.feed(line.advance(line.profile.tones["call_waiting"].segments[0][1] + 180))
        found += ears.feed(line.advance(100, sender.keys("D", 70, 0).astype(np.int16) if asked else None))
        found += ears.feed(line.advance(2000))
        assert [one.number for one in found] == (["03023125102"] if asked else [])
        assert [one.kind for one in line.changes()] == ([ChangeKind.CALLER_ID] if asked else [])


def test_without_a_caller_id_there_is_none() -> None:
    line = LineSim("DE")
    line.ring(IncomingCall(gives_up_after=3))
    assert heard(line.advance(16_000), "DE") == []


def test_a_wrong_checksum_is_no_caller_id() -> None:
    message = messages.mdmf(number_of(3))
    line = LineSim("DE")
    line.ring(IncomingCall(raw=message[:-1] + bytes((message[-1] ^ 1,)), gives_up_after=2))
    assert heard(line.advance(9_000), "DE") == []


def test_nothing_is_invented_in_five_minutes_of_voices_and_noise() -> None:
    noise = np.random.default_rng(4).normal(size=60 * 8000) * 1500
    sound = np.concatenate([babble(120, seed=2), babble(120, seed=3, rms=6000), noise.astype(np.int16)])
    assert CallerIdEars("DK").feed(sound) == []


def test_nothing_is_invented_in_spoken_sentences() -> None:
    said = [
        speech("Seven six five, five five zero one, please hold the line while we see who is calling", voice)
        for voice in ("en-gb", "de", "fr")
    ]
    sound = (np.concatenate(said) * 20_000).clip(-32768, 32767).astype(np.int16)
    assert all(CallerIdEars(country).feed(sound) == [] for country in ("US", "DK", "SE"))


def test_the_lamp_for_waiting_messages() -> None:
    for waiting in (True, False):
        found = heard(sent(messages.message_waiting(waiting), V23))
        assert [(one.kind, one.waiting) for one in found] == [(Kind.MESSAGE_WAITING, waiting)]


def test_how_the_samples_are_cut_up_changes_nothing() -> None:
    sound = sent(messages.mdmf(number_of(5)), BELL_202)
    ears, found = CallerIdEars("US"), []
    for start in range(0, len(sound), 37):
        found += ears.feed(sound[start : start + 37])
    assert found == heard(sound)


def test_floats_are_refused() -> None:
    with pytest.raises(TypeError):
        CallerIdEars("US").feed(np.zeros(160))  # type: ignore[arg-type]


@settings(LOADED)
@given(
    number=DIGITS,
    name=NAMES,
    time=TIMES,
    redirecting=st.one_of(st.just(""), DIGITS),
    call_type=st.integers(0, 255),
)
def test_what_is_built_is_what_is_parsed(
    number: str, name: str, time: str, redirecting: str, call_type: int
) -> None:
    caller = Caller(number, name, time=time, redirecting=redirecting, call_type=call_type)
    found = parse(messages.mdmf(caller), 7)
    assert found is not None
    assert (found.number, found.time, found.redirecting) == (number, time, redirecting)
    assert (found.name, found.call_type, found.at_ms) == (name.strip(), call_type, 7)
    plain = parse(messages.sdmf(caller))
    assert plain is not None
    assert (plain.number, plain.time, plain.format) == (number, time, Format.SDMF)


@settings(LOADED)
@given(st.binary(max_size=60))
def test_strange_bytes_are_parsed_or_refused_but_never_crash(body: bytes) -> None:
    parse(body)
    parse(messages.closed(0x80, body))
    parse(messages.closed(0x04, body))


@settings(LOADED)
@given(body=st.binary(min_size=3, max_size=40), flipped=st.integers(0, 7), where=st.integers(0, 39))
def test_one_flipped_bit_is_always_noticed(body: bytes, flipped: int, where: int) -> None:
    message = bytearray(messages.closed(0x80, body))
    message[where % len(message)] ^= 1 << flipped
    assert parse(bytes(message)) is None


@settings(LOADED, max_examples=25)
@given(number=DIGITS, name=NAMES, bell=st.booleans(), seed=st.integers(0, 999))
def test_round_trips_over_a_fair_line(number: str, name: str, bell: bool, seed: int) -> None:
    message = messages.mdmf(Caller(number, name))
    found = heard(sent(message, BELL_202 if bell else V23, 25.0, seed))
    assert [one.raw for one in found] == [message]


@pytest.mark.parametrize(
    ("keys", "custom", "number", "redirecting"),
    [
        ("A03023125101C", DtmfCustom.ETSI, "03023125101", ""),
        ("A03023125101D03023125102B01C", DtmfCustom.ETSI, "03023125101", "03023125102"),
        ("D03023125101C", DtmfCustom.ETSI, "03023125101", ""),
        ("A03023125101#", DtmfCustom.HASH, "03023125101", ""),
        ("03023125101#", DtmfCustom.BARE, "03023125101", ""),
    ],
)
def test_rows_of_keys(keys: str, custom: DtmfCustom, number: str, redirecting: str) -> None:
    row = read(keys, custom)
    assert row is not None
    assert (row.number, row.redirecting) == (number, redirecting)


@pytest.mark.parametrize("keys", ["C", "AC1", "A12B", "AA1C", "1234C", "D4#", "A#", "#"])
def test_rows_that_are_none(keys: str) -> None:
    assert all(read(keys, custom) is None for custom in (DtmfCustom.ETSI, DtmfCustom.HASH))


def test_keys_with_a_long_gap_are_no_caller_id() -> None:
    first, second = sender.keys("A0302"), sender.keys("3125101#")
    sound = np.concatenate((first, np.zeros(8000), second, np.zeros(1600))).astype(np.int16)
    assert heard(sound, "DK") == []
    assert heard(sound, "DE") == []
