"""What is wrong with a line, in use or not: no battery, a weak one, a relay that sticks, a line left open. Pure steps.

Each condition must last before it is an alarm and must be gone for a while before it is none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from dsp.line.wires import LOOP_MA, Wires


class Alarm(StrEnum):
    """What to tell people."""

    NO_BATTERY = "no_battery"
    LOW_BATTERY = "low_battery"
    STUCK_OFF_HOOK = "stuck_off_hook"
    """We are on-hook and yet current flows through us."""
    LEFT_OFF_HOOK = "left_off_hook"
    """We are off-hook and no call is up."""
    EXTENSION_IN_USE = "extension_in_use"
    """On-hook, but the voltage says that another set is off-hook."""


@dataclass(frozen=True, slots=True)
class GuardSettings:
    """Times in ms, volts between the wires while on-hook."""

    no_battery_ms: int = 1000
    low_battery_ms: int = 5000
    low_battery_v: float = 36.0
    in_use_v: float = 18.0
    in_use_ms: int = 200
    stuck_ms: int = 2000
    left_ms: int = 10_000
    """Off-hook without a call for so long."""
    gone_ms: int = 1000


@dataclass(frozen=True, slots=True)
class Change:
    """An alarm came or went."""

    at_ms: int
    alarm: Alarm
    raised: bool


@dataclass(frozen=True, slots=True)
class GuardState:
    """Since when each condition has been different from what was told, and what was told."""

    since_ms: dict[Alarm, int] = field(default_factory=dict)
    raised: frozenset[Alarm] = frozenset()
    on_hook_ms: int | None = None


_Rule = Callable[[GuardSettings, Wires, bool], bool]


def _quiet_volts(wires: Wires) -> float | None:
    """On-hook voltage, while nothing rings."""
    return None if wires.off_hook or wires.ringing else wires.volts


def _low(settings: GuardSettings, wires: Wires, _in_call: bool) -> bool:
    volts = _quiet_volts(wires)
    return volts is not None and settings.in_use_v <= volts < settings.low_battery_v


def _in_use(settings: GuardSettings, wires: Wires, _in_call: bool) -> bool:
    volts = _quiet_volts(wires)
    flowing = wires.milliamps is not None and wires.milliamps >= LOOP_MA
    return volts is not None and bool(wires.battery) and volts < settings.in_use_v and not flowing


def _stuck(_settings: GuardSettings, wires: Wires, _in_call: bool) -> bool:
    return not wires.off_hook and wires.milliamps is not None and wires.milliamps >= LOOP_MA


_RULES: dict[Alarm, _Rule] = {
    Alarm.NO_BATTERY: lambda _settings, wires, _in_call: wires.battery is False,
    Alarm.LOW_BATTERY: _low,
    Alarm.STUCK_OFF_HOOK: _stuck,
    Alarm.LEFT_OFF_HOOK: lambda _settings, wires, in_call: wires.off_hook and not in_call,
    Alarm.EXTENSION_IN_USE: _in_use,
}


def _must_last_ms(settings: GuardSettings, alarm: Alarm) -> int:
    return {
        Alarm.NO_BATTERY: settings.no_battery_ms,
        Alarm.LOW_BATTERY: settings.low_battery_ms,
        Alarm.STUCK_OFF_HOOK: settings.stuck_ms,
        Alarm.LEFT_OFF_HOOK: settings.left_ms,
        Alarm.EXTENSION_IN_USE: settings.in_use_ms,
    }[alarm]


def guard(
    settings: GuardSettings, state: GuardState, wires: Wires, *, in_call: bool
) -> tuple[GuardState, tuple[Change, ...]]:
    """One look; ``in_call``: somebody wants this line off-hook."""
    since = dict(state.since_ms)
    changes = []
    for alarm, rule in _RULES.items():
        now = rule(settings, wires, in_call)
        if now == (alarm in state.raised):
            since.pop(alarm, None)
            continue
        began_ms = since.setdefault(alarm, wires.at_ms)
        wait_ms = _must_last_ms(settings, alarm) if now else settings.gone_ms
        if wires.at_ms - began_ms >= wait_ms:
            changes.append(Change(wires.at_ms, alarm, now))
            del since[alarm]
    raised = state.raised ^ {one.alarm for one in changes}
    on_hook_ms = None if wires.off_hook else wires.at_ms if state.on_hook_ms is None else state.on_hook_ms
    return replace(state, since_ms=since, raised=raised, on_hook_ms=on_hook_ms), tuple(changes)


def ready_to_seize(state: GuardState, at_ms: int, rest_ms: int = 2000) -> str:
    """Empty when the line may be taken; else an alarm's name, or ``resting`` shortly after the last hang-up."""
    if state.raised:
        return sorted(state.raised)[0]
    if state.on_hook_ms is None or at_ms - state.on_hook_ms < rest_ms:
        return "resting"
    return ""
