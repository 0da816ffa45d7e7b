"""What predictive pacing is told: calls and agents, event by event, and what each event teaches.

``Told`` keeps the floor up to date, counts live answers in the legal window and feeds what is learned; deciding is
``predictive``'s. Events about calls or agents nobody knows, told twice or out of order are ignored; every event brings
``now``, in seconds.
"""

from __future__ import annotations

from firmware.pacing.floor import Agent, Call, CallAt, Doing, Floor, Phase
from firmware.pacing.forecast import Forecast
from firmware.pacing.steering import Steering

GIVEN_UP = "given_up"
"""Cause of ``failed`` for a call ended because ``give_up`` named it."""


class Told:
    """The events of one campaign."""

    def __init__(self, forecast: Forecast, steering: Steering) -> None:
        self._floor = Floor()
        self._forecast = forecast
        self._steering = steering
        self._dials = self._resolved = 0
        """Dials, and dials whose end is known, since the tables were last built."""
        self._news = True
        """Whether anything happened since the last question."""

    # -- events: calls -----------------------------------------------------------------------------------------

    def dialled(self, call: Call, now: float, agent: Agent | None = None) -> None:
        """A call was started; ``agent`` if for him alone (a personal callback)."""
        self._news = True
        self._dials += 1
        self._floor.calls[call] = CallAt(now, agent)
        if agent is not None:
            self._floor.reserve(agent, True)

    def ringing(self, call: Call, now: float) -> None:
        """The far end rings."""
        self._news = True
        known = self._floor.calls.get(call)
        if known is not None and known.phase is Phase.DIALLING:
            self._forecast.until_ringing.add(now - known.since)
            known.phase, known.since = Phase.RINGING, now

    def picked_up(self, call: Call, now: float) -> None:
        """Somebody or something answered and is being listened to; not needed where nothing listens."""
        self._news = True
        known = self._floor.calls.get(call)
        if known is not None and known.phase in (Phase.DIALLING, Phase.RINGING):
            self._rang(known, now)
            known.phase = Phase.PICKED_UP

    def _rang(self, known: CallAt, now: float) -> None:
        """Learn when a live call was answered, from its first sound if it never rang."""
        if known.phase is Phase.DIALLING:
            self._forecast.until_ringing.add(now - known.since)
            known.since = now

    def answered(self, call: Call, now: float) -> None:
        """A live person was recognised and needs an agent."""
        self._news = True
        known = self._floor.calls.get(call)
        if known is None or known.phase is Phase.WAITING:
            return
        if known.phase is Phase.PICKED_UP:
            self._forecast.picked.add(1.0)
        self._rang(known, now)
        self._forecast.until_answer.add(now - known.since)
        self._forecast.live.add(1.0)
        known.phase, known.since = Phase.WAITING, now

    def machine(self, call: Call, now: float) -> None:
        """A machine was recognised; also for one that reached an agent and turned out to be a machine."""
        self._news = True
        known = self._floor.calls.get(call)
        if known is None:
            self._steering.was_machine()
            return
        if known.phase is Phase.PICKED_UP:
            self._forecast.picked.add(0.0)
        self.failed(call, now, "machine")

    def failed(self, call: Call, now: float, cause: str = "") -> None:
        """A call ended without a live person: busy, no answer, dead number, machine, ``GIVEN_UP``."""
        self._news = True
        known = self._floor.drop_call(call)
        self._resolved += 1
        if known is None or known.phase is Phase.WAITING:
            return
        rang = known.phase is not Phase.DIALLING
        if cause == GIVEN_UP:
            self._cut_short(max(0.0, now - known.since))
            return
        self._forecast.live.add(0.0)
        self._forecast.rings.add(float(rang))
        if rang:
            self._forecast.until_failure.add(now - known.since)

    def _cut_short(self, age_s: float) -> None:
        """A call given up might have been answered yet: count it as what it probably was."""
        share = self._forecast.live_share(age_s)
        self._forecast.live.add(share)
        self._forecast.rings.add(1.0)
        self._forecast.until_answer.add_cut_short(age_s, share)
        self._forecast.until_failure.add_cut_short(age_s, 1.0 - share)

    def connected(self, call: Call, agent: Agent, now: float) -> None:
        """A live person and an agent talk."""
        self._news = True
        known = self._floor.drop_call(call)
        if known is not None and known.agent is None:
            self._steering.outcome(False)
        self._floor.agent_does(agent, Doing.TALK, now)

    def abandoned(self, call: Call, now: float) -> None:  # noqa: ARG002 - events look alike
        """A live person met no agent in time."""
        self._news = True
        if self._floor.drop_call(call) is not None:
            self._steering.outcome(True)

    # -- events: agents ----------------------------------------------------------------------------------------

    def talk_ended(self, agent: Agent, now: float) -> None:
        """An agent begins to wrap up."""
        self._news = True
        known = self._floor.agents.get(agent)
        if known is not None and known.doing is Doing.TALK:
            self._forecast.talk.add(self._floor.agent_does(agent, Doing.WRAP, now) or 0.0)

    def wrap_ended(self, agent: Agent, now: float) -> None:
        """An agent is free again (if he goes away instead, tell ``agent_away`` after it)."""
        self._news = True
        known = self._floor.agents.get(agent)
        if known is not None and known.doing is Doing.WRAP:
            self._forecast.wrap.add(self._floor.agent_does(agent, Doing.IDLE, now) or 0.0)

    def agent_ready(self, agent: Agent, now: float) -> None:
        """An agent begins to work, comes back, or is free for whatever reason."""
        self._news = True
        self._floor.agent_does(agent, Doing.IDLE, now)
        self._floor.agents[agent].leaves_at = None

    def agent_away(self, agent: Agent, now: float) -> None:  # noqa: ARG002 - events look alike
        """An agent pauses, logs out or works for somebody else."""
        self._news = True
        self._floor.agents.pop(agent, None)

    def agent_leaving(self, agent: Agent, at: float | None) -> None:
        """An agent will leave at ``at`` or as soon as he is free after it; None: he stays after all."""
        self._news = True
        if agent in self._floor.agents:
            self._floor.agents[agent].leaves_at = at

    # -- the legal window --------------------------------------------------------------------------------------

    def begin_window(self, answers: float = 0.0, abandoned: float = 0.0) -> None:
        """A legal window begins (a calendar day, say), or its counts are corrected from the records."""
        self._news = True
        self._steering.begin_window(answers, abandoned)
