"""Carries out what the table says about machines: corrections told at the desk, agents let go, messages left.

The switchboard's other hand, on the event loop; it works on the same ``LiveCall``. What is to be done is ``machines``',
what is spoken the messenger's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from firmware.calls import call as table
from firmware.calls.call import CallState
from firmware.calls.desks import Desks
from firmware.calls.live import Books, GreetingEnd, LiveCall, Messenger
from firmware.calls.tapes import Tapes
from firmware.clock import Clock
from firmware.model import OnCorrection, TapeEnd, UserId, VerdictAction
from firmware.trunks.base import LegCorrected, LegGreetingEnd, LegSpoke, ListenSettings, Media

Command = (
    table.TellAgent
    | table.LetGo
    | table.NoteAudit
    | table.AwaitBeep
    | table.LeaveMessage
    | table.NoteMessage
    | table.PlayMessage
    | table.StopPlaying
    | table.OptOut
    | table.Forward
)
LaterHeard = LegCorrected | LegGreetingEnd | LegSpoke


@dataclass(frozen=True, slots=True)
class Released:
    """Why an agent was let go of a call without a wrap-up: ``message`` it goes on to, or ``hung_up``."""

    name: str
    what: str
    by_agent: bool


class Drops:
    """What happens to calls on which a machine is."""

    def __init__(
        self,
        clock: Clock,
        media: Media,
        desks: Desks,
        books: Books,
        happened: Callable[[LiveCall, table.Event], None],
        forward: Callable[[LiveCall], None],
        tapes: Tapes,
    ) -> None:
        self._clock = clock
        self._media = media
        self._desks = desks
        self._books = books
        self._happened = happened
        self._forward = forward
        self._released: dict[UserId, Released] = {}
        self._tapes = tapes
        self.messenger: Messenger | None = None

    def released(self, agent: UserId) -> Released | None:
        """What became of the call this agent was last let go of; None once there was another."""
        return self._released.get(agent)

    def connected(self, agent: UserId) -> None:
        """The agent talks: what was before is of no interest."""
        self._released.pop(agent, None)

    def prepare(self, live: LiveCall) -> None:
        """Have the message ready where the box may leave it by itself: a beep does not wait for a voice."""
        wanted = (live.settings.on_machine, live.settings.on_screen, live.settings.on_correction)
        leaves = VerdictAction.MESSAGE in wanted or OnCorrection.MESSAGE in wanted
        if live.call.amd and live.call.policy.can_leave and leaves and self.messenger is not None:
            self.messenger.prepare_drop(live)

    def on_later(self, live: LiveCall, event: LaterHeard) -> None:
        """What the ears learned after the verdict."""
        if isinstance(event, LegSpoke):
            live.greeting_end = None
            self._happened(live, table.SpokeAgain())
        elif isinstance(event, LegGreetingEnd):
            answered_at = self._clock.utc() if live.answered_at is None else live.answered_at
            live.greeting_end = GreetingEnd(
                event.cause, min(self._clock.utc(), answered_at + event.at_ms / 1000)
            )
            self._happened(live, table.GreetingEnded())
        else:
            live.correction = event
            self._books.corrected(live.uid, event, self._clock.utc())
            if live.other is None:
                self._happened(live, table.Corrected(event.label, event.cause))
            elif live.call.agent is not None:  # whoever consults decides for themselves
                self._desks.refresh(live.call.agent)

    def carry_out(self, live: LiveCall, command: Command) -> None:
        """Do what the table says."""
        match command:
            case table.TellAgent():
                if live.call.agent is not None:
                    self._desks.refresh(live.call.agent)
            case table.LetGo(agent=agent):
                self._let_go(live, agent)
            case table.NoteAudit():
                self._books.audited(live.uid)
            case table.AwaitBeep(listen=listen):
                self._await(live, listen=listen)
            case table.LeaveMessage():
                self._leave(live)
            case table.NoteMessage(result=result):
                self._books.message(live.uid, result, self._clock.utc())
            case table.Forward():
                self._forward(live)
            case _:
                self._about_message(live, command)

    def _about_message(
        self, live: LiveCall, command: table.PlayMessage | table.StopPlaying | table.OptOut
    ) -> None:
        if isinstance(command, table.StopPlaying):
            self._media.stop_playing(live.leg)
        elif self.messenger is None:
            self._happened(live, table.MessageFailed())
        elif isinstance(command, table.PlayMessage):
            self.messenger.play(live)
        else:
            self.messenger.opt_out(live)

    def _let_go(self, live: LiveCall, agent: UserId) -> None:
        """The desk goes on to the next call while this one lasts."""
        self._tapes.stop(live, TapeEnd.OVER)
        if live.held:
            live.held = live.we_hold = False
            self._media.unhold(live.leg)
        live.reserved = None
        over = live.call.state is CallState.ENDING
        tells = live.settings.on_correction is OnCorrection.TELL or live.correction is None
        self._released[agent] = Released(live.claim.name, "hung_up" if over else "message", by_agent=tells)
        self._desks.call_ended(agent)
        self._desks.wrapped_up(agent)

    def _await(self, live: LiveCall, *, listen: bool) -> None:
        if listen:
            settings = ListenSettings(
                True, live.settings.country, live.settings.amd_sensitivity, machine=True
            )
            self._media.listen(live.leg, settings)
        self._cancel(live)
        wait_s = live.settings.drop_wait_s
        live.hold = self._clock.call_later(wait_s, lambda: self._happened(live, table.WaitOver()))
        if self.messenger is not None:
            self.messenger.prepare_drop(live)

    def _leave(self, live: LiveCall) -> None:
        self._cancel(live)
        if self.messenger is None:
            self._happened(live, table.MessageFailed())
        else:
            self.messenger.leave(live)

    @staticmethod
    def _cancel(live: LiveCall) -> None:
        if live.hold is not None:
            live.hold.cancel()
