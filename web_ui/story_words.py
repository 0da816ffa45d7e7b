"""A call's story in sentences: who did what, and behind each a line that explains it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from web_ui import sip_words, words
from web_ui.language import N_, Language

BY = {"box": N_("Box"), "far_end": N_("Far end"), "ears": N_("Ears"), "phone": N_("Agent's telephone")}
SENTENCES = {
    "permitted": N_("The rules allowed this call."),
    "called": N_("The box sent INVITE: it calls over {trunk}."),
    "called_phone": N_("The box sent INVITE to the agent's telephone."),
    "ringing": N_("The far end sent 180: it rings there."),
    "early_media": N_("The far end sent 183: something can be heard before the answer."),
    "answered": N_("The far end sent 200 OK: somebody or something took the call."),
    "heard": N_("The ears decided: {label} ({share} sure)."),
    "corrected": N_("The ears corrected themselves: {label} ({share} sure)."),
    "greeting_end": N_("The greeting of the machine is over."),
    "spoke": N_("There is a voice again."),
    "listen": N_("The box began to listen."),
    "connected": N_("Customer and agent hear each other."),
    "disconnected": N_("Customer and agent no longer hear each other."),
    "play": N_("The box began to play an announcement."),
    "played": N_("The announcement was heard to its end."),
    "key": N_("The far end pressed the key {key}."),
    "keys": N_("The box sent keys: {count}."),
    "hold": N_("The box put the far end on hold (re-INVITE)."),
    "unhold": N_("The box took the far end back (re-INVITE)."),
    "held": N_("The far end put us on hold (re-INVITE)."),
    "taken_back": N_("The far end took us back (re-INVITE)."),
    "record": N_("Recording began."),
    "record_end": N_("Recording ended."),
    "accepted": N_("The box took the call."),
    "offered": N_("Somebody called the box (INVITE)."),
    "hung_up": N_("The box hangs up (BYE, or CANCEL before an answer)."),
    "ended_far_end": N_("The far end ended the call: {cause}."),
    "ended_box": N_("The call is over: {cause}."),
    "ended_refused": N_("The far end refused with {code}: {cause}."),
    "result": N_("Result: {disposition}"),
}
EXPLANATIONS = {
    "permitted": N_(
        "Call window, DNC lists, consent and number of attempts were checked; the permit says how."
    ),
    "called": N_(
        "INVITE is the request that makes the other side ring (RFC 3261). Nothing has been heard yet."
    ),
    "called_phone": N_("The agent is called so that somebody is there when a person answers."),
    "ringing": N_("From here on counts how long it may ring."),
    "early_media": N_("Often an announcement of the network, or a ringing tone made by the far side."),
    "answered": N_(
        "Whether this is a person, the ears decide next. On an analog line the answer itself is a guess."
    ),
    "heard": N_("Silence, loudness and rhythm of the first seconds were judged."),
    "corrected": N_("What was heard later spoke against the first verdict. Both are kept."),
    "ended_far_end": N_("The other side sent BYE, or the line showed that it hung up."),
    "ended_box": N_(
        "Our side sent BYE or CANCEL, because an agent hung up, a limit passed, or nobody answered."
    ),
    "hold": N_("The other side now hears music or silence, and nobody hears it."),
    "connected": N_("From here on both hear each other; before, only the box listened."),
    "result": N_("The final word on this attempt; from it follows whether and when it is tried again."),
}
CONFIDENCE = {"certain": N_("certain"), "assumed": N_("assumed")}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the story. ``after_s`` since the call left; ``explain`` may be empty."""

    at: float
    after_s: float
    by: str
    text: str
    explain: str


def steps(story: Mapping[str, Any], language: Language) -> list[Step]:
    """The story of ``story.of`` in words."""
    return [_step(each, story["uid"], story["started_at"], language) for each in story["happenings"]]


def _step(each: Mapping[str, Any], uid: str, started_at: float, language: Language) -> Step:
    _ = language.gettext
    figures = each["figures"]
    of_phone = bool(each["leg"]) and each["leg"] != uid
    key = _key(each)
    hint = _(EXPLANATIONS[key]) if key in EXPLANATIONS else ""
    code = int(figures.get("sip_code") or 0)
    if key == "ended_refused":
        hint = " ".join(sip_words.meaning(code, language))
    by = "phone" if of_phone and each["by"] == "far_end" else each["by"]
    return Step(
        each["at"],
        max(0.0, each["at"] - started_at),
        words.word(BY, by, language),
        " ".join(
            (words.sentence(SENTENCES, key, _figures(figures, language), language), *_more(figures, language))
        ),
        hint,
    )


def _key(each: Mapping[str, Any]) -> str:
    what, figures = str(each["what"]), each["figures"]
    if what == "called" and figures.get("kind") == "phone":
        return "called_phone"
    if what != "ended":
        return what
    if each["by"] != "far_end":
        return "ended_box"
    return "ended_refused" if int(figures.get("sip_code") or 0) >= 400 else "ended_far_end"


def _figures(figures: Mapping[str, Any], language: Language) -> dict[str, Any]:
    return {
        **figures,
        "trunk": figures.get("trunk") or language.gettext("its trunk"),
        "label": words.word(words.VERDICTS, figures.get("label"), language),
        "share": language.percent(float(figures.get("confidence") or 0))
        if isinstance(figures.get("confidence"), int | float)
        else "",
        "cause": words.word(words.HANGUP_CAUSES, figures.get("cause"), language),
        "disposition": words.word(words.DISPOSITIONS, figures.get("disposition"), language),
        "code": str(figures.get("sip_code") or ""),
    }


def _more(figures: Mapping[str, Any], language: Language) -> Iterator[str]:
    if figures.get("q850"):
        yield language.gettext("Q.850 cause {number}.", number=figures["q850"])
    if figures.get("text"):
        yield f"“{figures['text']}”"
    method = figures.get("method")
    if method and method != "signalled":
        yield language.gettext(
            "Noticed by: {method}, {sure}.",
            method=str(method).replace("_", " "),
            sure=words.word(CONFIDENCE, figures.get("confidence"), language),
        )


def text(story: Mapping[str, Any], language: Language) -> str:
    """The story as plain text, for the bundle."""
    _ = language.gettext
    head = [
        f"{_('Story of the call')} {story['uid']}",
        f"{_('Number')}: {story['number']}",
        f"{_('Dialled')}: {language.moment(story['started_at'])}",
        "",
    ]
    told = [
        f"{language.time(step.at)} +{step.after_s:7.2f} s  {step.by:<18} {step.text}"
        for step in steps(story, language)
    ]
    lines = [
        "",
        _("Lines of the journal"),
        *(f"{language.time(line['at'])} {line['text']}" for line in story["lines"]),
    ]
    return "\n".join([*head, *told, *(lines if story["lines"] else ())]) + "\n"
