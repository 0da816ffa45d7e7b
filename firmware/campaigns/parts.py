"""The parts of a campaign's settings that are lists or tables: call windows, retry rules, wrap-up codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from firmware.campaigns.checker import Checker
from firmware.campaigns.defaults import FINAL
from firmware.model import CallWindow, Disposition, RetryRule, WrapUpCode

AMD_SENSITIVITIES = ("careful", "balanced", "eager")
"""How readily an answer is taken for a machine."""

_DAY_MIN = 24 * 60
_LONGEST_DELAY_S = 90 * 86400.0
_MOST_WINDOWS = 70
"""Ten a day; more is a mistake in whatever made them."""


def read_windows(checker: Checker, name: str, default: Sequence[CallWindow]) -> tuple[CallWindow, ...]:
    """Read ``[{"weekday": 0, "start_min": 540, "end_min": 1080}, ...]`` in the order of the week."""
    if not checker.has(name):
        return tuple(default)
    parts = checker.objects(name)
    if not parts:
        checker.problem(name, "no_windows")
    if len(parts) > _MOST_WINDOWS:
        checker.problem(name, "out_of_range", low=1, high=_MOST_WINDOWS, value=len(parts))
    windows: list[CallWindow] = []
    for at, part in enumerate(parts[:_MOST_WINDOWS]):
        one = _window(part)
        if part.sound and any(_overlap(one, other) for other in windows):
            checker.problem(f"{name}[{at}]", "windows_overlap")
        windows.append(one)
    return tuple(sorted(windows, key=lambda window: (window.weekday, window.start_min)))


def read_retry(
    checker: Checker, name: str, default: Mapping[Disposition, RetryRule]
) -> dict[Disposition, RetryRule]:
    """Read ``{"busy": {"delay_s": 900, "max_attempts": 5}, ...}``; a disposition left out closes the contact."""
    if not checker.has(name):
        return dict(default)
    rules: dict[Disposition, RetryRule] = {}
    words = [each.value for each in Disposition]
    for word, part in checker.members(name).items():
        if word not in words:
            checker.unknown(f"{name}.{word}", "unknown_value", word, words)
        elif Disposition(word) in FINAL:
            checker.problem(f"{name}.{word}", "final_disposition", value=word)
        else:
            rules[Disposition(word)] = _rule(part)
    return rules


def read_codes(checker: Checker, name: str, default: Sequence[WrapUpCode]) -> tuple[WrapUpCode, ...]:
    """Read the wrap-up codes; code and digit are unique. At least one is needed to end a call."""
    if not checker.has(name):
        return tuple(default)
    codes = [_code(part) for part in checker.objects(name)]
    if not codes:
        checker.problem(name, "missing_setting")
    for at, one in enumerate(codes):
        if any(one.code == other.code for other in codes[:at]):
            checker.problem(f"{name}[{at}].code", "duplicate", value=one.code)
        if any(one.digit == other.digit for other in codes[:at]):
            checker.problem(f"{name}[{at}].digit", "duplicate", value=one.digit)
    return tuple(codes)


def _window(part: Checker) -> CallWindow:
    part.only(("weekday", "start_min", "end_min"))
    window = CallWindow(
        part.whole("weekday", None, 0, 6),
        part.whole("start_min", None, 0, _DAY_MIN - 1),
        part.whole("end_min", None, 1, _DAY_MIN),
    )
    if part.sound and window.end_min <= window.start_min:
        part.problem("end_min", "window_ends_first")
    return window


def _overlap(one: CallWindow, other: CallWindow) -> bool:
    same_day = one.weekday == other.weekday
    return same_day and one.start_min < other.end_min and other.start_min < one.end_min


def _rule(part: Checker) -> RetryRule:
    part.only(("delay_s", "max_attempts"))
    return RetryRule(
        part.number("delay_s", None, 0, _LONGEST_DELAY_S), part.whole("max_attempts", None, 1, 30)
    )


def _code(part: Checker) -> WrapUpCode:
    part.only(("code", "digit", "label_en", "label_de", "disposition"))
    return WrapUpCode(
        part.text("code", None, longest=40),
        part.whole("digit", None, 1, 9),
        part.text("label_en", None, longest=60),
        part.text("label_de", None, longest=60),
        part.choice("disposition", Disposition, None),
    )
