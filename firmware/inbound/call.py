"""One call that comes in as a table of states: what has happened in, what to do next out.

Pure, like ``firmware.calls.call``: ``step(call, event)`` looks the pair (state, kind of event) up and returns the new
call and the commands somebody else carries out. A pair that is not in the table is a late echo and changes nothing.

The way of a call that goes well::

    offered -> ringing -> answering -> talking -> ended                     (the agent's wrap-up code follows)
    talking -> handed -> ending -> ended        the agent handed the caller on; the wrap-up follows at once
    handed -> last words -> ...                 ... and nobody takes the caller

and the ways it can go otherwise::

    offered -> ending -> ended                  nobody takes such calls, or all lines are taken
    offered -> answering -> last words -> ...   outside the opening hours: an announcement
    ringing -> answering -> greeting -> waiting -> talking      no agent soon: greeted, then music
    waiting -> asking -> noting -> last words   nobody in time: "press 1 and we will call you back"
    waiting -> last words -> ending -> ended    nobody in time: sorry
    ringing, waiting -> ended                   the caller hung up: missed

Beside the state runs the search for an agent. ``asked`` has been shown the call and may take it by a key; while that
lasts nothing changes for the caller. Who is asked when the caller goes is let go of without blame.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from firmware.inbound.happenings import (
    Accepted,
    Admission,
    Admitted,
    AgentLeft,
    AgentLost,
    AgentReady,
    Answered,
    Ask,
    AwaitKey,
    BeSilent,
    Call,
    Close,
    Command,
    Connect,
    Declined,
    Ended,
    Event,
    Expired,
    GaveUp,
    HandedOn,
    HangUp,
    Key,
    KeyTimeOver,
    NoteCallback,
    Noted,
    Outcome,
    PassOver,
    PickUp,
    PlayMusic,
    Policy,
    PositionDue,
    Refuse,
    RungLong,
    Said,
    Say,
    Seek,
    Speak,
    State,
    Step,
    StopAsking,
    StopSeeking,
    WaitOver,
    WrapUp,
)
from firmware.model import Side

CALLBACK_KEY = "1"
"""What the caller presses to be called back."""


def with_policy(call: Call, policy: Policy) -> Call:
    """The same call, once it is known what the settings want for it."""
    return replace(call, policy=policy)


def step(call: Call, event: Event) -> Step:
    """What ``event`` makes of ``call``, and what to do about it."""
    if isinstance(event, Ended):
        return _ended(call, event)
    action = _TABLE.get((call.state, type(event)))
    return action(call, event) if action is not None else (call, [])


def _admitted(call: Call, event: Event) -> Step:
    assert isinstance(event, Admitted)
    if event.admission is Admission.OPEN:
        return replace(call, state=State.RINGING), [Seek()]
    if event.admission is Admission.CLOSED:
        return _last_words(replace(call, outcome=Outcome.CLOSED), Say.CLOSED)
    busy = event.admission is Admission.BUSY
    outcome = Outcome.BUSY if busy else Outcome.REFUSED
    turned = replace(call, state=State.ENDING, outcome=outcome, ended_by=Side.BOX)
    return turned, [Refuse(busy)]


# -- agents ------------------------------------------------------------------------------------------------------


def _agent_ready(call: Call, event: Event) -> Step:
    """An agent can be had: shown the call, or put through at once."""
    assert isinstance(event, AgentReady)
    if not call.seeking or call.asked is not None:
        return call, []
    asked = replace(call, asked=event.agent)
    if call.policy.by_key and not event.accepted:
        return asked, [Ask(event.agent)]
    return _taken(asked, [])


def _accepted(call: Call, _: Event) -> Step:
    return (call, []) if call.asked is None else _taken(call, [StopAsking(call.asked)])


def _taken(call: Call, commands: list[Command]) -> Step:
    """The agent who was asked has the call; a caller who still hears it ring is answered first."""
    assert call.asked is not None
    agent = call.asked
    taken = replace(call, agent=agent, asked=None, next=State.TALKING)
    if call.answered:
        silent: list[Command] = [BeSilent(), Connect(agent)]
        return replace(taken, state=State.TALKING, talked=True), [*commands, *silent]
    picking: list[Command] = [] if call.state is State.ANSWERING else [PickUp()]
    return replace(taken, state=State.ANSWERING), [*commands, *picking]


def _declined(call: Call, event: Event) -> Step:
    assert isinstance(event, Declined)
    if call.asked is None:
        return call, []
    passed: list[Command] = [StopAsking(call.asked), PassOver(call.asked, event.ignored)]
    return replace(call, asked=None), [*passed, Seek()]


def _agent_lost(call: Call, _: Event) -> Step:
    """Before caller and agent were connected: the next one."""
    if call.state is State.ANSWERING and call.agent is not None:
        return replace(call, agent=None, next=State.GREETING), [Seek()]
    commands: list[Command] = [] if call.asked is None else [StopAsking(call.asked)]
    return replace(call, asked=None), [*commands, Seek()] if call.seeking else commands


def _agent_left(call: Call, _: Event) -> Step:
    return replace(call, state=State.ENDING, ended_by=Side.AGENT), [HangUp()]


def _handed_on(call: Call, _: Event) -> Step:
    assert call.agent is not None
    return replace(call, state=State.HANDED, handed=True), [WrapUp(call.agent)]


def _gave_up(call: Call, _: Event) -> Step:
    return _last_words(call, Say.SORRY)


# -- what the caller hears ---------------------------------------------------------------------------------------


def _answered(call: Call, _: Event) -> Step:
    up = replace(call, answered=True, state=call.next)
    if call.next is State.TALKING:
        assert call.agent is not None
        return replace(up, talked=True), [Connect(call.agent)]
    said = {State.GREETING: Say.GREETING, State.ASKING: Say.OFFER}
    return up, [Speak(said.get(call.next, call.words))]


def _rung_long(call: Call, _: Event) -> Step:
    return replace(call, state=State.ANSWERING, next=State.GREETING), [PickUp()]


def _greeted(call: Call, _: Event) -> Step:
    return replace(call, state=State.WAITING), [PlayMusic()]


def _music_over(call: Call, _: Event) -> Step:
    return call, [PlayMusic()]


def _position(call: Call, _: Event) -> Step:
    """The music rests for it; ``Said`` brings it back."""
    return call, [Speak(Say.POSITION)]


def _wait_over(call: Call, _: Event) -> Step:
    """Nobody came: a callback is offered where that is possible, otherwise we are sorry."""
    if call.agent is not None:
        return call, []
    seeking: list[Command] = [] if call.asked is None else [StopAsking(call.asked)]
    seeking.append(StopSeeking())
    alone = replace(call, asked=None, outcome=Outcome.MISSED)
    if call.policy.call_back:
        after, commands = _begin(alone, State.ASKING, Say.OFFER)
    else:
        after, commands = _last_words(alone, Say.SORRY)
    return after, [*seeking, *commands]


def _last_words(call: Call, words: Say) -> Step:
    return _begin(replace(call, words=words), State.LAST_WORDS, words)


def _begin(call: Call, state: State, words: Say) -> Step:
    """Say something now, or once we have picked up."""
    if call.answered:
        return replace(call, state=state), [Speak(words)]
    picking: list[Command] = [] if call.state is State.ANSWERING else [PickUp()]
    return replace(call, state=State.ANSWERING, next=state), picking


def _question_over(call: Call, _: Event) -> Step:
    return call, [AwaitKey()]


def _key(call: Call, event: Event) -> Step:
    assert isinstance(event, Key)
    if event.key != CALLBACK_KEY:
        return call, []
    return replace(call, state=State.NOTING), [BeSilent(), NoteCallback()]


def _noted(call: Call, event: Event) -> Step:
    assert isinstance(event, Noted)
    if not event.kept:
        return _last_words(call, Say.SORRY)
    return _last_words(replace(call, outcome=Outcome.CALLBACK), Say.NOTED)


def _noted_late(call: Call, event: Event) -> Step:
    """The caller hung up while the promise was written: it stands."""
    assert isinstance(event, Noted)
    return (replace(call, outcome=Outcome.CALLBACK) if event.kept else call), []


def _hang_up(call: Call, _: Event) -> Step:
    return replace(call, state=State.ENDING, ended_by=Side.BOX), [HangUp()]


# -- the end -----------------------------------------------------------------------------------------------------


def _expired(call: Call, _: Event) -> Step:
    commands: list[Command] = [] if call.asked is None else [StopAsking(call.asked)]
    if call.seeking or (call.agent is not None and not call.talked):
        commands.append(StopSeeking())
    end: Command = HangUp() if call.answered else Refuse()
    over = replace(
        call, state=State.ENDING, asked=None, agent=call.agent if call.talked else None, ended_by=Side.BOX
    )
    return over, [*commands, end]


def _ended(call: Call, event: Ended) -> Step:
    if call.state is State.ENDED:
        return call, []
    ended_by = call.ended_by or (Side.CUSTOMER if event.by_far_end else Side.BOX)
    gone = replace(call, state=State.ENDED, asked=None, ended_by=ended_by)
    if call.talked and call.agent is not None:
        return replace(gone, outcome=Outcome.ANSWERED), [] if call.handed else [WrapUp(call.agent)]
    commands: list[Command] = [] if call.asked is None else [StopAsking(call.asked)]
    if call.seeking or call.agent is not None:
        commands.append(StopSeeking())
    outcome = call.outcome or Outcome.MISSED
    return replace(gone, agent=None, outcome=outcome), [*commands, Close(outcome)]


_S = State
_SEEKING = (_S.RINGING, _S.ANSWERING, _S.GREETING, _S.WAITING)
_Action = Callable[[Call, Event], Step]
_TABLE: dict[tuple[State, type[Event]], _Action] = {
    (_S.OFFERED, Admitted): _admitted,
    **{(state, AgentReady): _agent_ready for state in _SEEKING},
    **{(state, Accepted): _accepted for state in _SEEKING},
    **{(state, Declined): _declined for state in _SEEKING},
    **{(state, AgentLost): _agent_lost for state in _SEEKING},
    **{(state, WaitOver): _wait_over for state in _SEEKING},
    (_S.RINGING, RungLong): _rung_long,
    (_S.ANSWERING, Answered): _answered,
    (_S.GREETING, Said): _greeted,
    (_S.WAITING, Said): _music_over,
    (_S.WAITING, PositionDue): _position,
    (_S.ASKING, Said): _question_over,
    (_S.ASKING, Key): _key,
    (_S.ASKING, KeyTimeOver): _hang_up,
    (_S.NOTING, Noted): _noted,
    (_S.ENDING, Noted): _noted_late,
    (_S.ENDED, Noted): _noted_late,
    (_S.LAST_WORDS, Said): _hang_up,
    (_S.TALKING, AgentLeft): _agent_left,
    (_S.TALKING, HandedOn): _handed_on,
    (_S.HANDED, AgentLeft): _agent_left,
    (_S.HANDED, GaveUp): _gave_up,
    **{(state, Expired): _expired for state in _S if state not in (_S.ENDING, _S.ENDED)},
}
