"""One call that came in and is not concluded yet: plain values the reception works with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from firmware.calls.talk import Talk
from firmware.campaigns import defaults
from firmware.clock import Timer
from firmware.inbound.happenings import Call, Kind, State
from firmware.inbound.routing import Rule, kind_of
from firmware.model import HangupCause, UserId, WrapUpCode
from firmware.store.inbound import Caller

WRAP_UP_LIMIT_S = 60.0
AUTOMATIC_CODE = "contacted"


@dataclass(slots=True)
class Incoming(Talk):
    """A call. ``caller`` is E.164, empty where it was not told; ``who`` comes a moment after the call."""

    called: str
    caller: str
    rule: Rule | None
    offered_at: float
    offered_mono_s: float
    call: Call = field(default_factory=Call)
    who: Caller = field(default_factory=lambda: Caller(None, None))
    since: float = 0.0
    shown_as: str = ""
    """The office's number, for destinations that are asked in."""
    passed: set[UserId] = field(default_factory=set)
    """Agents who did not take it: they are not asked again."""
    speaking: object | None = None
    """The announcement that is being prepared or heard; what comes of an earlier one is too late."""
    cause: HangupCause = HangupCause.NORMAL
    ended_at: float | None = None
    timers: dict[str, Timer] = field(default_factory=dict)

    @property
    def is_up(self) -> bool:
        """Whether people can talk with each other in it."""
        return self.call.state in (State.TALKING, State.HANDED)

    @property
    def agent(self) -> UserId | None:
        """The agent who took it."""
        return self.call.agent

    @property
    def caller_id(self) -> str:
        """The office's number."""
        return self.shown_as

    @property
    def on_the_line(self) -> bool:
        """Whether the leg still occupies a line of its trunk."""
        return self.call.state is not State.ENDED

    @property
    def waits(self) -> bool:
        """Whether an agent is wanted and nobody was found yet."""
        return self.call.seeking and self.reserved is None

    @property
    def kind(self) -> Kind:
        """Why they call."""
        return kind_of(self.rule, known=self.who.contact is not None, called=self.who.called)

    @property
    def name(self) -> str:
        """The contact's name, empty for an unknown caller."""
        return self.who.contact.name if self.who.contact is not None else ""

    @property
    def codes(self) -> Sequence[WrapUpCode]:
        """The results to choose from: the campaign's, else the box's."""
        campaign = self.who.campaign
        return (campaign.settings.wrap_up_codes if campaign else ()) or defaults.WRAP_UP_CODES

    @property
    def wrap_up_limit_s(self) -> float:
        """How long the agent has for it."""
        return self.who.campaign.settings.wrap_up_limit_s if self.who.campaign else WRAP_UP_LIMIT_S

    @property
    def automatic_code(self) -> str:
        """The result when that time has passed."""
        campaign = self.who.campaign
        return campaign.settings.automatic_wrap_up_code if campaign else AUTOMATIC_CODE

    def stop(self, name: str) -> None:
        """Forget a timer, if it runs."""
        timer = self.timers.pop(name, None)
        if timer is not None:
            timer.cancel()

    def cancel(self) -> None:
        """Forget every timer of the leg; an agent who owes a result goes on owing it."""
        for name in [each for each in self.timers if each != "wrap_up"]:
            self.stop(name)
