"""The terms of campaigns and permission, each explained in a sentence or two: what stands behind every "?".

One place for all pages, so that a term is explained the same everywhere. Keys are stable; the order is that of the page
with all terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from web_ui.language import N_


@dataclass(frozen=True, slots=True)
class Term:
    """A term as it stands on the pages, and what it means. Both are message ids."""

    name: str
    meaning: str


TERMS: Mapping[str, Term] = {
    "campaign": Term(
        N_("Campaign"),
        N_("A contact list, the agents who call it, the hours and the rules, under one name."),
    ),
    "contact_list": Term(
        N_("Contact list"),
        N_("The people to be called, from a file. A number stands in a list only once."),
    ),
    "damaged_row": Term(
        N_("Damaged row"),
        N_(
            "A row of the file whose number cannot be used, such as 4,91E+11 after a spreadsheet has rounded it. "
            "It comes back in a file with its reason."
        ),
    ),
    "duplicate": Term(
        N_("Duplicate"),
        N_("A number that stands in the file or the list already. It is kept once."),
    ),
    "dnc": Term(
        N_("DNC list"),
        N_("Numbers that must not be called. The list of opt-outs is always asked, right before each call."),
    ),
    "purpose": Term(
        N_("Purpose"),
        N_("What the calls are for. It decides whether people must have agreed to be called."),
    ),
    "consent": Term(
        N_("Consent"),
        N_("A person’s agreement to be called: when it was given, in which words, and what proves it."),
    ),
    "rule_pack": Term(
        N_("Rules of a country"),
        N_(
            "Hours, holidays, attempts and more, as a country’s law and trade codes have them, each with its source. "
            "A campaign may be stricter, never looser."
        ),
    ),
    "caller_id": Term(
        N_("Number shown"),
        N_(
            "The number people see when the telephone rings, and call back. It must be yours, and it is never hidden."
        ),
    ),
    "call_window": Term(
        N_("Call windows"),
        N_(
            "The hours in which people are called, in their own time zone. A call begins in them or not at all."
        ),
    ),
    "mode": Term(
        N_("Dialling mode"),
        N_("Who dials, and how many calls are on their way for each agent who is ready."),
    ),
    "predictive": Term(
        N_("Predictive"),
        N_(
            "Dials before agents are free, as far as the abandon rate allows, so that they wait less. Each answer "
            "that meets nobody makes it more careful."
        ),
    ),
    "budget": Term(
        N_("Budget"),
        N_("How many calls may still find no agent before the abandon rate of the legal window is used up."),
    ),
    "abandon": Term(
        N_("Abandoned call"),
        N_(
            "A person answered and no agent was there in time. They hear who called, and are left alone for a while."
        ),
    ),
    "abandon_rate": Term(
        N_("Abandon rate"),
        N_("Abandoned calls, of all calls a person answered, within the legal window."),
    ),
    "legal_window": Term(
        N_("Legal window"),
        N_("The time over which the abandon rate is counted: a day or thirty days, as the rules say."),
    ),
    "risk": Term(
        N_("Risk of the next call"),
        N_("How likely it is that the next call is answered when no agent is free (blocking probability)."),
    ),
    "theta": Term(
        N_("Risk allowed (theta)"),
        N_(
            "How high that risk may be right now. It falls with each abandoned call and rises while people are served."
        ),
    ),
    "pacing": Term(
        N_("Pacing"),
        N_(
            "The decision, second by second, how many calls to start; each stands in the journal with its figures."
        ),
    ),
    "live_answer": Term(
        N_("Answered by a person"),
        N_("A call that a person took, not a machine, a fax or an announcement."),
    ),
    "amd": Term(
        N_("Machine detection (AMD)"),
        N_("The box listens to the first seconds and tells people from answering machines."),
    ),
    "agent": Term(
        N_("Agent"),
        N_("Somebody with a telephone and a desk in this box to whom calls are put through."),
    ),
    "trunk": Term(
        N_("Trunk"),
        N_("A connection to the telephone network. It carries so many calls at once as it has lines."),
    ),
    "attempt": Term(
        N_("Attempt"),
        N_("One call to one number, whatever became of it. Each keeps the permit that allowed it."),
    ),
    "retry": Term(
        N_("Retry"),
        N_("When a contact is called again after each result, and how often."),
    ),
    "wrap_up_code": Term(
        N_("Wrap-up code"),
        N_("The result an agent chooses after a call, with one key. It decides what becomes of the contact."),
    ),
    "callback": Term(
        N_("Callback"),
        N_("A call promised for a time. It comes before everything else, and to whoever promised it."),
    ),
    "dry_run": Term(
        N_("Forecast"),
        N_(
            "The campaign on paper: the real rules are asked about every contact, and days are played through with "
            "the box’s own pacing. Nobody is called."
        ),
    ),
    "busy_share": Term(
        N_("Time busy"),
        N_("The part of their working time in which agents talk or write down results; the rest they wait."),
    ),
    "permit": Term(
        N_("Permit"),
        N_("The written reason why a call was allowed, kept with every attempt and safe from later change."),
    ),
}
