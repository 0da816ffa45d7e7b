"""Everything the box knows about one number as a sheet: consent, DNC lists, every attempt with its permit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from firmware.papers.permit import chain_said, decision, story, zone_of
from firmware.papers.sheet import Row, Section, Sheet
from firmware.papers.words import Words
from firmware.store.attempts import Attempt
from firmware.store.consents import Kept
from firmware.store.permits import Verdict


@dataclass(frozen=True, slots=True)
class Person:
    """What a sheet about a number needs to know. ``agents`` and ``campaigns`` are names by id."""

    number: str
    attempts: Sequence[Attempt]
    consents: Sequence[Kept]
    dnc_lists: Sequence[str]
    campaigns: dict[int, str]
    agents: dict[int, str]
    chain: Verdict


def sheet(person: Person, office: str, made_at: float, language: str, zone: str) -> Sheet:
    """Return the sheet about one number; ``zone`` is where times are written unless an attempt knows better."""
    words = Words(language, zone)
    return Sheet(
        title=words.say("permit"),
        lines=(
            words.say("person", number=person.number),
            f"{words.say('office')}: {office}",
            words.say("asked_at", at=words.at(made_at)),
        ),
        sections=(
            Section(words.say("consents"), tuple(_consents(person, words))),
            Section(words.say("dnc_now"), tuple(_lists(person, words))),
            *_attempts(person, language, words),
            Section(words.say("chain"), ((words.say("checked"), chain_said(person.chain, words)),)),
        ),
        foot=words.say("foot"),
        language=words.language,
    )


def _consents(person: Person, words: Words) -> Iterator[Row]:
    if not person.consents:
        yield words.say("consent"), words.say("no_consents")
    for kept in person.consents:
        one = kept.consent
        proof = words.say("consent_proof", proof=one.proof) if one.proof else ""
        said = words.say(
            "consent_kept",
            id=one.id,
            covers=one.purpose,
            given_at=words.at(one.given_at),
            source=one.source,
            wording=one.wording,
            proof=proof,
        )
        yield words.say("consent"), said
        if kept.withdrawn_at is not None:
            at = words.at(kept.withdrawn_at)
            yield words.say("consent"), words.say("consent_withdrawn", at=at, source=kept.withdrawn_source)


def _lists(person: Person, words: Words) -> Iterator[Row]:
    if not person.dnc_lists:
        yield words.say("dnc"), words.say("dnc_on_none")
    for name in person.dnc_lists:
        yield words.say("dnc"), words.say("dnc_listed", name=name)


def _attempts(person: Person, language: str, words: Words) -> Iterator[Section]:
    if not person.attempts:
        yield Section(words.say("attempts"), ((words.say("attempts"), words.say("attempts_none")),))
    for attempt in person.attempts:
        local = Words(language, zone_of(attempt.permit))
        agent = person.agents.get(attempt.user_id or 0, "?")
        yield Section(
            local.say("attempt_at", at=local.at(attempt.started_at)),
            (
                (local.say("attempt"), attempt.uid),
                (local.say("campaign"), person.campaigns.get(attempt.campaign_id, str(attempt.campaign_id))),
                *story(attempt, agent, local),
                *decision(attempt.permit, local),
            ),
        )
