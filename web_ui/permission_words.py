"""Permissions as people read them on the page of roles, by the permission's word."""

from __future__ import annotations

from collections.abc import Mapping

from web_ui.language import N_

PERMISSIONS: Mapping[str, str] = {
    "account": N_("One’s own password, language and logins"),
    "desk": N_("Take calls at a desk"),
    "callbacks": N_("See and move one’s own callbacks"),
    "callbacks_all": N_("See everybody’s callbacks, withdraw and restore them"),
    "callbacks_rules": N_("Say how promised callbacks are kept"),
    "live": N_("Watch what the box is doing now"),
    "campaigns": N_("Look at campaigns and single calls"),
    "campaigns_run": N_("Start, pause and stop campaigns"),
    "campaigns_change": N_("Make and change campaigns"),
    "verdicts": N_("Correct what the box heard"),
    "detection": N_("See and set how answering machines are told"),
    "lists": N_("Import, read, export and delete contacts"),
    "dnc": N_("Change who is never called"),
    "proof": N_("See why a number was called or not"),
    "consents": N_("Record and withdraw consents"),
    "recordings": N_("Upload what the box plays"),
    "tapes": N_("Find recorded calls and listen to them"),
    "tapes_take": N_("Take recorded calls along, and delete them"),
    "texts": N_("Write scripts and prepared answers"),
    "reports": N_("Read reports"),
    "reports_calls": N_("Read single calls in reports, with their numbers"),
    "reports_mail": N_("Say which reports are sent to whom"),
    "alerts": N_("See alerts and take note of them"),
    "alerts_change": N_("Say who is told of alerts"),
    "walls": N_("Make wallboards"),
    "privacy": N_("Say how long things are kept; give out and forget what is known of a person"),
    "team": N_("Listen to calls, help in them, send people to desks and write to them"),
    "team_rules": N_("Say whether supervisors may take part in calls"),
    "destinations": N_("Change the directory that calls are handed to"),
    "people": N_("Add people and give them roles"),
    "audit": N_("Read the log of changes"),
    "technician": N_("Look at lines, trunks and telephones, and test them"),
    "story": N_("Read what happened in a call, step by step"),
    "backup": N_("Make backups and their key"),
    "box": N_("Set up and update the box"),
    "programs": N_("Let other programs in"),
}
