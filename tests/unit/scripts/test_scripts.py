"""Scripts: what is wrong with them, texts filled in, answers as they are kept, and cards of contacts."""

from __future__ import annotations

from typing import Any

import pytest

from firmware.model import OperatorError, Problem
from firmware.scripts import answers, card, checks, reading
from firmware.scripts.card import NAME, Card, CardField, CardKind
from firmware.scripts.merging import fields_in, merged
from firmware.scripts.script import Field, FieldKind, Steps

COLUMNS = ("Name", "City")


def step(number: int, *, text: str = "", next: str = "", **more: Any) -> dict[str, Any]:  # noqa: A002
    return {"id": f"s{number}", "heading": f"Step {number}", "text": text, "next": next, **more}


def branch(label: str, go: str) -> dict[str, str]:
    return {"label": label, "go": go}


def steps(*plain: dict[str, Any]) -> Steps:
    return reading.read(plain)


def found(*plain: dict[str, Any]) -> list[tuple[int, str]]:
    return [(each.at, each.key) for each in checks.findings(steps(*plain), COLUMNS)]


def keys_of(error: pytest.ExceptionInfo[OperatorError]) -> list[str]:
    return [each.key for each in error.value.problems]


# -- reading ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plain", "keys"),
    [
        ([], ["script_size"]),
        ([step(1)] * 61, ["script_size", "script_malformed"]),
        ([step(1), step(1)], ["script_malformed"]),
        ([{"id": "s1", "heading": " "}], ["step_without_heading"]),
        ([step(1, text="x" * 6001)], ["step_too_long"]),
        ([{**step(1), "id": "end"}], ["script_malformed"]),
        ([step(1, fields=[{"id": "f1", "label": ""}])], ["field_without_label"]),
        (
            [step(1, fields=[{"id": "f1", "label": "Size", "kind": "choice", "choices": ["S", "S"]}])],
            ["field_choices"],
        ),
        ([step(1, fields=[{"id": "f1", "label": "x", "kind": "file"}])], ["script_malformed"]),
        ([step(1, branches=[branch("a", "")] * 10)], ["script_malformed"]),
        (["nothing", 7], ["step_without_heading"]),
    ],
)
def test_what_is_no_script_is_refused(plain: list[Any], keys: list[str]) -> None:
    with pytest.raises(OperatorError) as error:
        reading.read(plain)
    assert keys_of(error)[: len(keys)] == keys


def test_a_script_comes_back_as_it_was_written() -> None:
    read = steps(
        step(1, text="Guten Tag {Name}", branches=[branch("Ja", "s2"), branch("Nein", "end")]),
        step(
            2,
            fields=[{"id": "f1", "label": "Size", "kind": "choice", "required": True, "choices": ["S", "M"]}],
        ),
    )
    assert reading.stored(reading.plain_of(read)) == read
    assert read[1].fields == (Field("f1", "Size", FieldKind.CHOICE, True, ("S", "M")),)


# -- checks ----------------------------------------------------------------------------------------------------------


def test_a_script_without_faults_has_none() -> None:
    assert (
        found(step(1, text="{name}, {{ City }}?", branches=[branch("Yes", ""), branch("No", "end")]), step(2))
        == []
    )


@pytest.mark.parametrize(
    ("plain", "told"),
    [
        ([step(1, next="s9")], [(0, "step_nowhere")]),
        ([step(1, branches=[branch("Yes", "s9")])], [(0, "branch_nowhere")]),
        ([step(1, branches=[branch("", "end")])], [(0, "branch_without_answer")]),
        ([step(1, next="end"), step(2)], [(1, "step_unreachable")]),
        ([step(1, next="s2"), step(2, next="s1")], [(0, "step_endless"), (1, "step_endless")]),
        ([step(1, next="s1")], [(0, "step_endless")]),
        (
            [step(1, branches=[branch("Again", "s1"), branch("On", "s2")]), step(2, next="s2")],
            [(0, "step_endless"), (1, "step_endless")],
        ),
        ([step(1, text="{Street}")], [(0, "column_unknown")]),
    ],
)
def test_what_is_wrong_is_told_by_step(plain: list[dict[str, Any]], told: list[tuple[int, str]]) -> None:
    assert found(*plain) == told


def test_a_circle_with_a_way_out_is_no_fault() -> None:
    again = step(1, branches=[branch("Once more", "s1"), branch("Enough", "end")])
    assert found(again) == []


# -- texts -----------------------------------------------------------------------------------------------------------


def test_texts_are_filled_in() -> None:
    known = {"Name": "Ada <b>", "City": " "}
    assert (
        merged("{{ name }} / {Name} / {City} / {Street} / 5 } {", known)
        == "Ada <b> / Ada <b> / … / … / 5 } {"
    )
    assert fields_in("{Name} {{ City }} {Name}") == ("Name", "City")


# -- answers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "text", "value", "fault"),
    [
        ("text", "  hello ", "hello", ""),
        ("number", "1.234,5", "1234.5", ""),
        ("number", "1,234.5", "1234.5", ""),
        ("number", "12,5", "12.5", ""),
        ("number", "-3", "-3", ""),
        ("number", "1 000", "1000", ""),
        ("number", "12.5", "12.5", ""),
        ("number", "a dozen", "a dozen", "not_a_number"),
        ("date", "14.3.2027", "2027-03-14", ""),
        ("date", "2027-03-14", "2027-03-14", ""),
        ("date", "31.2.2027", "31.2.2027", "not_a_date"),
        ("date", "soon", "soon", "not_a_date"),
        ("choice", "S", "S", ""),
        ("choice", "XL", "XL", "not_a_choice"),
        ("yes_no", "yes", "yes", ""),
        ("yes_no", "maybe", "maybe", "not_yes_or_no"),
        ("number", "", "", ""),
    ],
)
def test_answers_are_normalised_and_never_thrown_away(kind: str, text: str, value: str, fault: str) -> None:
    field = Field("f1", "Label", FieldKind(kind), choices=("S", "M"))
    assert answers.normal(field, text) == (value, fault)


def form() -> Steps:
    required = {"id": "f1", "label": "Size", "kind": "number", "required": True}
    other = {"id": "f2", "label": "Day", "kind": "date", "required": True}
    asked = [branch("Yes", "s2"), branch("No", "end")]
    return steps(step(1, branches=asked, fields=[required]), step(2, fields=[other]))


def test_what_is_kept_is_what_the_script_asks() -> None:
    typed = {"f1": "x", "f2": "1.2.2027", "f9": "smuggled", "step:s1": "Yes", "step:s2": "Yes"}
    kept, faults = answers.kept(form(), typed, ["s1"])
    assert [(each.field, each.label, each.value) for each in kept] == [
        ("step:s1", "Step 1", "Yes"),
        ("f1", "Size", "x"),
        ("f2", "Day", "2027-02-01"),
    ]
    assert faults == {"f1": "not_a_number"}


def test_only_steps_that_were_gone_through_lack_anything() -> None:
    assert [field.label for field in answers.missing(form(), {}, ["s1"])] == ["Size"]
    assert [field.label for field in answers.missing(form(), {"f1": "1"}, ["s1", "s2"])] == ["Day"]
    assert answers.missing(form(), {}, [""]) == []


# -- cards -----------------------------------------------------------------------------------------------------------


def test_a_card_shows_what_was_chosen_in_its_order() -> None:
    chosen = Card((CardField("City", True), CardField(NAME)))
    shown = card.shown(chosen, "Ada", {"City": "Bonn", "Secret": "x"})
    assert [(each["column"], each["value"], each["editable"]) for each in shown] == [
        ("City", "Bonn", True),
        (NAME, "Ada", False),
    ]
    everything = card.shown(Card(), "Ada", {"City": "Bonn"})
    assert [(each["column"], each["editable"]) for each in everything] == [("City", False)]
    assert card.read(card.plain_of(chosen)) == chosen
    assert card.read(card.plain_of(Card())) == Card()


@pytest.mark.req("GEN-044")
def test_why_somebody_is_called_is_said_by_a_column_that_agents_may_see() -> None:
    fields = {"Ort": "Bonn", " Grund": "Zählerwechsel", "Anlass": ""}
    assert card.reason_of(Card(), fields) == "Zählerwechsel"
    assert card.reason_of(Card(reason="Ort"), fields) == "Bonn"
    assert card.reason_of(Card(reason="gone"), fields) == ""
    assert card.reason_of(Card((CardField("Ort"),)), fields) == ""
    assert card.reason_of(Card((CardField("Anlass"), CardField(" Grund"))), fields) == "Zählerwechsel"
    assert card.reason_of(Card(), {"Ort": "Bonn"}) == ""
    assert card.read(card.plain_of(Card(reason="Ort"))) == Card(reason="Ort")


@pytest.mark.parametrize(
    "fields", ["x", [{}], [{"column": ""}], [{"column": "a", "kind": "b"}], [{"column": "a"}] * 61]
)
def test_what_is_no_card_is_refused(fields: Any) -> None:
    with pytest.raises(OperatorError):
        card.read({"fields": fields})


@pytest.mark.parametrize(
    ("kind", "text", "old", "result"),
    [
        ("text", " Bonn ", "", "Bonn"),
        ("phone", "030 23125 001", "", "+493023125001"),
        ("phone", "12", "", "not_a_phone_number"),
        ("number", "1.234,5", "", "1234.5"),
        ("number", "much", "", "value_not_a_number"),
        ("date", "2027-03-14", "", "2027-03-14"),
        ("date", "14.3.2027", "2020-01-01", "2027-03-14"),
        ("date", "2027-03-14", "01.02.2020", "14.03.2027"),
        ("date", "tomorrow", "", "value_not_a_date"),
        ("date", "", "01.02.2020", ""),
        ("text", "x" * 2001, "", "value_too_long"),
    ],
)
def test_changes_are_checked(kind: str, text: str, old: str, result: str) -> None:
    made = card.changed(CardField("A", True, CardKind(kind)), text, old, "DE")
    assert (made.key if isinstance(made, Problem) else made) == result
