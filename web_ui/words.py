"""Words for the service's keys: states, results, causes, reasons and problems.

The service speaks in stable keys with figures; here they become sentences in the reader's language. A key nobody
has translated yet is shown as it is, so that nothing is ever hidden.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from firmware.model import Problem, Role
from web_ui import appliance_words, line_words
from web_ui.client import problem_from
from web_ui.language import N_, Language
from web_ui.problem_words import PROBLEMS

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
    "message": N_("Message"),
    "waiting": N_("Waiting for an agent"),
    "bridged": N_("In call"),
    "handed": N_("Handed over"),
    "announcing": N_("Announcement"),
    "awaiting_beep": N_("Waiting for the beep"),
    "leaving_message": N_("Leaving a message"),
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
    "delayed": N_("Not dialled: the modem wants a longer pause before this number"),
    "blacklisted": N_("Not dialled: the modem refuses this number after too many attempts"),
}
ANSWER_METHODS = {
    "signalled": N_("told by the network"),
    "gateway": N_("told by the gateway"),
    "reversal": N_("the wires were reversed"),
    "metering": N_("a metering pulse came"),
    "modem_tone": N_("a fax or modem tone was heard"),
    "voice_after_ringback": N_("a voice after the ringing"),
    "voice": N_("a voice without any ringing before"),
    "ringback_stopped": N_("the ringing stopped"),
    "timer": N_("taken as answered after a set time"),
}
ANSWER_CONFIDENCES = {"certain": N_("certain"), "likely": N_("likely"), "assumed": N_("assumed")}
SIDES = {"customer": N_("Contact"), "agent": N_("Agent"), "box": N_("Box")}
VERDICTS = {
    "human": N_("Human"),
    "machine": N_("Answering machine"),
    "fax": N_("Fax"),
    "intercept": N_("Number not in service"),
    "music": N_("Music"),
    "screen": N_("Call screening"),
    "silence": N_("Silence"),
    "unsure": N_("Unsure"),
}
ROLES = {
    "agent": N_("Agent"),
    "supervisor": N_("Supervisor"),
    "analyst": N_("Analyst"),
    "content_manager": N_("Content manager"),
    "campaign_manager": N_("Campaign manager"),
    "administrator": N_("Administrator"),
    "technician": N_("Technician"),
}
PHONE_MODES = {"per_call": N_("Called for each call"), "nailed_up": N_("Kept open between calls")}
MODES = {
    "preview": N_("Preview"),
    "progressive": N_("Progressive"),
    "power": N_("Power"),
    "predictive": N_("Predictive"),
    "agentless": N_("Without agents"),
}
ON_PERSON = {
    "flow": N_("The person hears the message"),
    "agent": N_("An agent talks with the person"),
    "hang_up": N_("The person is told who called, then the box hangs up"),
}
MODES_EXPLAINED = {
    "preview": N_("The agent sees the record first and then dials. Nobody is ever called without an agent."),
    "progressive": N_("One call for each agent who is ready, never more."),
    "power": N_("Several calls for each ready agent. Who finds no agent is abandoned; nothing steers it."),
    "predictive": N_(
        "As many calls as the abandon rate allows, steered by every answer, so that agents wait less."
    ),
    "agentless": N_(
        "People hear a message. For advertising every contact needs a recorded consent to such calls."
    ),
}
PREVIEW_OFFERS = {
    "push": N_("It comes by itself as soon as the agent is ready"),
    "pull": N_("The agent fetches it"),
}
SKIP_REASONS = {
    "later": N_("Better later"),
    "number": N_("Number looks wrong"),
    "dealt_with": N_("Already dealt with"),
    "not_mine": N_("Not for me"),
    "other": N_("Other reason"),
}
OFFERS = {
    "dialled": N_("Dialled"),
    "skipped": N_("Skipped"),
    "rejected": N_("Given back"),
    "missed": N_("Not taken in time"),
    "withdrawn": N_("Taken back"),
    "refused": N_("Not allowed when dialled"),
    "interrupted": N_("Interrupted"),
}
TOLD = {
    "missed": N_("{name}: nobody took the record in time. It went back into the list."),
    "page_gone": N_(
        "{name}: this page was closed, so the box did not dial. The record went back into the list."
    ),
    "withdrawn": N_("{name}: the campaign was changed or paused. The record went back into the list."),
    "phone_lost": N_("{name}: your phone could not be reached. The record went back into the list."),
}
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
    "offer_missed": N_("A record was not taken in time"),
    "offer_page_gone": N_("The desk page was closed"),
    "missed_call": N_("An incoming call was not taken in time"),
    "supervisor": N_("Sent by a supervisor"),
}
CALL_STEPS = {
    "ask": N_("asked in"),
    "ask_blind": N_("customer sent to"),
    "answered": N_("answered"),
    "other_left": N_("left, or did not answer"),
    "toggle": N_("changed between the two"),
    "join": N_("brought all together"),
    "complete": N_("handed the customer to"),
    "take_back": N_("took the customer back from"),
    "hang_up": N_("ended the call"),
    "forward": N_("key 2: customer sent to"),
    "first_left": N_("left the call"),
    "customer_left": N_("the customer hung up"),
    "nobody": N_("nobody took the customer"),
    "stopped": N_("the call was ended by the box"),
    "record": N_("began a recording, with the customer’s consent"),
    "stop_recording": N_("stopped the recording"),
}
TAPE_ENDS = {
    "over": N_("the conversation was over"),
    "held": N_("the customer was on hold"),
    "consulted": N_("the agent spoke with somebody else"),
    "handed": N_("goes on with whoever took over"),
    "outside": N_("somebody from outside took part, who has agreed to nothing"),
    "asked": N_("stopped by the agent"),
    "interrupted": N_("the box stopped"),
}
"""Why a piece of a recording ended."""
TAPE_RESTS = {
    "held": N_("Not recorded while the customer is on hold."),
    "consulted": N_("Not recorded while you speak with somebody else."),
    "outside": N_("Not recorded: somebody from outside takes part, who has agreed to nothing."),
    "asked": N_("Not recorded: it was stopped."),
    "not_asked": N_("This call is not recorded."),
}
"""Why a call that may be recorded is not at this moment."""
PARTY_RESULTS = {
    "handed": N_("handed on"),
    "not_answered": N_("did not answer"),
    "taken_back": N_("was let go"),
    "left": N_("hung up"),
    "customer_left": N_("the customer hung up"),
    "stopped": N_("ended by the box"),
    "nobody": N_("nobody came"),
    "interrupted": N_("interrupted"),
}
MONITORING = {
    "listen": N_("Listen"),
    "whisper": N_("Whisper"),
    "barge": N_("Barge in"),
}
STAGES = {
    "calling": N_("is being called; the customer hears music"),
    "private": N_("speaks with you; the customer hears music"),
    "aside": N_("waits; you speak with the customer"),
    "conference": N_("speaks with you and the customer"),
}
SOURCES = {
    "web": N_("Web pages"),
    "undo": N_("Web pages"),
    "office": N_("Office"),
    "agent": N_("Agent"),
    "register": N_("Register"),
    "api": N_("Interface"),
}
DNC_ACTS = {
    "added": N_("blocked"),
    "removed": N_("unblocked"),
    "register_loaded": N_("register loaded"),
    "list_deleted": N_("list deleted"),
}
REASONS = {**PAUSE_REASONS, **SYSTEM_REASONS}
SENSITIVITIES = {
    "careful": N_("Cautious: rather connect a machine than cut off a person"),
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
    "campaign_not_begun": N_("The campaign’s first day is yet to come."),
    "campaign_over": N_("The campaign’s last day is over."),
    "one_call_per_line": N_("One call for each free line."),
    "calls_per_ready_agent": N_("{ratio} calls for each ready agent."),
    "risk_too_high": N_("The next answer would probably find no free agent."),
    "budget_spent": N_("No more call may be lost now: one call for each ready agent."),
    "calls_per_tick": N_("Enough calls were started at once."),
    "lines_per_agent": N_("Enough lines are in use for the agents at work."),
    "others_first": N_("Other campaigns of the same agents come first."),
    "agents_fetch": N_("Agents fetch the next record themselves."),
    "record_for_ready_agent": N_("Every ready agent gets a record to look at."),
}
REFUSALS = {
    "invalid_number": N_("Number cannot be dialled"),
    "emergency_number": N_("Emergency number"),
    "dnc": N_("On a DNC list"),
    "attempts_used_up": N_("Attempts used up"),
    "campaign_not_begun": N_("The campaign has not begun"),
    "announcement_lacks": N_("What people hear when no agent is free lacks what the rules want"),
    "campaign_over": N_("The campaign’s last day is over"),
    "too_soon": N_("Too soon after the last attempt"),
    "abandoned_recently": N_("Abandoned a short time ago"),
    "unknown_rules": N_("There is no such rule pack"),
    "caller_id_forbidden": N_("This number must not be shown to the contact"),
    "no_consent": N_("No consent on record"),
    "register_missing": N_("The rules want a national register that none of the campaign’s DNC lists is"),
    "register_old": N_("A national register is too old"),
    "campaign_limit": N_("The rules allow no more attempts in this campaign"),
    "machine_recently": N_("A machine answered a short time ago"),
    "period_limit": N_("The rules allow no more attempts for now"),
    "holiday": N_("Public holiday there"),
    "contact_closed": N_("The contact is closed"),
    "contact_in_flight": N_("The contact is being called at this moment"),
    "number_in_flight": N_("The number is being called for another contact"),
    "not_due": N_("Not due yet"),
    "campaign_not_running": N_("The campaign does not run"),
    "no_campaign": N_("No campaign calls this list"),
    "unknown_zone": N_("Time zone unknown"),
    "window_closed": N_("Outside the call windows"),
    "no_window": N_("Never within the call windows"),
    "in_flight": N_("The number is being dialled already"),
    "offered": N_("Another agent has this record on the desk"),
    "contact_gone": N_("The contact is no longer in the list"),
    "number_used_up": N_("This number was dialled often enough"),
    "skipped_by_rule": N_("Held back by a rule"),
    "moved_by_rule": N_("Moved to another list by a rule"),
    "already_in_list": N_("The other list has this number already"),
    "scrub_unanswered": N_("The scrub service has not answered"),
    "order_being_prepared": N_("The campaign’s order is being prepared; nobody is called until it is ready"),
    "filtered_out": N_("The campaign’s filter leaves this contact out; it lets through"),
    "owner_unknown": N_("The contact belongs to somebody who does not work for the campaign"),
    "rule_skips": N_("A rule of the campaign holds it back"),
    "rule_moves": N_("A rule of the campaign moves it to another list instead"),
    "withdrawn": N_("Withdrawn by another program"),
}
CHAIN_FAULTS = {
    "changed": N_("A permit is not as it was written."),
    "missing": N_("A permit or its attempt was removed."),
    "moved": N_("A permit is not in its place: something before it was removed or moved."),
    "relinked": N_("A link was rewritten or inserted."),
    "unlinked": N_("An attempt has no permit in the chain: it was inserted."),
    "head": N_("The end of the chain was cut off."),
    "note": N_("The head that was written down is no longer in the chain."),
}
HEALTH_CHECKS = {
    "disk": N_("Disk"),
    "clock": N_("Clock"),
    "clock_step": N_("Clock"),
    "store": N_("Database"),
    "sip": N_("Telephony"),
    "edge": N_("SIP edge"),
    "memory": N_("Memory"),
    "reserve": N_("Disk"),
    "legs": N_("Telephony"),
    "webhooks": N_("Webhooks"),
    "promises": N_("Callbacks"),
    "registers": N_("National registers"),
    **appliance_words.CHECKS,
}
HEALTH = {
    **appliance_words.HEALTH,
    **line_words.HEALTH,
    "registers_old": N_("Too old or never loaded: {names}. Load the newest copy on the list’s page."),
    "promises_late": N_("Promised callbacks that are late: {count}."),
    "not_checked_yet": N_("The box has just started and is looking at itself."),
    "clock_implausible": N_("The clock shows {now}, which cannot be right."),
    "clock_not_synchronised": N_("The clock is not synchronised with a time server."),
    "clock_stepped": N_("The clock was set by {by_s} s."),
    "disk_unreadable": N_("The disk cannot be read: {reason}"),
    "disk_full": N_("Only {free_percent} % is free; make room."),
    "disk_nearly_full": N_("Only {free_percent} % is free; calls are not recorded any more."),
    "disk_low": N_("Only {free_percent} % is free."),
    "memory_low": N_("Only {available_mb} MB are free."),
    "store_stuck": N_("The database has not answered for {silent_s} s."),
    "sip_stuck": N_("Telephony has not answered for {silent_s} s."),
    "edge_silent": N_("The SIP edge has not answered for {silent_s} s."),
    "reserve_spent": N_("The emergency reserve on the disk is used up; make room."),
    "legs_leaked": N_("{legs} calls were not cleared properly."),
    "trunk_down": N_("Trunk {trunk} is down."),
    "line_port_missing": N_("Line {line}: nothing is plugged in at {port}. Check the plug and the name."),
    "line_port_denied": N_(
        "Line {line}: no permission for {port}; the service must be in the group dialout."
    ),
    "line_port_held": N_("Line {line}: {holder} holds {port}. End that program."),
    "line_port_wrong": N_("Line {line}: {port} is no serial port; name one of /dev/serial/by-id/."),
    "line_unplugged": N_("Line {line}: the modem was unplugged. Plug it in again."),
    "line_no_modem": N_("Line {line}: nothing answers at {port}. Pull the modem out and plug it in again."),
    "line_no_voice": N_("Line {line}: {modem} has no voice; take a voice modem."),
    "line_no_format": N_("Line {line}: {modem} has no voice format this box can use."),
    "line_half_duplex": N_(
        "Line {line}: {modem} cannot speak and hear at once; nobody can be connected over it."
    ),
    "line_failed": N_("Line {line} failed inside the box; see the journal."),
    "version_on_trial": N_("The new version is still proving itself; it places no calls yet."),
    "webhook_failing": N_("{url} has taken nothing for an hour."),
    "webhook_stopped": N_("{url} has taken nothing for days and is told nothing any more."),
    "backup_no_recovery_key": N_("There is no recovery key, so no backup is made."),
    "backup_failed": N_("The last backup failed; the page “Backup” says why."),
    "backup_late": N_("The last good backup is {hours} hours old."),
}
BACKUP_FAILURES = {
    **appliance_words.BACKUP_SERVER,
    "backup_no_folder": N_("The folder is not there. Is the medium plugged in?"),
    "backup_same_disk": N_("The folder is on the disk of the box itself. Is the medium plugged in?"),
    "backup_no_room": N_("There is too little room, on the medium or on the box."),
    "backup_disk": N_("A file could not be read or written."),
    "backup_torn": N_("The file on the medium is not whole. The medium may be failing."),
    "backup_changed": N_("The file on the medium is not as it was written. The medium may be failing."),
    "backup_strange": N_("The file on the medium is no backup of this box."),
    "backup_database": N_("The database in the backup is not as it was."),
    "backup_too_new": N_("The backup was made by a newer version of the box."),
    "backup_broken_off": N_("The backup was broken off."),
    "backup_not_set": N_("No folder for backups is set."),
    "backup_no_recovery_key": N_("There is no recovery key yet."),
    "key_wrong": N_("The box's own key is damaged."),
    "key_other": N_("The file was made with another key."),
    "age_missing": N_("The program age, which encrypts backups, is not installed."),
    "age_failed": N_("Encrypting failed."),
}
"""Why a backup was not made or did not pass its test."""
FIELDS = {
    "name": N_("Name"),
    "login": N_("Login"),
    "contact_list_id": N_("Contact list"),
    "list_id": N_("Contact list"),
    "caller_id": N_("Number shown"),
    "country": N_("Country"),
    "trunk": N_("Trunk"),
    "windows": N_("Call windows"),
    "default_zone": N_("Time zone of contacts without one"),
    "max_attempts": N_("Attempts per contact"),
    "min_gap_s": N_("Pause between attempts"),
    "ring_timeout_s": N_("Let it ring for"),
    "hold_s": N_("Person waits at most"),
    "wrap_up_limit_s": N_("Time for the wrap-up"),
    "automatic_wrap_up_code": N_("Automatic result when the time is over"),
    "abandon_target": N_("Abandon rate, at most"),
    "amd_sensitivity": N_("AMD decides"),
    "dnc_list_ids": N_("DNC lists"),
    "retry": N_("Call again after"),
    "wrap_up_codes": N_("Wrap-up codes"),
    "agent_ids": N_("Agents"),
    "mode": N_("Dialling mode"),
    "preview_countdown_s": N_("Dial by itself after"),
    "preview_limit_s": N_("Time to decide"),
    "skip_delay_s": N_("A skipped record comes again after"),
    "owner_field": N_("Column with the owner"),
    "preview_after": N_("Agents dial themselves from attempt"),
    "preview_field": N_("Column that asks for preview"),
    "lines_per_agent": N_("Calls for each ready agent"),
    "message_text": N_("Message"),
    "abandon_text": N_("What people hear whom no agent could take"),
    "caller_name": N_("On whose behalf"),
    "call_reason": N_("Reason for the call"),
    "opt_out_number": N_("Free number for objections"),
    "max_lines": N_("Lines at once, at most"),
    "weight": N_("Priority"),
    "agents": N_("Agents at work"),
    "lines": N_("Lines at once"),
    "live_share": N_("A person answers"),
    "machine_share": N_("A machine answers, of the others"),
    "talk_s": N_("A talk lasts"),
    "wrap_s": N_("Writing down the result takes"),
    "hourly": N_("Hour by hour, against the average"),
    "seed": N_("Dice"),
    "number": N_("Telephone number"),
    "note": N_("Note"),
    "numbers": N_("Telephone numbers"),
}
OPT_OUTS = N_("Opt-outs")
SHOWN_AS = {
    "min_gap_s": 1 / 3600,
    "skip_delay_s": 1 / 3600,
    "retry": 1 / 3600,
    "abandon_target": 100.0,
    "live_share": 100.0,
    "machine_share": 100.0,
}
"""Settings whose form fields use another unit than the service: its figures times this."""


def word(table: Mapping[str, str], key: object, language: Language) -> str:
    """The word for a key, or the key itself where there is none."""
    text = str(key or "")
    return language.gettext(table[text]) if text in table else text.replace("_", " ")


def roles(held: Collection[Role], language: Language) -> str:
    """Somebody's roles in a row, always in the same order."""
    return ", ".join(language.gettext(text) for key, text in ROLES.items() if key in held)


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
    """A problem as a sentence; the service's English one where there is none in the reader's language."""
    figures = _spoken_figures(found, language)
    for text in PROBLEMS.get(found.key, ()):
        try:
            return language.gettext(text).format(**figures)
        except (KeyError, IndexError, ValueError):
            continue
    return found.text or found.key.replace("_", " ")


def _spoken_figures(found: Problem, language: Language) -> dict[str, str]:
    """The figures in words: fields by the label of their form field, hints in the reader's language."""
    factor = SHOWN_AS.get(_parts(found.where)[0], 1.0)
    figures = {}
    for name, value in found.figures.items():
        base, _, code = name.rpartition("_")
        if code == language.code:
            figures[base] = str(value)
        elif code not in ("en", "de") or not base:
            figures[name] = _scaled(value, factor, language)
    label = _label(found.where, language)
    if label:
        figures["where"] = label
    if "name" in figures:
        figures["name"] = (
            _label(figures["name"], language) or _label(found.where, language) or figures["name"]
        )
    return figures


def _parts(where: str) -> list[str]:
    return where.replace("[", ".").replace("]", "").split(".")


def _label(where: str, language: Language) -> str:
    known = [part for part in _parts(where) if part in FIELDS]
    return language.gettext(FIELDS[known[0]]) if known else ""


def _scaled(value: Any, factor: float, language: Language) -> str:
    if factor == 1.0:
        return _figure(value, language)
    try:
        return language.number(round(float(value) * factor, 2))
    except (TypeError, ValueError):
        return str(value)


def dnc_name(name: str, language: Language) -> str:
    """A DNC list's name; the one that always exists is named in the reader's language."""
    return language.gettext(OPT_OUTS) if name == OPT_OUTS else name


def raw_problem(raw: Mapping[str, Any], language: Language) -> str:
    """A problem as it came over the wire, as a sentence."""
    return problem(problem_from(raw), language)


def _figure(value: Any, language: Language) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return language.number(value)
