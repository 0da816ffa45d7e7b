"""An attempt with its permit as a sheet: why the call was allowed, what happened, and its place in the chain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from firmware.model import Permit, Refusal
from firmware.papers.sheet import Row, Section, Sheet
from firmware.papers.words import Words
from firmware.store.attempts import Attempt
from firmware.store.permits import Link, Verdict


@dataclass(frozen=True, slots=True)
class Facts:
    """What a sheet about an attempt needs to know. ``again``: what the judge says today to the permit's own facts
    (a permit, a refusal, or None where the rules have been replaced)."""

    attempt: Attempt
    campaign: str
    agent: str
    link: Link | None
    chain: Verdict
    again: Permit | Refusal | None


def zone_of(permit: Permit) -> str:
    """The zone times are written in: the first of the contact's."""
    return permit.zone.split(", ")[0]


def sheet(facts: Facts, office: str, made_at: float, language: str) -> Sheet:
    """Return the sheet of one attempt."""
    attempt = facts.attempt
    words = Words(language, zone_of(attempt.permit))
    return Sheet(
        title=words.say("permit"),
        lines=(
            words.say("permit_of", number=attempt.number),
            f"{words.say('office')}: {office}",
            f"{words.say('campaign')}: {facts.campaign}",
            f"{words.say('contact')}: {attempt.name or attempt.number}",
            f"{words.say('attempt')}: {attempt.uid}",
            words.say("asked_at", at=words.at(made_at)),
        ),
        sections=(
            Section(words.say("decision"), tuple(decision(attempt.permit, words))),
            Section(words.say("happened"), tuple(story(attempt, facts.agent, words))),
            Section(words.say("chain"), tuple(_chain(facts, words))),
        ),
        foot=words.say("foot"),
        language=words.language,
    )


def decision(permit: Permit, words: Words) -> Iterator[Row]:
    """Yield everything the permit rests on."""
    yield words.say("decided_at"), words.at(permit.decided_at)
    yield words.say("local_time"), permit.local_time
    yield words.say("zone"), permit.zone
    yield words.say("window"), permit.window
    if permit.term:
        yield words.say("term"), permit.term
    yield words.say("rules"), words.say("rules_code", pack=permit.pack or "-", version=permit.rule_version)
    if permit.regions:
        places = {"places": permit.regions, "table": permit.holiday_table}
        yield words.say("holidays"), words.say("holidays_of", **places)
    else:
        yield words.say("holidays"), words.say("holidays_none")
    for name, version in permit.dnc_lists.items():
        yield words.say("dnc"), words.say("dnc_asked", name=name, version=version)
    yield from _consent(permit, words)
    yield from _counters(permit, words)
    yield words.say("last_attempt"), words.at(permit.last_attempt_at)
    yield words.say("abandoned_at"), words.at(permit.abandoned_at)
    yield words.say("machine_at"), words.at(permit.machine_at)
    yield words.say("caller_id"), permit.caller_id or words.say("trunk_decides")


def _consent(permit: Permit, words: Words) -> Iterator[Row]:
    if not permit.consent:
        yield words.say("consent"), words.say("consent_none")
    for kept in permit.consent.values():
        proof = words.say("consent_proof", proof=kept["proof"]) if kept["proof"] else ""
        figures = {**kept, "given_at": words.at(kept["given_at"]), "proof": proof}
        yield words.say("consent"), words.say("consent_kept", **figures)


def _counters(permit: Permit, words: Words) -> Iterator[Row]:
    for period in ("day", "week", "month", "campaign"):
        if period in permit.counters:
            most = permit.limits.get(period)
            limit = "" if most is None else words.say("of_limit", limit=most)
            said = words.say(f"counter_{period}", n=permit.counters[period], limit=limit)
            yield words.say("counters"), said


def story(attempt: Attempt, agent: str, words: Words) -> Iterator[Row]:
    """Yield what happened, step by step."""
    if not attempt.sent:
        yield words.say("dialled"), words.say("not_sent")
        return
    yield words.say("dialled"), words.at(attempt.started_at)
    for key, at in (("ringing", attempt.ringing_at), ("answered", attempt.answered_at)):
        if at is not None:
            yield words.say(key), words.at(at)
    if attempt.verdict is not None:
        yield (
            words.say("recognised"),
            f"{words.result(attempt.verdict.label)}, {words.at(attempt.verdict.at)}",
        )
    if attempt.talking_at is not None:
        yield words.say("talking"), f"{agent}, {words.at(attempt.talking_at)}"
    if attempt.ended_at is not None:
        yield words.say("ended"), words.at(attempt.ended_at)
    if attempt.disposition is not None:
        yield words.say("result"), words.result(attempt.disposition)


def _chain(facts: Facts, words: Words) -> Iterator[Row]:
    if facts.link is not None:
        yield words.say("seq"), str(facts.link.seq)
        yield words.say("hash"), facts.link.hash
        yield words.say("previous"), facts.link.previous
    yield words.say("head"), f"{facts.chain.head.seq}: {facts.chain.head.hash}"
    yield words.say("settings"), facts.attempt.permit.settings or "-"
    yield words.say("checked"), chain_said(facts.chain, words)
    yield words.say("again"), _again(facts, words)


def chain_said(chain: Verdict, words: Words) -> str:
    """What was found when the chain was read."""
    if not chain.fault:
        return words.say("sound", checked=chain.checked)
    return words.say("fault", seq=chain.seq, fault=chain.fault)


def _again(facts: Facts, words: Words) -> str:
    if facts.again is None:
        return words.say("again_unknown")
    if facts.again == facts.attempt.permit:
        return words.say("again_yes")
    rule = facts.again.rule if isinstance(facts.again, Refusal) else "permit"
    return words.say("again_no", rule=rule)
