"""What the page "Machine detection" says: causes, presets and shares in words, and what the figures cannot tell.

Pure, given the answer of ``amd.report``. Counting is the service's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from web_ui import words
from web_ui.language import N_, Language

Report = Mapping[str, Any]
Share = Mapping[str, Any]

PERIODS = {7: N_("7 days"), 30: N_("30 days"), 90: N_("90 days"), 365: N_("a year"), 0: N_("always")}
"""Days looked back; 0 for all there is."""
USUAL_DAYS = 30
CAUSES = {
    "spoke_and_waited": N_("spoke briefly, then waited"),
    "sounds_live": N_("sounded like a live person"),
    "spoke_without_pause": N_("spoke without a pause"),
    "kept_talking": N_("kept talking"),
    "beep": N_("recording beep"),
    "intercept_tones": N_("three rising network tones"),
    "busy_tone": N_("busy tone"),
    "congestion_tone": N_("congestion tone"),
    "fax_tone": N_("fax or modem tone"),
    "nobody_spoke": N_("nobody spoke"),
    "only_noise": N_("only noise"),
    "music": N_("music"),
    "no_clear_picture": N_("no clear picture in time"),
    "ears_failed": N_("the ears failed"),
}
PRESETS = {"careful": N_("Cautious"), "balanced": N_("Balanced"), "eager": N_("Eager")}
SAID = {"machine": N_("a machine"), "person": N_("a person")}
HOW = {
    "desk": N_("said at the desk"),
    "history": N_("said by an administrator"),
    "wrap_up": N_("result: answering machine"),
    "result": N_("result of a conversation"),
}


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do about the campaign's preset; ``preset`` is empty where there is nothing to change."""

    text: str
    preset: str = ""


def share(found: Share, language: Language) -> str:
    """``3.5 % (2.0 % to 6.1 %), 12 of 340``; a dash without cases."""
    if not found["of"]:
        return "–"
    low, high = found["ci95"]
    return language.gettext(
        "{share} ({low} to {high}), {count} of {of}",
        share=language.percent(found["share"]),
        low=language.percent(low),
        high=language.percent(high),
        count=language.number(found["count"]),
        of=language.number(found["of"]),
    )


def unknown(count: int, language: Language) -> str:
    """How many calls a preset cannot be asked about; empty for none."""
    if not count:
        return ""
    return language.ngettext("{count} call cannot be told", "{count} calls cannot be told", count)


def seconds(ms: float, language: Language) -> str:
    """Milliseconds as seconds with one decimal."""
    return f"{language.number(round(ms / 1000, 1))} s"


def cause(key: str, language: Language) -> str:
    """A cause in words."""
    return words.word(CAUSES, key, language)


def worded(report: Report) -> int:
    """Calls that somebody said something about."""
    calls = report["calls"]
    return int(calls["heard"]["count"] + calls["unheard"]["count"])


def advice(report: Report, language: Language) -> Advice:
    """What the report says about the chosen campaign's preset."""
    _ = language.gettext
    needed, current, found = report["persons_needed"], report["current"], report["suggested"]
    if current is None:
        return Advice(_("Choose a campaign to see which setting its own calls speak for."))
    if needed is None:
        return Advice(_("The campaign allows no abandoned call at all; no setting can be proved that good."))
    if found is None:
        text = _(
            "Too few calls for a suggestion: {persons} of {needed} persons who answered are known.",
            persons=language.number(report["persons"]),
            needed=language.number(needed),
        )
        return Advice(text)
    name = words.word(PRESETS, found, language)
    if found == current:
        return Advice(_("The calls speak for the present setting, {preset}.", preset=name))
    return Advice(_("The calls speak for another setting: {preset}.", preset=name), found)


def campaigns_by_id(campaigns: Sequence[Any]) -> dict[int, str]:
    """Names for the choice of a campaign, the newest first."""
    return {each.id: each.settings.name for each in sorted(campaigns, key=lambda each: -each.id)}
