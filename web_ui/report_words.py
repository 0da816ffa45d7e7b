"""Words of reports: the kinds, what becomes of promised and incoming calls, and what a report is about."""

from __future__ import annotations

from collections.abc import Mapping

from web_ui.language import N_

KINDS: Mapping[str, str] = {
    "success": N_("Success"),
    "waiting": N_("Waiting"),
    "incoming": N_("Calls that came in"),
    "blocks": N_("Not allowed"),
    "callbacks": N_("Callbacks"),
    "detection": N_("Machine detection"),
}
"""Every report by its key, in the order of the tabs."""
ABOUT: Mapping[str, str] = {
    "success": N_("What was dialled, whom it reached and what came of it."),
    "waiting": N_("How long people who answered waited for an agent."),
    "incoming": N_("Who called the office and how long they waited."),
    "blocks": N_("Contacts whose turn it was and whom the rules did not let through."),
    "callbacks": N_("Calls that were promised for this time, and what became of them."),
    "detection": N_("What the machine detection heard, and what people say it was."),
}
OUTCOMES: Mapping[str, str] = {
    "answered": N_("Answered by an agent"),
    "missed": N_("Missed"),
    "closed": N_("Outside opening hours"),
    "busy": N_("Line busy"),
    "refused": N_("Refused"),
    "callback": N_("Callback asked for"),
    "interrupted": N_("Interrupted"),
}
SAID: Mapping[str, str] = {
    "person": N_("was a person"),
    "machine": N_("was a machine"),
    "none": N_("nobody said"),
}
RHYTHMS: Mapping[str, str] = {
    "daily": N_("every day"),
    "weekly": N_("every week"),
    "monthly": N_("every month"),
}
RUNS: Mapping[str, str] = {
    "": N_("not sent yet"),
    "queued": N_("made and handed to the mail queue"),
    "failed": N_("could not be made"),
}
MAIL_STATES: Mapping[str, str] = {
    "waiting": N_("waits to be sent"),
    "sent": N_("taken by the server"),
    "failed": N_("refused or too old"),
}
