"""What a line test measured, its steps and verdicts, and what a line does when the far end goes, in words."""

from __future__ import annotations

from web_ui.language import N_

FIGURES = {
    "on_hook_volts": N_("Battery on-hook"),
    "off_hook_volts": N_("Volts off-hook"),
    "loop_milliamps": N_("Loop current"),
    "dial_tone_delay": N_("Dial tone after"),
    "dial_tone_level": N_("Dial tone, level"),
    "dial_tone_pitch": N_("Dial tone, pitch"),
    "noise": N_("Noise"),
    "hum": N_("Hum"),
    "echo_return_loss": N_("Echo return"),
    "echo_return_loss_300_800": N_("Echo return 300–800 Hz"),
    "echo_return_loss_800_1500": N_("Echo return 800–1500 Hz"),
    "echo_return_loss_1500_2500": N_("Echo return 1500–2500 Hz"),
    "echo_return_loss_2500_3400": N_("Echo return 2500–3400 Hz"),
    "echo_delay": N_("Delay of the echo"),
    "keys": N_("Own keys heard"),
    "set_up": N_("Loopback: set up after"),
    "one_way": N_("Loopback: one way"),
    "round_trip": N_("Loopback: there and back"),
    "loop_gain": N_("Loopback: gain"),
}
VERDICTS = {"good": N_("good"), "warn": N_("doubtful"), "bad": N_("bad"), "none": N_("not judged")}
STEPS = {
    "battery": N_("measures the battery"),
    "dial_tone": N_("waits for the dial tone"),
    "noise": N_("measures noise"),
    "echo": N_("measures the echo"),
    "keys": N_("tries the keys"),
    "loopback": N_("calls the other line"),
    "calling": N_("calls the telephone: please answer"),
    "talking": N_("the telephone answered: please hang up"),
    "recording": N_("records what the line does now"),
}
CONFIDENCE = {"certain": N_("certain"), "likely": N_("likely"), "assumed": N_("assumed")}
ALARMS = {
    "left_off_hook": N_("The line is off-hook although no call is up on it."),
    "stuck": N_("The line does not move any more."),
}
