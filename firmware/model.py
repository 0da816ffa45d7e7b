"""The words of the box as types: ids, states, and the plain values that cross module borders.

Longer than other files, because one list of words is easier to keep free of doubles than two.
Pure: no I/O, no time source, no defaults that depend on the machine. Every other module may import this one;
it imports nothing of ours. Times are UTC seconds since 1970 (float) and end in ``_at``; durations end in
``_s`` or ``_ms``. Telephone numbers are E.164 strings with a leading plus.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NewType

CampaignId = NewType("CampaignId", int)
ContactId = NewType("ContactId", int)
ContactListId = NewType("ContactListId", int)
UserId = NewType("UserId", int)
DepartmentId = NewType("DepartmentId", int)
Scope = frozenset[DepartmentId]
"""The departments somebody belongs to; where one may be missing, None means the whole box."""
AttemptUid = NewType("AttemptUid", str)
"""26 characters, sortable by time; also the left part of the INVITE's Call-ID."""
LegId = NewType("LegId", str)
"""Our name of one leg, never pjsua's. ``<attempt uid>`` for a customer leg, ``a<user>-<n>`` for an agent's."""


class DiallingMode(StrEnum):
    """How a campaign places calls (design: preview, progressive, power, predictive, agentless)."""

    PREVIEW = "preview"
    PROGRESSIVE = "progressive"
    POWER = "power"
    PREDICTIVE = "predictive"
    AGENTLESS = "agentless"


class PreviewOffer(StrEnum):
    """How a record comes to an agent in preview: fetched, or offered as soon as the agent is ready."""

    PULL = "pull"
    PUSH = "push"


class CampaignState(StrEnum):
    """Where a campaign stands. Only ``RUNNING`` places calls."""

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    FINISHED = "finished"


class ContactState(StrEnum):
    """Where a contact stands in its list."""

    OPEN = "open"
    IN_FLIGHT = "in_flight"
    CLOSED = "closed"


class AttemptState(StrEnum):
    """Where an attempt stands, as stored. ``INTENT`` is durable before the INVITE leaves."""

    INTENT = "intent"
    RINGING = "ringing"
    ANSWERED = "answered"
    TALKING = "talking"
    WRAP_UP = "wrap_up"
    CLOSED = "closed"
    INTERRUPTED = "interrupted"


class AgentState(StrEnum):
    """Server-owned state of an agent."""

    LOGGED_OUT = "logged_out"
    READY = "ready"
    RESERVED = "reserved"
    TALKING = "talking"
    WRAP_UP = "wrap_up"
    PAUSED = "paused"


class PhoneMode(StrEnum):
    """Whether an agent's phone is called for each call or kept open between calls."""

    PER_CALL = "per_call"
    NAILED_UP = "nailed_up"


class Role(StrEnum):
    """What a user is here for; one person may have several. What each may do: ``web_ui.permissions``."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ANALYST = "analyst"
    CONTENT_MANAGER = "content_manager"
    CAMPAIGN_MANAGER = "campaign_manager"
    ADMINISTRATOR = "administrator"
    TECHNICIAN = "technician"


class Owned(StrEnum):
    """What can belong to a department. What belongs to none belongs to the whole box."""

    CAMPAIGN = "campaign"
    LIST = "list"
    DNC_LIST = "dnc_list"
    VIEW = "view"
    """A saved report."""
    WALL = "wall"
    DESTINATION = "destination"
    SCRIPT = "script"
    SNIPPET = "snippet"
    WEBHOOK = "webhook"
    TOKEN = "token"  # noqa: S105 - a kind, no secret
    QUEUE = "queue"
    """A rule for calls that come in, by its name."""


class HangupCause(StrEnum):
    """Why a leg ended, as the wire told it (SIP status and Q.850 reason, RFC 3261 §21, RFC 3326)."""

    NORMAL = "normal"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    NOT_FOUND = "not_found"
    UNAVAILABLE = "unavailable"
    NETWORK_FAILURE = "network_failure"
    MEDIA_LOST = "media_lost"
    TOO_LONG = "too_long"
    OUR_FAULT = "our_fault"
    DELAYED = "delayed"
    """A modem's country rules want a longer pause before this number is dialled again; it was not dialled."""
    BLACKLISTED = "blacklisted"
    """A modem's country rules bar this number after too many attempts in vain; it was not dialled."""


class AnswerMethod(StrEnum):
    """How it was noticed that the far end answered: told by the network, or else by what an analog line shows."""

    SIGNALLED = "signalled"
    """The network said so: a 200 OK of a SIP provider or a phone."""
    GATEWAY = "gateway"
    """A gateway to an analog line said so."""
    REVERSAL = "reversal"
    METERING = "metering"
    MODEM_TONE = "modem_tone"
    VOICE_AFTER_RINGBACK = "voice_after_ringback"
    VOICE = "voice"
    RINGBACK_STOPPED = "ringback_stopped"
    TIMER = "timer"


class AnswerConfidence(StrEnum):
    """How sure an answer is. Only what is certain may be billed."""

    CERTAIN = "certain"
    LIKELY = "likely"
    ASSUMED = "assumed"


class Side(StrEnum):
    """Who ended a call."""

    CUSTOMER = "customer"
    AGENT = "agent"
    BOX = "box"


class AmdLabel(StrEnum):
    """What answered. ``UNSURE`` counts as a person. ``SCREEN`` is an assistant that asks who calls and why; the
    shipped model does not tell it from other announcements."""

    HUMAN = "human"
    MACHINE = "machine"
    FAX = "fax"
    INTERCEPT = "intercept"
    MUSIC = "music"
    SCREEN = "screen"
    SILENCE = "silence"
    UNSURE = "unsure"


class VerdictAction(StrEnum):
    """What is done with a call whose verdict is no person's."""

    AGENT = "agent"
    """As with a person: an agent; without agents the message with its keys."""
    FLOW = "flow"
    """The message with its keys, at once."""
    MESSAGE = "message"
    """A message is left once the greeting is over."""
    HANG_UP = "hang_up"


class PersonAction(StrEnum):
    """What becomes of a person who answers a call of a campaign without agents."""

    FLOW = "flow"
    """The message with its keys."""
    AGENT = "agent"
    """An agent, as in the other modes; calls are then started for agents who are ready."""
    HANG_UP = "hang_up"
    """Told who called, then hung up: an abandoned call, for campaigns that speak to machines alone."""


class OnCorrection(StrEnum):
    """What is done when an agent talks and the ears learn that it is a machine."""

    TELL = "tell"
    """The desk says so; the agent decides."""
    HANG_UP = "hang_up"
    MESSAGE = "message"


class MessageResult(StrEnum):
    """What became of a message that was to be left on a machine."""

    LEFT = "left"
    CUT_OFF = "cut_off"
    """The line went away, or the box stopped, while it was spoken."""
    NO_END = "no_end"
    """Neither a beep nor the end of the greeting came in time."""
    HUNG_UP = "hung_up"
    """The call was over before it began."""
    FAILED = "failed"
    """The message could not be spoken, or its file is missing."""
    FORBIDDEN = "forbidden"
    """The rules want a consent to calls by machine, and none is on record."""


class Disposition(StrEnum):
    """The final word, one per attempt."""

    CONTACTED = "contacted"
    """An agent spoke with a person; the wrap-up code says more."""
    CALLBACK = "callback"
    """The agent promised to call again at a time."""
    DO_NOT_CALL = "do_not_call"
    """The person asked never to be called again."""
    WRONG_NUMBER = "wrong_number"
    MACHINE = "machine"
    FAX = "fax"
    INTERCEPT = "intercept"
    SILENCE = "silence"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    REJECTED = "rejected"
    UNREACHABLE = "unreachable"
    FAILED = "failed"
    """The network or the trunk failed; it says nothing about the contact."""
    ABANDONED = "abandoned"
    """A person answered and no agent was there in time."""
    HUNG_UP = "hung_up"
    """The person hung up before an agent could be connected and before the hold time was over."""
    INTERRUPTED = "interrupted"
    """The box stopped while the attempt was open."""


RECYCLABLE: tuple[Disposition, ...] = (
    Disposition.NO_ANSWER,
    Disposition.BUSY,
    Disposition.MACHINE,
    Disposition.SILENCE,
    Disposition.HUNG_UP,
    Disposition.REJECTED,
    Disposition.UNREACHABLE,
    Disposition.FAILED,
    Disposition.ABANDONED,
    Disposition.INTERRUPTED,
)
"""Ends after which nobody was spoken with: such contacts may be called once more. Never among them: who was reached,
who asked not to be called, and numbers that are no good."""


@dataclass(frozen=True, slots=True)
class CallWindow:
    """Minutes of a weekday in the contact's own time zone: ``start_min <= minute < end_min``; Monday is 0."""

    weekday: int
    start_min: int
    end_min: int


@dataclass(frozen=True, slots=True)
class RetryRule:
    """What follows one disposition: call again after ``delay_s`` while fewer than ``max_attempts`` such ends."""

    delay_s: float
    max_attempts: int


@dataclass(frozen=True, slots=True)
class WrapUpCode:
    """A result an agent can choose. ``digit`` is its key (1-9); labels are shown in the user's language."""

    code: str
    digit: int
    label_en: str
    label_de: str
    disposition: Disposition


class Purpose(StrEnum):
    """What a campaign calls for; decides what consent its rule pack asks for."""

    SERVICE = "service"
    """No advertising: about a contract, an order, an appointment the person knows of."""
    SALES = "sales"
    """Advertising to consumers."""
    SALES_BUSINESS = "sales_business"
    """Advertising to businesses."""
    RESEARCH = "research"
    """Opinion polls and market research."""


@dataclass(frozen=True, slots=True)
class Consent:
    """A person's permission to be called [Einwilligung]. Times are UTC seconds; ``until`` None: until withdrawn."""

    id: int
    number: str
    purpose: str
    """A ``Purpose``, ``automated`` (messages by machine), or ``all``."""
    given_at: float
    until: float | None
    source: str
    """Where it was given: a form, a call, a contract."""
    wording: str
    """What the person agreed to, in the words that were shown or read out."""
    proof: str = ""
    """The name of the file that proves it, if there is one."""


@dataclass(frozen=True, slots=True)
class CampaignSettings:
    """Everything an office manager sets for a campaign. Validated by ``firmware.campaigns.settings``."""

    name: str
    contact_list_id: ContactListId | None = None
    mode: DiallingMode = DiallingMode.PROGRESSIVE
    caller_id: str = ""
    country: str = "DE"
    trunk: str = ""
    windows: Sequence[CallWindow] = ()
    default_zone: str = "Europe/Berlin"
    max_attempts: int = 3
    min_gap_s: float = 4 * 3600.0
    """No contact is dialled again before this has passed, whatever a retry rule says."""
    max_attempts_number: int = 0
    """How often the campaign dials one number, counting every contact that has it; 0: as often as its contact."""
    other_number_gap_s: float = 1800.0
    """After a number that reached nobody the contact's next number is tried no sooner, whatever the gap of one."""
    ring_timeout_s: float = 25.0
    hold_s: float = 2.0
    """A person is abandoned when no agent is connected this long after being recognised."""
    wrap_up_limit_s: float = 60.0
    automatic_wrap_up_code: str = "contacted"
    """The wrap-up code used when the limit passes."""
    abandon_target: float = 0.03
    amd_enabled: bool = True
    amd_sensitivity: str = "balanced"
    on_machine: VerdictAction = VerdictAction.HANG_UP
    on_screen: VerdictAction = VerdictAction.AGENT
    on_music: VerdictAction = VerdictAction.AGENT
    on_silence: VerdictAction = VerdictAction.HANG_UP
    """Hanging up on silence means: told who called, then hung up."""
    on_correction: OnCorrection = OnCorrection.TELL
    drop_text: str = ""
    """What is left on machines; ``{Column}`` is filled in from the contact. Empty, and no file: nothing is left."""
    drop_file: str = ""
    """A recording that is left instead: the name of a WAV in the folder of messages, without ``.wav``."""
    drop_wait_s: float = 45.0
    """How long a beep or the end of the greeting is waited for."""
    audit_share: float = 0.0
    """So many of the calls judged a machine go to an agent all the same, to count the wrong ones; 0..1, drawn."""
    record_calls: bool = False
    """Only with consent: off unless the office switches it on and answers for it."""
    record_on_request: bool = False
    """Agents may record a call once the customer has said yes to it."""
    dnc_list_ids: Sequence[int] = ()
    retry: Mapping[Disposition, RetryRule] = field(default_factory=dict)
    wrap_up_codes: Sequence[WrapUpCode] = ()
    agent_ids: Sequence[UserId] = ()
    preview_offer: PreviewOffer = PreviewOffer.PUSH
    preview_countdown_s: float = 0.0
    """Preview: the box dials by itself this long after offering; 0 = never."""
    preview_limit_s: float = 180.0
    """Preview: an offered record that nobody dials, skips or rejects for this long goes back into the list."""
    preview_skip: bool = True
    """Preview: an agent may skip a record, with a reason."""
    skip_delay_s: float = 3600.0
    """Preview: a skipped record is not offered again before this has passed."""
    owner_field: str = ""
    """Preview: the custom field that names the agent (login or name) a contact belongs to; empty: no owners."""
    manual_dialling: bool = False
    """Agents may type a number; it is judged by the same rules."""
    preview_after: int = 0
    """Automatic modes: from so many attempts on agents see the record and dial it themselves; 0: never."""
    preview_field: str = ""
    """Automatic modes: the custom field that says yes where agents are to see the record first; empty: none."""
    message_text: str = ""
    """Agentless: what people hear; ``{Column}`` is filled in from the contact."""
    on_person: PersonAction = PersonAction.FLOW
    """Agentless: what becomes of a person who answers."""
    agent_key: bool = False
    """Agentless: key 2 connects to an agent. Key 9 always forbids further calls."""
    agent_key_to: str = ""
    """Whom key 2 reaches: ``agent:7`` or ``destination:3`` by their ids; empty: whoever of the agents is free."""
    lines_per_agent: float = 1.5
    """Power: calls on the way for each ready agent."""
    max_lines: int = 0
    """Calls the campaign may have on the line at once; 0: as many as its trunk carries."""
    weight: int = 5
    """Priority among campaigns that share agents or lines, 1..10: the share of what there is to share."""
    rule_pack: str = ""
    """The legal rules the campaign keeps: ``de at ch gb us fr own``; empty: those of its country, or ``own``."""
    rules: Mapping[str, Any] = field(default_factory=dict)
    """Rules made stricter than the pack has them (``own``: as the office answers for), by their names."""
    purpose: Purpose = Purpose.SERVICE
    abandon_text: str = ""
    """What a person hears whom no agent could take in time, with ``{fields}`` (``compliance.announcement``) and
    ``{Column}``; empty: the announcement of the box."""
    caller_name: str = ""
    """On whose behalf is called, as it is spoken."""
    call_reason: str = ""
    """Why is called, as it is spoken."""
    opt_out_number: str = ""
    """A free number to object to further calls (E.164), as it is spoken."""
    first_day: str = ""
    """The first day on which the campaign may call, ``YYYY-MM-DD``; empty: at once."""
    last_day: str = ""
    """The last one: when it is over the campaign ends; empty: it has none."""
    days_zone: str = ""
    """The zone in which these days are counted: the office's own; empty: ``default_zone``."""

    @property
    def meets_agents(self) -> bool:
        """Whether people who answer are connected with agents, without asking for one."""
        return self.mode is not DiallingMode.AGENTLESS or self.on_person is PersonAction.AGENT

    @property
    def hangs_up_on_people(self) -> bool:
        """Whether people who answer are told who called and hung up on."""
        return self.mode is DiallingMode.AGENTLESS and self.on_person is PersonAction.HANG_UP


@dataclass(frozen=True, slots=True)
class Permit:
    """Why this number could be called at this moment; stored with the attempt [Anrufnachweis]."""

    number: str
    decided_at: float
    zone: str
    local_time: str
    """ISO 8601 with offset, in ``zone``."""
    window: str
    """The call window that was open, e.g. ``Mon 09:00-18:00``."""
    rule_version: str
    dnc_lists: Mapping[str, int]
    """Each DNC list that was asked, with its version."""
    attempts_before: int
    last_attempt_at: float | None
    caller_id: str
    pack: str = ""
    """The rule packs that were kept, each with its version: ``de 2026.1``."""
    regions: str = ""
    """The federal states whose holidays were kept, e.g. ``DE-BY, DE-BW``; empty: those of the whole country."""
    holiday_table: str = ""
    """The version of the table of public holidays; empty: the rules know none."""
    consent: Mapping[str, Any] = field(default_factory=dict)
    """The record of consent that was needed and found; empty: none was needed."""
    counters: Mapping[str, int] = field(default_factory=dict)
    """Attempts at the number before this one per period: ``day week month campaign``."""
    limits: Mapping[str, int] = field(default_factory=dict)
    """How many the rules allow in the same periods; a period without a limit is missing."""
    history: Sequence[float] = ()
    """When the number was dialled in the longest of the periods, UTC seconds, oldest first."""
    abandoned_at: float | None = None
    """When a call to the number was last abandoned."""
    machine_at: float | None = None
    """When a call to the number was last judged a machine and ended."""
    registers: Mapping[str, float] = field(default_factory=dict)
    """Each national register that was asked, with when it was loaded, UTC seconds."""
    term: str = ""
    """The campaign's first and last day with their zone, ``2026-11-02/2026-11-30 Europe/Berlin``; empty: none."""
    settings: str = ""
    """SHA-256 of the campaign's settings at that moment, which are kept under this name."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a number may not be called now. ``rule`` is a stable key; ``until`` when that rule lets go, if ever."""

    rule: str
    until: float | None = None
    figures: Mapping[str, str] = field(default_factory=dict)
    of_zones: bool = False
    """It holds for every contact of the campaign with the same time zones, whoever that is."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A contact claimed for dialling, its attempt durable as ``intent``."""

    attempt_uid: AttemptUid
    campaign_id: CampaignId
    contact_id: ContactId
    number: str
    name: str
    fields: Mapping[str, str]
    permit: Permit


class PartyKind(StrEnum):
    """Who was asked in."""

    AGENT = "agent"
    DESTINATION = "destination"
    QUEUE = "queue"
    """An agent of the campaign, whoever was free."""


class PartyResult(StrEnum):
    """How a part ended."""

    HANDED = "handed"
    """Handed on to somebody else."""
    NOT_ANSWERED = "not_answered"
    TAKEN_BACK = "taken_back"
    LEFT = "left"
    CUSTOMER_LEFT = "customer_left"
    STOPPED = "stopped"
    """The box was stopped, or the call had lasted as long as it may."""
    NOBODY = "nobody"
    INTERRUPTED = "interrupted"


class TapeEnd(StrEnum):
    """Why a piece of a recording ended."""

    OVER = "over"
    """The conversation was."""
    HELD = "held"
    CONSULTED = "consulted"
    """The agent spoke with somebody else, and the customer heard music."""
    HANDED = "handed"
    """The next piece has the agent who took over."""
    OUTSIDE = "outside"
    """A party from outside took part, who has agreed to nothing."""
    ASKED = "asked"
    """The agent stopped it: the customer does not agree."""
    INTERRUPTED = "interrupted"
    """The box stopped."""


@dataclass(frozen=True, slots=True)
class Destination:
    """An entry of the office's directory; ``number`` is E.164."""

    id: int
    name: str
    number: str


@dataclass(frozen=True, slots=True)
class NewParty:
    """Somebody is asked in. ``asked_by`` None: the box asks, because of a key or because nobody has the customer."""

    uid: str
    attempt: AttemptUid
    kind: PartyKind
    name: str
    blind: bool
    user_id: UserId | None = None
    destination: Destination | None = None
    asked_by: UserId | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with what a person gave us. ``where`` names the field, row or line; texts are translated
    by ``key`` (a stable identifier) with ``figures`` filled in; ``text`` is the English sentence."""

    where: str
    key: str
    text: str
    figures: Mapping[str, Any] = field(default_factory=dict)


class ServiceGone(ConnectionError):
    """The service does not answer on its control socket."""


class OperatorError(Exception):
    """Something the operator asked for cannot be done as asked; carries every problem at once."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(p.text for p in problems))
        self.problems = problems
