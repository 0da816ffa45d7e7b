"""Values of conditions: chosen as words, kept as keys, offered where there is something to choose from."""

from __future__ import annotations

import sqlite3

import pytest

from firmware.campaigns.defaults import WRAP_UP_CODES
from firmware.store import contact_pages, contacts, migrations
from firmware.store.contacts import NewContact
from web_ui import condition_values, order_forms
from web_ui.language import Languages

GERMAN = Languages("Europe/Berlin", "de").get("de")
KNOWN = condition_values.choices(GERMAN, WRAP_UP_CODES)


def form(**fields: str) -> order_forms.Text:
    return lambda name: {key.replace("_", "-"): value for key, value in fields.items()}.get(name, "")


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        (":disposition", "Besetzt", "busy"),
        (":disposition", " besetzt ", "busy"),
        (":disposition", "busy", "busy"),
        (":weekday", "Montag", "0"),
        (":weekday", "0", "0"),
        (":code", "Falsche Nummer", "wrong_number"),
        (":state", "abgeschlossen", "closed"),
        ("Ort", "Besetzt", "Besetzt"),
    ],
)
def test_what_is_chosen_as_a_word_is_kept_as_a_key_and_shown_as_a_word(
    field: str, typed: str, kept: str
) -> None:
    text = form(c_field_0=field, c_is_0="equals", c_value_0=typed)
    condition = order_forms.read_condition(text, known=KNOWN)
    assert condition == {"every": [{"field": field, "is": "equals", "as": "text", "value": kept}]}
    _, (row,), _ = order_forms.rows_of(condition, KNOWN)
    assert order_forms.read_condition(form(c_field_0=field, c_value_0=row["value"]), known=KNOWN) == condition
    assert row["value"].casefold() != kept or field == "Ort"


def test_several_values_are_translated_one_by_one() -> None:
    text = form(c_field_0=":disposition", c_is_0="one_of", c_value_0="Besetzt, no_answer")
    condition = order_forms.read_condition(text, known=KNOWN)
    assert condition is not None
    assert condition["every"][0]["values"] == ["busy", "no_answer"]
    said = order_forms.in_words(condition, GERMAN)
    assert "Besetzt" in said
    assert "no_answer" not in said


@pytest.mark.req("GEN-056")
def test_few_values_that_return_are_offered_and_what_tells_people_apart_is_not() -> None:
    conn = sqlite3.connect(":memory:", isolation_level=None)
    migrations.bring_up(conn)
    list_id = contacts.create_list(conn, "Kunden", 1.0)
    towns = ["Berlin"] * 6 + ["Ulm"] * 3 + [""]
    contacts.add(
        conn,
        list_id,
        (
            NewContact(f"+4930231251{n:02d}", fields={"Ort": town, "Mail": f"kunde{n}@example.org"})
            for n, town in enumerate(towns)
        ),
    )
    found = contact_pages.values(conn, list_id)
    assert found == {"Ort": ["Berlin", "Ulm"]}
    assert condition_values.suggestions({":state": {}}, found) == {"Ort": ["Berlin", "Ulm"]}
    conn.close()
