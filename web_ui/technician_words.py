"""Sentences for what the technician's commands refuse, by key; ``words.problem`` uses them beside all others."""

from __future__ import annotations

from collections.abc import Mapping

from web_ui.language import N_

PROBLEMS: Mapping[str, tuple[str, ...]] = {
    "trial_emergency": (N_("This is an emergency number. It is never called for a test."),),
    "trial_not_here": (N_("There is no telephony here."),),
    "trial_phone_away": (N_("The telephone {phone} is not registered."),),
    "trial_under_way": (N_("A test call is under way. Hang up first."),),
    "trial_line_unknown": (N_("There is no line {line}."),),
    "trial_line_busy": (N_("Line {line} is not free: a call is up, or its modem is not there."),),
    "trial_trunk_unknown": (N_("Choose the trunk to call over."),),
    "trial_trunk_down": (N_("Trunk {trunk} is down."),),
    "trial_trunk_full": (N_("All lines of trunk {trunk} are taken by calls."),),
}
