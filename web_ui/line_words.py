"""Words about analog lines: refusals, what is wrong with one, figures of a test with hints, what was learnt."""

from __future__ import annotations

from collections.abc import Mapping

from web_ui.language import N_

PROBLEMS: Mapping[str, tuple[str, ...]] = {
    "line_unknown": (N_("There is no line {line}."),),
    "line_call_up": (N_("A call is up on line {line}, or it rings. Wait for its end."),),
    "line_job_running": (N_("Line {line} is being tested already."),),
    "line_not_there": (N_("Line {line} has no modem now."),),
    "line_wrong": (N_("Line {line} is out of order; health says why."),),
    "line_loop_itself": (N_("Line {line} cannot call itself."),),
    "line_number_unknown": (N_("The number of line {line} is not in the settings."),),
    "line_number_bad": (N_("This number cannot be dialled on the line: {text}"),),
    "line_nothing_learnt": (N_("Nothing was learnt of line {line} that could be accepted."),),
    "line_emergency": (N_("{text} is an emergency number; no test ever calls one."),),
}
HEALTH = {
    "line_left_off_hook": N_(
        "Line {line} is off the hook though nobody uses it. Pull the modem out and plug it in again."
    ),
    "line_stuck": N_("Line {line} does not move any more. Pull the modem out and plug it in again."),
}
HINTS = {
    "line_hint_battery": N_(
        "Is the line plugged in, at the right socket? Measure the socket with another telephone."
    ),
    "line_hint_current": N_(
        "The loop is too long, or a second device draws current: unplug everything else."
    ),
    "line_hint_dial_tone": N_(
        "No dial tone: check cable, socket and the line's country; behind an exchange, the way out."
    ),
    "line_hint_late": N_(
        "The dial tone comes late: the exchange is loaded, or a device in front of the line is."
    ),
    "line_hint_quiet": N_(
        "The tone is faint: a long line, a splitter too many, or a gain that is set too low."
    ),
    "line_hint_loud": N_("The tone is loud: set the gain of what is heard lower."),
    "line_hint_noise": N_(
        "There is noise on the line: try a shorter cable, another socket, and without splitters."
    ),
    "line_hint_hum": N_(
        "There is hum: keep the cable away from mains leads; check the earth of devices in between."
    ),
    "line_hint_echo": N_(
        "Much of what we say comes back: check the line's country; unplug other devices on the line."
    ),
    "line_hint_keys": N_("Keys are not understood as sent: look at noise and levels first."),
    "line_hint_delay": N_("Sound is on its way for long: a router or gateway in between buffers much."),
    "line_hint_loop": N_(
        "The other line was not reached or not heard: test it by itself, and check its own number."
    ),
    "line_hint_loop_level": N_(
        "The call between the lines is too faint or too loud: compare the gains of both."
    ),
}
FAILED = {
    "line_no_dial_tone": N_("There is no dial tone."),
    "line_stopped": N_("It was stopped."),
    "line_glare": N_("Somebody called in at the same moment. Try again."),
    "line_half_duplex": N_("The modem cannot speak and hear at once."),
    "line_unplugged": N_("The modem was unplugged."),
    "line_stream_lost": N_("The sound broke off. Plug the modem in again, without a hub in between."),
    "line_modem_silent": N_("The modem does not answer. Plug it in again."),
    "line_delayed": N_("The modem wants a pause before it dials this number again."),
    "line_blacklisted": N_("The modem refuses this number after too many attempts. Plug it in again."),
    "line_learn_not_answered": N_("The telephone was not answered."),
    "line_nothing_learnt": N_("Nothing was heard or seen that tells of the hang-up."),
    "line_loop_not_reached": N_("The other line did not ring."),
}
METHODS = {
    "busy": N_("busy tone"),
    "congestion": N_("congestion tone"),
    "dial_tone": N_("dial tone"),
    "cpc": N_("the loop is opened"),
    "reversal": N_("the wires are reversed"),
    "silence": N_("silence"),
}
