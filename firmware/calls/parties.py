"""What an agent does with a call that is up, as a table: consult, toggle, conference, transfer; and who hears whom.

Pure: no clock, no wire. Three parties are told apart. The customer; the *first*, who has the customer now (the agent of
the attempt, later whoever the call was handed to); and the *other*, who was asked in. ``move(parties, event)`` answers
the parties as they are afterwards and what somebody else carries out (``company``), or ``None`` where the event is not
possible: a button that was pressed too late is refused, an event of the network that comes too late is passed over.

The ways of a consultation::

    talk -> calling -> private            the customer hears music, the first asks, the other answers
    private <-> aside                     toggled: now the customer speaks with the first, and the other hears music
    private, aside -> conference          all three hear each other
    ... -> talk                           taken back, or the other left: first and customer as before
    ... -> talk, handed                   handed over: the first is free, the other is the first from now on

and what can cross it:

* The customer hangs up: the other is let go, whoever has had the customer owes a result.
* The other hangs up, does not answer, or loses the phone: the customer is with the first again.
* The first loses the phone, or hangs it up: an other who has answered gets the customer; while the other is still being
  called the transfer becomes a blind one. Nobody is left alone with music: an other who does not answer then makes the
  box *seek* an agent of the campaign, and when none comes, say so and hang up.
* Both press at once: whoever was first on the loop has changed the stage, and the second finds it changed.
* The box is stopped, or the longest time a call may last is over: everybody is let go.

A blind transfer is the same in one step: ``calling`` with ``blind``; the first waits too and has the customer back
when nobody answers. ``connections`` and ``music`` say for each stage who hears whom and who hears music, so that
carrying out a change is nothing but making the difference true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class Stage(StrEnum):
    """Who is with whom."""

    TALK = "talk"
    CALLING = "calling"
    PRIVATE = "private"
    ASIDE = "aside"
    CONFERENCE = "conference"
    SEEKING = "seeking"


class Who(StrEnum):
    """The parties of a call."""

    CUSTOMER = "customer"
    FIRST = "first"
    OTHER = "other"


class Happening(StrEnum):
    """What people want, and what the network tells."""

    ASK = "ask"
    ASK_BLIND = "ask_blind"
    TOGGLE = "toggle"
    JOIN = "join"
    COMPLETE = "complete"
    TAKE_BACK = "take_back"
    HANG_UP = "hang_up"
    """The first ends the call for everybody."""
    FORWARD = "forward"
    """The box itself hands a caller on, who pressed a key: there is no first."""
    ANSWERED = "answered"
    OTHER_LEFT = "other_left"
    """Hung up, did not answer, cannot be reached."""
    FIRST_LEFT = "first_left"
    CUSTOMER_LEFT = "customer_left"
    NOBODY = "nobody"
    """No agent came in time."""
    STOPPED = "stopped"


class Order(StrEnum):
    """What is to be done."""

    CALL = "call"
    """Call the other."""
    DROP = "drop"
    """Let the other go, who never had the customer."""
    LET_GO = "let_go"
    """The first is free of the call: an agent owes a result, a destination is hung up."""
    PROMOTE = "promote"
    """The other is the first from now on."""
    TELL = "tell"
    """Say to the first that the other did not come."""
    SEEK = "seek"
    STOP_SEEKING = "stop_seeking"
    END = "end"
    """Hang up on the customer."""
    GIVE_UP = "give_up"
    """Say that nobody is there, then hang up."""


WISHES = (
    Happening.ASK,
    Happening.ASK_BLIND,
    Happening.TOGGLE,
    Happening.JOIN,
    Happening.COMPLETE,
    Happening.TAKE_BACK,
)
"""What a person at a desk may press."""


@dataclass(frozen=True, slots=True)
class Parties:
    """Where a call that is up stands. ``handed``: the first is no longer the agent of the attempt; ``first`` False:
    nobody has the customer at the moment; ``blind``: whoever answers gets the customer at once."""

    stage: Stage = Stage.TALK
    first: bool = True
    blind: bool = False
    handed: bool = False


Step = tuple[Parties, list[Order]]
_ALONE = Parties()


def move(parties: Parties, event: Happening) -> Step | None:
    """What ``event`` makes of the parties, and what to do about it; None: not possible now."""
    action = _TABLE.get((parties.stage, event))
    return None if action is None else action(parties)


def wishes(parties: Parties) -> list[Happening]:
    """What the first may press now."""
    if not parties.first:
        return []
    return [wish for wish in WISHES if move(parties, wish) is not None]


# -- who hears whom ----------------------------------------------------------------------------------------------------

Ear = tuple[Who, Who]
"""(who speaks, who hears it)."""


def connections(parties: Parties) -> frozenset[Ear]:
    """Who hears whom."""
    if parties.stage is Stage.CALLING:
        tones = parties.first and not parties.blind  # the first hears it ring
        return frozenset({(Who.OTHER, Who.FIRST)} if tones else ())
    return frozenset(ear for pair in _TALKING[parties.stage] for ear in (pair, pair[::-1]))


def music(parties: Parties) -> frozenset[Who]:
    """Who waits and hears music."""
    return _WAITING[parties.stage]


_C, _F, _O = Who.CUSTOMER, Who.FIRST, Who.OTHER
_TALKING: dict[Stage, tuple[Ear, ...]] = {
    Stage.TALK: ((_C, _F),),
    Stage.PRIVATE: ((_F, _O),),
    Stage.ASIDE: ((_C, _F),),
    Stage.CONFERENCE: ((_C, _F), (_C, _O), (_F, _O)),
    Stage.SEEKING: (),
}
_WAITING: dict[Stage, frozenset[Who]] = {
    Stage.TALK: frozenset(),
    Stage.CALLING: frozenset({_C}),
    Stage.PRIVATE: frozenset({_C}),
    Stage.ASIDE: frozenset({_O}),
    Stage.CONFERENCE: frozenset(),
    Stage.SEEKING: frozenset({_C}),
}


# -- the table ---------------------------------------------------------------------------------------------------------


def _ask(blind: bool) -> Callable[[Parties], Step | None]:
    def action(parties: Parties) -> Step | None:
        return replace(parties, stage=Stage.CALLING, blind=blind), [Order.CALL]

    return action


def _forward(parties: Parties) -> Step | None:
    return replace(parties, stage=Stage.CALLING, first=False, blind=True, handed=True), [Order.CALL]


def _answered(parties: Parties) -> Step | None:
    if not parties.blind:
        return replace(parties, stage=Stage.PRIVATE), []
    return _hand_over(parties)


def _hand_over(parties: Parties) -> Step | None:
    """The other has the customer from now on."""
    before = [Order.LET_GO] if parties.first else []
    return Parties(handed=True), [*before, Order.PROMOTE]


def _not_answered(parties: Parties) -> Step | None:
    if parties.first:
        return _back(parties), [Order.TELL]
    return replace(parties, stage=Stage.SEEKING), [Order.SEEK]


def _first_left_calling(parties: Parties) -> Step | None:
    if not parties.first:
        return None
    return replace(parties, first=False, blind=True, handed=True), [Order.LET_GO]


def _complete_calling(parties: Parties) -> Step | None:
    return None if parties.blind else (replace(parties, blind=True), [])


def _take_back(parties: Parties) -> Step | None:
    return (_back(parties), [Order.DROP]) if parties.first else None


def _other_left(parties: Parties) -> Step | None:
    return _back(parties), [Order.TELL]


def _to(stage: Stage) -> Callable[[Parties], Step | None]:
    return lambda parties: (replace(parties, stage=stage), [])


def _hang_up(parties: Parties) -> Step | None:
    if not parties.first:
        return None
    return _back(parties), [*_without_other(parties), Order.END]


def _customer_left(parties: Parties) -> Step | None:
    """An agent of the attempt owes a result anyway; whoever it was handed to is let go here."""
    orders = _without_other(parties)
    if parties.handed and parties.first:
        orders.append(Order.LET_GO)
    return replace(_back(parties), first=parties.first), orders


def _stopped(parties: Parties) -> Step | None:
    return replace(_back(parties), first=parties.first), _without_other(parties)


def _without_other(parties: Parties) -> list[Order]:
    if parties.stage is Stage.SEEKING:
        return [Order.STOP_SEEKING]
    return [] if parties.stage is Stage.TALK else [Order.DROP]


def _back(parties: Parties) -> Parties:
    return replace(_ALONE, handed=parties.handed)


def _seek_again(parties: Parties) -> Step | None:
    return parties, [Order.SEEK]


def _nobody(parties: Parties) -> Step | None:
    return replace(_back(parties), first=False), [Order.STOP_SEEKING, Order.GIVE_UP]


def _first_left_talking(parties: Parties) -> Step | None:
    return parties, [Order.END]


_S, _H = Stage, Happening
_TABLE: dict[tuple[Stage, Happening], Callable[[Parties], Step | None]] = {
    (_S.TALK, _H.ASK): _ask(blind=False),
    (_S.TALK, _H.ASK_BLIND): _ask(blind=True),
    (_S.TALK, _H.FORWARD): _forward,
    (_S.TALK, _H.FIRST_LEFT): _first_left_talking,
    (_S.CALLING, _H.ANSWERED): _answered,
    (_S.CALLING, _H.OTHER_LEFT): _not_answered,
    (_S.CALLING, _H.COMPLETE): _complete_calling,
    (_S.CALLING, _H.TAKE_BACK): _take_back,
    (_S.CALLING, _H.FIRST_LEFT): _first_left_calling,
    (_S.PRIVATE, _H.TOGGLE): _to(_S.ASIDE),
    (_S.PRIVATE, _H.JOIN): _to(_S.CONFERENCE),
    (_S.ASIDE, _H.TOGGLE): _to(_S.PRIVATE),
    (_S.ASIDE, _H.JOIN): _to(_S.CONFERENCE),
    (_S.CONFERENCE, _H.TOGGLE): _to(_S.PRIVATE),
    (_S.SEEKING, _H.ANSWERED): _hand_over,
    (_S.SEEKING, _H.OTHER_LEFT): _seek_again,
    (_S.SEEKING, _H.NOBODY): _nobody,
}


def _everywhere(stages: Iterable[Stage], event: Happening, action: Callable[[Parties], Step | None]) -> None:
    for stage in stages:
        _TABLE[stage, event] = action


_WITH_BOTH = (_S.PRIVATE, _S.ASIDE, _S.CONFERENCE)
_everywhere(_WITH_BOTH, _H.COMPLETE, _hand_over)
_everywhere(_WITH_BOTH, _H.FIRST_LEFT, _hand_over)
_everywhere(_WITH_BOTH, _H.TAKE_BACK, _take_back)
_everywhere(_WITH_BOTH, _H.OTHER_LEFT, _other_left)
_everywhere(Stage, _H.HANG_UP, _hang_up)
_everywhere(Stage, _H.CUSTOMER_LEFT, _customer_left)
_everywhere(Stage, _H.STOPPED, _stopped)


# -- listening in ------------------------------------------------------------------------------------------------------


class Monitoring(StrEnum):
    """How a supervisor takes part in an agent's call."""

    LISTEN = "listen"
    """Hears the agent and everybody the agent hears; is heard by nobody."""
    WHISPER = "whisper"
    """Is heard by the agent besides."""
    BARGE = "barge"
    """Is heard by everybody the agent speaks to besides."""


def overheard(ears: Iterable[Ear], agent: Who, kind: Monitoring) -> tuple[frozenset[Who], frozenset[Who]]:
    """Whom a supervisor of ``agent`` hears, and by whom the supervisor is heard."""
    known = tuple(ears)
    hears = {agent, *(speaker for speaker, hearer in known if hearer is agent)}
    if kind is Monitoring.LISTEN:
        return frozenset(hears), frozenset()
    heard_by = {agent}
    if kind is Monitoring.BARGE:
        heard_by |= {hearer for speaker, hearer in known if speaker is agent}
    return frozenset(hears), frozenset(heard_by)
