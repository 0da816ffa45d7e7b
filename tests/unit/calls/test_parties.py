"""The table of who takes part in a call: every pair of events that can cross, and who hears whom."""

from __future__ import annotations

import itertools

import pytest

from firmware.calls.parties import (
    Happening,
    Monitoring,
    Order,
    Parties,
    Stage,
    Who,
    connections,
    move,
    music,
    overheard,
    wishes,
)

H, D, S = Happening, Order, Stage
C, F, T = Who.CUSTOMER, Who.FIRST, Who.OTHER
TALK = Parties()
CALLING = Parties(S.CALLING)
BLIND = Parties(S.CALLING, blind=True)
ALONE = Parties(S.CALLING, first=False, blind=True, handed=True)
PRIVATE, ASIDE, CONFERENCE = Parties(S.PRIVATE), Parties(S.ASIDE), Parties(S.CONFERENCE)
SEEKING = Parties(S.SEEKING, first=False, blind=True, handed=True)
HANDED = Parties(handed=True)
WITH_BOTH = (PRIVATE, ASIDE, CONFERENCE)
EVERY = (TALK, CALLING, BLIND, ALONE, PRIVATE, ASIDE, CONFERENCE, SEEKING, HANDED)


@pytest.mark.parametrize("parties", EVERY)
def test_what_is_not_in_the_table_is_refused_and_changes_nothing(parties: Parties) -> None:
    for event in Happening:
        step = move(parties, event)
        assert step is None or isinstance(step[0], Parties)
    assert all(move(parties, wish) is not None for wish in wishes(parties))


@pytest.mark.parametrize(
    ("before", "event", "after", "orders"),
    [
        # the way that goes well
        (TALK, H.ASK, CALLING, [D.CALL]),
        (CALLING, H.ANSWERED, PRIVATE, []),
        (PRIVATE, H.TOGGLE, ASIDE, []),
        (ASIDE, H.TOGGLE, PRIVATE, []),
        (ASIDE, H.JOIN, CONFERENCE, []),
        (CONFERENCE, H.TOGGLE, PRIVATE, []),
        (PRIVATE, H.COMPLETE, HANDED, [D.LET_GO, D.PROMOTE]),
        (CONFERENCE, H.COMPLETE, HANDED, [D.LET_GO, D.PROMOTE]),
        (PRIVATE, H.TAKE_BACK, TALK, [D.DROP]),
        (CALLING, H.TAKE_BACK, TALK, [D.DROP]),
        # blind
        (TALK, H.ASK_BLIND, BLIND, [D.CALL]),
        (BLIND, H.ANSWERED, HANDED, [D.LET_GO, D.PROMOTE]),
        (BLIND, H.OTHER_LEFT, TALK, [D.TELL]),
        (CALLING, H.COMPLETE, BLIND, []),
        # the other: busy, does not answer, hangs up, loses the phone
        (CALLING, H.OTHER_LEFT, TALK, [D.TELL]),
        (PRIVATE, H.OTHER_LEFT, TALK, [D.TELL]),
        (ASIDE, H.OTHER_LEFT, TALK, [D.TELL]),
        (CONFERENCE, H.OTHER_LEFT, TALK, [D.TELL]),
        # the first loses the phone: nobody is left alone with music
        (CALLING, H.FIRST_LEFT, ALONE, [D.LET_GO]),
        (BLIND, H.FIRST_LEFT, ALONE, [D.LET_GO]),
        (PRIVATE, H.FIRST_LEFT, HANDED, [D.LET_GO, D.PROMOTE]),
        (ASIDE, H.FIRST_LEFT, HANDED, [D.LET_GO, D.PROMOTE]),
        (CONFERENCE, H.FIRST_LEFT, HANDED, [D.LET_GO, D.PROMOTE]),
        (ALONE, H.ANSWERED, HANDED, [D.PROMOTE]),
        (ALONE, H.OTHER_LEFT, SEEKING, [D.SEEK]),
        (SEEKING, H.ANSWERED, HANDED, [D.PROMOTE]),
        (SEEKING, H.OTHER_LEFT, SEEKING, [D.SEEK]),
        (HANDED, H.FIRST_LEFT, HANDED, [D.END]),
        # the customer hangs up
        (TALK, H.CUSTOMER_LEFT, TALK, []),
        (CALLING, H.CUSTOMER_LEFT, TALK, [D.DROP]),
        (PRIVATE, H.CUSTOMER_LEFT, TALK, [D.DROP]),
        (CONFERENCE, H.CUSTOMER_LEFT, TALK, [D.DROP]),
        (HANDED, H.CUSTOMER_LEFT, HANDED, [D.LET_GO]),
        # the box hands on a caller who pressed a key
        (TALK, H.FORWARD, ALONE, [D.CALL]),
    ],
)
def test_a_line_of_the_table(before: Parties, event: Happening, after: Parties, orders: list[Order]) -> None:
    assert move(before, event) == (after, orders)


def test_the_customer_hangs_up_while_nobody_has_them() -> None:
    gone = Parties(first=False, handed=True)
    assert move(ALONE, H.CUSTOMER_LEFT) == (gone, [D.DROP])
    assert move(SEEKING, H.CUSTOMER_LEFT) == (gone, [D.STOP_SEEKING])
    assert move(SEEKING, H.NOBODY) == (gone, [D.STOP_SEEKING, D.GIVE_UP])
    assert move(gone, H.CUSTOMER_LEFT) == (gone, [])


@pytest.mark.parametrize(("first", "second"), [(H.COMPLETE, H.OTHER_LEFT), (H.OTHER_LEFT, H.COMPLETE)])
@pytest.mark.parametrize("parties", WITH_BOTH)
def test_handing_over_and_the_other_hanging_up_cross(
    parties: Parties, first: Happening, second: Happening
) -> None:
    """Whoever was first has changed the stage; the second finds it changed and does no harm."""
    step = move(parties, first)
    assert step is not None
    later = move(step[0], second)
    if first is H.COMPLETE:  # the other is the first now: what they did ends the call
        assert later is None
        assert move(step[0], H.FIRST_LEFT) == (HANDED, [D.END])
    else:
        assert step == (TALK, [D.TELL])
        assert later is None


@pytest.mark.parametrize("parties", [CALLING, *WITH_BOTH])
def test_both_press_at_once(parties: Parties) -> None:
    for first, second in itertools.permutations((H.TAKE_BACK, H.COMPLETE, H.HANG_UP), 2):
        step = move(parties, first)
        assert step is not None
        later = move(step[0], second)
        if later is not None and second is not H.HANG_UP:
            assert first is H.COMPLETE, "only a blind transfer that is not answered yet can be taken back"
            assert step[0].stage is S.CALLING


@pytest.mark.parametrize("parties", EVERY)
def test_the_box_is_stopped(parties: Parties) -> None:
    step = move(parties, H.STOPPED)
    assert step is not None
    after, orders = step
    assert after.stage is S.TALK
    wanted = {S.TALK: [], S.SEEKING: [D.STOP_SEEKING]}.get(parties.stage, [D.DROP])
    assert orders == wanted


@pytest.mark.parametrize("parties", EVERY)
def test_who_hangs_up_for_everybody_is_the_first(parties: Parties) -> None:
    step = move(parties, H.HANG_UP)
    assert (step is not None) == parties.first
    if step is not None:
        assert step[1][-1] is D.END
        assert (D.DROP in step[1]) == (parties.stage is not S.TALK)


def test_a_customer_is_never_alone_and_without_music() -> None:
    for parties in EVERY:
        hears = {speaker for speaker, hearer in connections(parties) if hearer is C}
        assert bool(hears) != (C in music(parties)), parties


def test_a_private_word_is_private() -> None:
    assert connections(PRIVATE) == {(F, T), (T, F)}
    assert connections(ASIDE) == {(C, F), (F, C)}
    assert music(ASIDE) == {T}
    assert connections(CONFERENCE) == set(itertools.permutations((C, F, T), 2))
    assert connections(CALLING) == {(T, F)}
    assert connections(BLIND) == connections(SEEKING) == frozenset()


@pytest.mark.parametrize("parties", EVERY)
@pytest.mark.parametrize("agent", [F, T])
def test_a_supervisor_hears_what_the_agent_hears_and_is_heard_as_announced(
    parties: Parties, agent: Who
) -> None:
    ears = connections(parties)
    agent_hears = {speaker for speaker, hearer in ears if hearer is agent}
    hears, heard_by = overheard(ears, agent, Monitoring.LISTEN)
    assert (hears, heard_by) == (agent_hears | {agent}, frozenset())
    assert overheard(ears, agent, Monitoring.WHISPER) == (hears, {agent})
    spoken_to = {hearer for speaker, hearer in ears if speaker is agent}
    assert overheard(ears, agent, Monitoring.BARGE) == (hears, spoken_to | {agent})
