"""Words for the service's keys: states, results, causes, reasons and problems.

The service speaks in stable keys with figures; here they become sentences in the reader's language. A key nobody
has translated yet is shown as it is, so that nothing is ever hidden.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from firmware.model import Problem
from web_ui.client import problem_from
from web_ui.language import N_, Language

AGENT_STATES = {
    "logged_out": N_("Logged out"),
    "ready": N_("Ready"),
    "reserved": N_("Reserved"),
    "talking": N_("In call"),
    "wrap_up": N_("Wrap-up"),
    "paused": N_("Paused"),
}
CALL_STATES = {
    "dialling": N_("Dialling"),
    "ringing": N_("Ringing"),
    "listening": N_("Listening"),
    "waiting": N_("Waiting for an agent"),
    "bridged": N_("In call"),
    "announcing": N_("Announcement"),
    "ending": N_("Ending"),
    "wrap_up": N_("Wrap-up"),
}
CAMPAIGN_STATES = {
    "draft": N_("Draft"),
    "running": N_("Running"),
    "paused": N_("Paused"),
    "stopped": N_("Stopped"),
    "finished": N_("Finished"),
}
CONTACT_STATES = {"open": N_("Open"), "in_flight": N_("Being called"), "closed": N_("Closed")}
ATTEMPT_STATES = {
    "intent": N_("About to dial"),
    "ringing": N_("Ringing"),
    "answered": N_("Answered"),
    "talking": N_("In call"),
    "wrap_up": N_("Wrap-up"),
    "closed": N_("Closed"),
    "interrupted": N_("Interrupted"),
}
DISPOSITIONS = {
    "contacted": N_("Contacted"),
    "callback": N_("Callback"),
    "do_not_call": N_("Do not call"),
    "wrong_number": N_("Wrong number"),
    "machine": N_("Answering machine"),
    "fax": N_("Fax"),
    "intercept": N_("Number not in service"),
    "silence": N_("Silence"),
    "busy": N_("Busy"),
    "no_answer": N_("No answer"),
    "rejected": N_("Rejected"),
    "unreachable": N_("Unreachable"),
    "failed": N_("Network fault"),
    "abandoned": N_("Abandoned"),
    "hung_up": N_("Hung up early"),
    "interrupted": N_("Interrupted"),
}
HANGUP_CAUSES = {
    "normal": N_("Ended normally"),
    "busy": N_("Busy"),
    "no_answer": N_("No answer"),
    "cancelled": N_("Cancelled"),
    "rejected": N_("Rejected"),
    "not_found": N_("Number unknown"),
    "unavailable": N_("Not available"),
    "network_failure": N_("Network fault"),
    "media_lost": N_("No more audio"),
    "too_long": N_("Longest call time reached"),
    "our_fault": N_("Fault in the box"),
}
SIDES = {"customer": N_("Contact"), "agent": N_("Agent"), "box": N_("Box")}
VERDICTS = {
    "human": N_("Human"),
    "machine": N_("Answering machine"),
    "fax": N_("Fax"),
    "intercept": N_("Number not in service"),
    "silence": N_("Silence"),
    "unsure": N_("Unsure"),
}
ROLES = {"agent": N_("Agent"), "administrator": N_("Administrator")}
PHONE_MODES = {"per_call": N_("Called for each call"), "nailed_up": N_("Kept open between calls")}
MODES = {"progressive": N_("Progressive")}
PAUSE_REASONS = {
    "break": N_("Break"),
    "lunch": N_("Lunch"),
    "meeting": N_("Meeting"),
    "training": N_("Training"),
    "paperwork": N_("Paperwork"),
}
SYSTEM_REASONS = {
    "logged_in": N_("Just logged in"),
    "phone_hung_up": N_("Phone was hung up"),
    "phone_unreachable": N_("Phone not reachable"),
    "wrap_up_limit": N_("Wrap-up limit reached"),
    "service_restarted": N_("Box was restarted"),
}
SOURCES = {"web": N_("Pages"), "undo": N_("Pages"), "agent": N_("Agent")}
REASONS = {**PAUSE_REASONS, **SYSTEM_REASONS}
SENSITIVITIES = {
    "cautious": N_("Cautious: rather connect a machine than cut off a person"),
    "balanced": N_("Balanced"),
    "eager": N_("Eager: rather cut off a person than connect a machine"),
}
PACING = {
    "one_call_per_ready_agent": N_("One call for each ready agent."),
    "nobody_logged_in": N_("No agent is logged in."),
    "nobody_ready": N_("No agent is ready."),
    "enough_calls": N_("Every ready agent already has a call on the way."),
    "no_lines": N_("All lines are in use."),
    "calls_per_second": N_("The limit of calls per second is reached."),
    "nobody_due": N_("No contact is due now."),
}
HEALTH_CHECKS = {
    "disk": N_("Disk"),
    "clock": N_("Clock"),
    "store": N_("Store"),
    "trunk": N_("Trunk"),
    "sip": N_("Telephony"),
    "edge": N_("SIP edge"),
    "loop": N_("Service"),
    "memory": N_("Memory"),
}
HEALTH: dict[str, str] = {}
REFUSALS: dict[str, str] = {}
PROBLEMS: dict[str, str] = {}


def word(table: Mapping[str, str], key: object, language: Language) -> str:
    """The word for a key, or the key itself where there is none."""
    text = str(key or "")
    return language.gettext(table[text]) if text in table else text.replace("_", " ")


def sentence(
    table: Mapping[str, str], key: object, figures: object, language: Language, fallback: str = ""
) -> str:
    """The sentence for a key with its figures filled in; ``fallback`` or the key where there is none."""
    text = table.get(str(key))
    if text is None:
        return fallback or str(key or "").replace("_", " ")
    known = figures if isinstance(figures, Mapping) else {}
    try:
        return language.gettext(text).format(
            **{name: _figure(value, language) for name, value in known.items()}
        )
    except (KeyError, IndexError, ValueError):
        return fallback or language.gettext(text)


def problem(found: Problem, language: Language) -> str:
    """A problem as a sentence; the service's English one where the key has no translation."""
    return sentence(PROBLEMS, found.key, found.figures, language, found.text)


def raw_problem(raw: Mapping[str, Any], language: Language) -> str:
    """A problem as it came over the wire, as a sentence."""
    return problem(problem_from(raw), language)


def _figure(value: Any, language: Language) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return language.number(value)
