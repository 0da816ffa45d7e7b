"""Words of the page Privacy: classes of data, what an erasure took and kept, and why."""

from __future__ import annotations

from collections.abc import Mapping

from web_ui.language import N_

CLASSES: Mapping[str, tuple[str, str]] = {
    "recordings": (N_("Recorded calls"), N_("The sound files; the calls stay.")),
    "details": (
        N_("Details of calls"),
        N_(
            "Notes, answers written down in calls, and the measurements of the machine detection. That the call was"
            " made stays as proof."
        ),
    ),
    "contacts": (N_("Closed contacts"), N_("Names, numbers and fields of contacts that are called no more.")),
    "incoming": (N_("Calls that came in"), N_("Who called and what was noted.")),
    "logs": (
        N_("Logs"),
        N_("What agents did when, decisions of pacing, records shown, rules, steps of calls, past alerts."),
    ),
    "webhooks": (N_("Told to other programs"), N_("Deliveries that are over.")),
    "mail": (N_("Sent mail"), N_("Messages that are sent or given up.")),
    "files": (N_("Files for people"), N_("Rows that imports could not read, and the like.")),
    "audit": (N_("Log of changes"), N_("Who changed what on the box.")),
    "proof": (
        N_("Proof"),
        N_(
            "Permits, consents and promises. The law wants to see them for five years (German UWG §7a); less cannot be"
            " set."
        ),
    ),
}
"""Name, and what belongs to it."""
ACCOUNT: Mapping[str, str] = {
    "contacts": N_("contacts deleted"),
    "promises": N_("notes of callbacks deleted"),
    "offers": N_("records shown to agents deleted"),
    "rules": N_("traces of rules deleted"),
    "answers_given": N_("answers written down in calls deleted"),
    "deliveries": N_("deliveries to other programs deleted"),
    "events": N_("messages to other programs deleted"),
    "answers": N_("answers to other programs deleted"),
    "scrub": N_("answers of external services deleted"),
    "scrub_wanted": N_("questions to external services deleted"),
    "recordings": N_("recordings deleted"),
    "kept_attempts": N_(
        "calls kept under a pseudonym: the permit is proof of why it was allowed (UWG §7a, GDPR Art. 17(3)(b))"
    ),
    "kept_incoming": N_("incoming calls kept under a pseudonym, without what was noted"),
    "kept_consents": N_("consents kept under a pseudonym: proof for five years (UWG §7a)"),
    "kept_dnc": N_("DNC entries kept: without them the number would be called again (GDPR Art. 17(3)(b))"),
}
"""What an erasure did."""
KINDS: Mapping[str, str] = {
    "contacts": N_("Contacts"),
    "numbers": N_("Numbers of contacts"),
    "before_imports": N_("Contacts before later imports"),
    "attempts": N_("Calls"),
    "parties": N_("Others in calls"),
    "tapes": N_("Recordings"),
    "verdict_words": N_("Words about what was heard"),
    "incoming": N_("Calls that came in"),
    "answers": N_("Answers written down in calls"),
    "edits": N_("Changes at the desk"),
    "promises": N_("Callbacks"),
    "promise_history": N_("History of callbacks"),
    "offers": N_("Records shown to agents"),
    "rules": N_("Rules that fired"),
    "consents": N_("Consents"),
    "dnc": N_("Entries on DNC lists"),
    "scrub": N_("Answers of external services"),
    "told": N_("Messages to other programs"),
}
"""What can be stored about a number."""
