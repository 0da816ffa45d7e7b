"""The pure parts: shielding, lines, formats, companding, the table."""

from __future__ import annotations

import random

import numpy as np
import pytest

from board.modem import table
from board.modem.answers import CallerField, Lines, Result, Ring, Text, read
from board.modem.companding import Encoding, codec
from board.modem.dle import Unshielder, shield
from board.modem.formats import Format, best, read_formats
from board.modem.profiles import CONEXANT, HALF_DUPLEX, UNKNOWN, USR5637, ZOOM3095, recognise
from board.modem.sounds import SoundRing
from board.modem.table import Input, State
from board.modem.tones import dial_sounds
from board.modem.wire import Wire
from board.modem.words import Word, digit, meaning
from board.sim import g711
from board.sim.modem_kinds import CX930XX_2X, CX93010_2006
from board.sim.modem_kinds import USR5637 as USR_KIND


def taken_apart(raw: bytes, cuts: list[int]) -> tuple[bytes, list[int]]:
    unshielder, audio, words, start = Unshielder(), b"", [], 0
    for cut in [*cuts, len(raw)]:
        for item in unshielder.feed(raw[start:cut]):
            if isinstance(item, bytes):
                audio += item
            else:
                words.append(item)
        start = cut
    return audio, words


STREAM = b"\x01\x10\x10\x02\x10b\x10\x10\x10\x1a\x10\x10\x10u\x03"


@pytest.mark.parametrize("cut", range(len(STREAM) + 1))
def test_a_stream_means_the_same_wherever_a_read_ends(cut: int) -> None:
    assert taken_apart(STREAM, [cut]) == (b"\x01\x10\x02\x10\x10\x10\x10\x03", [ord("b"), ord("u")])


def test_what_is_shielded_comes_back_at_any_chunking_with_every_word_between() -> None:
    chance = random.Random(5)
    for _ in range(200):
        audio = bytes(chance.choice((0x10, 0x1A, 0x03, 0x55, chance.randrange(256))) for _ in range(300))
        middle = chance.randrange(len(audio))
        raw = shield(audio[:middle]) + b"\x10L" + shield(audio[middle:])
        cuts = sorted(chance.randrange(len(raw) + 1) for _ in range(20))
        assert taken_apart(raw, cuts) == (audio, [ord("L")])


def test_words_and_keys() -> None:
    assert meaning(ord("L")) is Word.REVERSAL
    assert meaning(ord("5")) is None
    assert (digit(ord("5")), digit(ord("b"))) == ("5", "")


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("OK", Result.OK),
        ("NO DIAL TONE", Result.NO_DIAL_TONE),
        ("DELAYED 00:01:00", Result.DELAYED),
        ("BLACKLISTED", Result.BLACKLISTED),
        ("+CME ERROR: 3", Result.ERROR),
        ("RING", Ring()),
        ("RING A", Ring("A")),
        ("NMBR = 02312312501", CallerField("NMBR", "02312312501")),
        ("NMBR=P", CallerField("NMBR", "P")),
        ("NAME = ANNA VON B", CallerField("NAME", "ANNA VON B")),
        ("NAME=", CallerField("NAME", "")),
        ("0", Text("0")),
        ("OKAY", Text("OKAY")),
    ],
)
def test_a_line_is_read(line: str, wanted: object) -> None:
    assert read(line) == wanted


def test_numbers_are_results_only_where_they_may_be() -> None:
    assert read("32", numeric=True) is Result.BLACKLISTED
    assert read("5601", numeric=True) == Text("5601")


def test_lines_end_with_cr_lf_or_both_and_rubbish_does_not_grow() -> None:
    lines = Lines()
    got = [
        line
        for byte in b"\r\nOK\r\n0\rAB\n" + bytes(range(128, 256)) * 20 + b"\r"
        if (line := lines.feed(byte))
    ]
    assert got[:3] == ["OK", "0", "AB"]
    assert len(got[3]) <= 512


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_the_wire_turns_to_voice_after_connect_and_back_after_etx(size: int) -> None:
    raw = b"\r\nCONNECT\r\n\n\r\nOK\r\n\x10\x10\x10b\x10\x03\r\nOK\r\n"
    wire, got = Wire(), []
    for at in range(0, len(raw), size):
        got += wire.feed(raw[at : at + size])
    audio = b"".join(item for item in got if isinstance(item, bytes))
    assert audio == b"\n\r\nOK\r\n\x10"
    assert [item for item in got if not isinstance(item, bytes)] == [Result.CONNECT, ord("b"), 3, Result.OK]


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_a_modem_that_leaves_without_etx_is_understood_only_once_it_was_asked(size: int) -> None:
    wire = Wire()
    list(wire.feed(b"CONNECT\r\n"))
    list(wire.feed(b"\r\nOK\r\n"))
    assert wire.voice
    wire.leaving = True
    raw, got = b"\x55\x55\r\nOK\r\n", []
    for at in range(0, len(raw), size):
        got += wire.feed(raw[at : at + size])
    assert got[-1] is Result.OK
    assert not wire.voice


@pytest.mark.parametrize(
    ("kind", "budget", "wanted"),
    [
        (USR_KIND, 64_000, Format(130, Encoding.ALAW)),
        (CX93010_2006, 30_400, Format(1, Encoding.UNSIGNED8)),
        (CX930XX_2X, 30_400, Format(132, Encoding.ALAW)),
    ],
)
def test_the_best_format_is_chosen_by_its_label(kind: object, budget: int, wanted: Format) -> None:
    assert best(read_formats(kind.format_lines), budget) == wanted  # type: ignore[attr-defined]


def test_sixteen_bits_only_where_they_fit_and_never_compressed_or_at_another_rate() -> None:
    lines = ['129,"16-BIT LINEAR",(7200,8000)', '132,"IMA ADPCM",(8000)', '134,"A-LAW",(11025)', "rubbish"]
    formats = read_formats(lines)
    assert formats == (Format(129, Encoding.LINEAR16),)
    assert best(formats, 64_000) == Format(129, Encoding.LINEAR16)
    assert best(formats, 30_400) is None


@pytest.mark.parametrize(("encoding", "name"), [(Encoding.ALAW, "PCMA"), (Encoding.ULAW, "PCMU")])
def test_companding_agrees_with_the_far_side(encoding: Encoding, name: str) -> None:
    every = bytes(range(256))
    ours = codec(encoding)
    assert np.array_equal(ours.decode(every), g711.decode(every, name))
    ramp = np.arange(-32768, 32768, 37).astype(np.int16)
    theirs = g711.decode(g711.encode(ramp, name), name).astype(int)
    mine = ours.decode(ours.encode(ramp)).astype(int)
    assert (np.abs(mine - ramp) <= np.abs(theirs - ramp)).all()


@pytest.mark.parametrize("encoding", list(Encoding))
def test_audio_that_only_passes_through_is_not_touched(encoding: Encoding) -> None:
    ours = codec(encoding)
    values = ours.decode(bytes(range(256)))
    assert np.array_equal(ours.decode(ours.encode(values)), values)


def test_families_are_recognised_by_what_they_say() -> None:
    assert recognise("5601 | U.S. Robotics 56K") is USR5637
    assert recognise("56000 | CX93001-EIS") is CONEXANT
    assert recognise("56000 | Zoom 3095 CX93001") is ZOOM3095
    assert recognise("LT V.92 Data+Fax Modem") is HALF_DUPLEX
    assert recognise("anything") is UNKNOWN


def test_a_ring_of_sound_keeps_order_and_counts_what_it_refuses() -> None:
    ring = SoundRing(room_ms=1)
    assert ring.write(bytes(range(20))) == 8
    assert (ring.read(3), ring.held(), ring.overruns) == (bytes(range(6)), 5, 2)


def test_keys_sound_as_long_as_they_should_and_others_are_refused() -> None:
    assert len(dial_sounds("12#")) == 3 * 1600
    with pytest.raises(ValueError, match="substring"):
        dial_sounds("12a")


def test_from_every_state_with_the_line_seized_there_is_a_way_on_hook() -> None:
    seized = [
        s for s in State if s not in (State.GONE, State.STARTING, State.IDLE, State.RINGING, State.RELEASING)
    ]
    for state in seized:
        for happened in (Input.HANG_UP, Input.UNPLUGGED):
            row = table.step(state, happened)
            assert row is not None
            assert row[0] in (State.RELEASING, State.GONE)


def test_every_state_can_be_reached_and_left() -> None:
    reached = {row[0] for row in table.TABLE.values()}
    left = {state for state, _ in table.TABLE}
    assert reached == left == set(State)
