"""What a new campaign starts with: call windows, retry rules, wrap-up codes.

Data only; ``settings`` fills them in where a campaign says nothing, ``retry`` applies them. Lengths are chosen so
that a line that was engaged is tried again soon, a person who was reached by nobody's fault is left alone for a
day, and a dead number is not tried again.
"""

from __future__ import annotations

from firmware.model import CallWindow, Disposition, RetryRule, WrapUpCode

_MINUTE_S = 60.0
_HOUR_S = 3600.0
_DAY_S = 86400.0

WINDOWS: tuple[CallWindow, ...] = (
    *(CallWindow(weekday, 9 * 60, 18 * 60) for weekday in range(5)),
    CallWindow(5, 10 * 60, 14 * 60),
)
"""Monday to Friday 9-18, Saturday 10-14, in the contact's own time."""

FINAL: frozenset[Disposition] = frozenset(
    {Disposition.CONTACTED, Disposition.DO_NOT_CALL, Disposition.WRONG_NUMBER}
)
"""A contact that ended so is closed whatever the settings say."""

RETRY: dict[Disposition, RetryRule] = {
    Disposition.BUSY: RetryRule(15 * _MINUTE_S, 5),
    Disposition.NO_ANSWER: RetryRule(2 * _HOUR_S, 5),
    Disposition.MACHINE: RetryRule(4 * _HOUR_S, 3),
    Disposition.UNREACHABLE: RetryRule(4 * _HOUR_S, 2),
    Disposition.FAILED: RetryRule(10 * _MINUTE_S, 5),
    Disposition.ABANDONED: RetryRule(_DAY_S, 3),
    Disposition.HUNG_UP: RetryRule(_DAY_S, 2),
    Disposition.SILENCE: RetryRule(_DAY_S, 2),
    Disposition.REJECTED: RetryRule(_DAY_S, 2),
    Disposition.INTERRUPTED: RetryRule(0.0, 5),
    Disposition.CALLBACK: RetryRule(_DAY_S, 10),
}
"""Dispositions without a rule close the contact: contacted, do not call, wrong number, fax, intercept. A limit of
2 means once more. The delay of a callback counts only where no time was promised."""

WRAP_UP_CODES: tuple[WrapUpCode, ...] = (
    WrapUpCode("contacted", 1, "Success", "Erfolg", Disposition.CONTACTED),
    WrapUpCode("not_interested", 2, "Not interested", "Kein Interesse", Disposition.CONTACTED),
    WrapUpCode("callback", 3, "Callback", "Wiedervorlage", Disposition.CALLBACK),
    WrapUpCode("not_reached", 4, "Right person not there", "Person nicht da", Disposition.NO_ANSWER),
    WrapUpCode("machine", 5, "Answering machine", "Anrufbeantworter", Disposition.MACHINE),
    WrapUpCode("processed", 6, "Already dealt with", "Bereits erledigt", Disposition.CONTACTED),
    WrapUpCode("wrong_number", 7, "Wrong number", "Falsche Nummer", Disposition.WRONG_NUMBER),
    WrapUpCode("hung_up", 8, "Hung up", "Aufgelegt", Disposition.HUNG_UP),
    WrapUpCode("do_not_call", 9, "Do not call again", "Nicht mehr anrufen", Disposition.DO_NOT_CALL),
)
