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
    "still_talking": N_("still talking when the time was up"),
    "ears_failed": N_("the ears failed"),
}
ACTIONS = {
    "hang_up": N_("Hang up"),
    "agent": N_("Connect with an agent"),
    "flow": N_("Speak the message with keys"),
    "message": N_("Leave a message after the beep"),
}
ON_CORRECTION = {
    "tell": N_("Tell the agent, who decides"),
    "hang_up": N_("Hang up and free the agent"),
    "message": N_("Leave the message and free the agent"),
}
MESSAGES = {
    "left": N_("Message left"),
    "cut_off": N_("Message cut off: the line went away while it was spoken"),
    "no_end": N_("No message: neither a beep nor the end of the greeting came in time"),
    "hung_up": N_("No message: the call was over before it could begin"),
    "failed": N_("No message: it could not be spoken"),
    "forbidden": N_("No message: the rules ask for a consent to calls by machine, and none is on record"),
}
RELEASED = {
    ("message", True): N_("{name}: the message is being left. You are free for the next call."),
    ("message", False): N_("{name}: a machine. The box leaves the message; you are free for the next call."),
    ("hung_up", False): N_("{name}: a machine. The box hung up; you are free for the next call."),
}
"""What became of a call the agent was let go of."""
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


def message(left: Any, language: Language) -> str:
    """What became of a message for a machine, and how soon it began after the beep."""
    said = words.word(MESSAGES, left.result, language) if left.result else language.gettext("being spoken")
    if left.wait_s is None or left.after != "beep":
        return said
    begun = language.gettext(
        "begun {seconds} s after the beep", seconds=language.number(round(left.wait_s, 1))
    )
    return f"{said}, {begun}"


def machine_at_desk(call: Mapping[str, Any], language: Language) -> str:
    """What an agent is told when the ears have learned that it is no person; empty while it may be one."""
    label = call.get("correction")
    if not label or label == "human":
        return ""
    if label == "machine":
        return language.gettext("This is a machine.")
    return language.gettext(
        "This is no person: {verdict}.", verdict=words.word(words.VERDICTS, label, language)
    )


def released(desk: Mapping[str, Any], language: Language) -> str:
    """What became of the call the agent was let go of; empty when there was none."""
    last = desk.get("released") or {}
    text = RELEASED.get((str(last.get("what")), bool(last.get("by_agent"))))
    return language.gettext(text, name=last.get("name") or "") if text else ""


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
