"""Words about scripts, prepared answers and contact cards: kinds of fields, what is wrong with them, answers."""

from __future__ import annotations

from collections.abc import Mapping

from web_ui.language import N_, Language

FIELD_KINDS = {
    "text": N_("Text"),
    "number": N_("Number"),
    "date": N_("Date"),
    "choice": N_("Choice"),
    "yes_no": N_("Yes or no"),
}
CARD_KINDS = {
    "text": N_("Text"),
    "number": N_("Number"),
    "date": N_("Date"),
    "phone": N_("Telephone number"),
}
_ANSWERS = {"yes": N_("yes"), "no": N_("no")}

PROBLEMS: Mapping[str, tuple[str, ...]] = {
    "script_size": (N_("A script has 1 to {most} steps."),),
    "script_malformed": (N_("This is no script of this box."),),
    "script_unknown": (N_("There is no such script."),),
    "script_name_taken": (N_("A script of this name exists."),),
    "script_in_use": (N_("Campaigns use this script: {campaigns}"),),
    "script_changed": (
        N_("Somebody has saved this script in the meantime: version {version}. Yours was made from {seen}."),
    ),
    "step_without_heading": (N_("Step {step} has no heading."),),
    "step_too_long": (N_("A text has at most {most} characters."),),
    "field_without_label": (N_("“{step}”: a field has no label."),),
    "field_choices": (N_("“{step}”: the choice “{field}” needs 2 to {most} different answers."),),
    "branch_nowhere": (N_("“{step}”: the answer “{branch}” leads to a step that is not there."),),
    "branch_without_answer": (N_("“{step}”: a way on has no answer on its button."),),
    "step_nowhere": (N_("“{step}” leads to a step that is not there."),),
    "step_endless": (N_("From “{step}” no way leads to the end: agents would go round in circles."),),
    "step_unreachable": (N_("No way leads to “{step}”."),),
    "column_unknown": (N_("“{step}”: no contact of the lists has {field}."),),
    "snippet_unknown": (N_("There is no such prepared answer."),),
    "snippet_empty": (N_("Write the answer in German or English, or in both."),),
    "snippet_title": (N_("An answer needs a title in its language."),),
    "value_not_a_number": (N_("{field}: {value} is no number."),),
    "value_not_a_date": (N_("{field}: {value} is no date."),),
    "not_a_phone_number": (N_("{field}: {value} is no telephone number."),),
    "value_too_long": (N_("{field}: at most {most} characters."),),
    "card_malformed": (N_("This is no card of a contact."),),
    "field_not_editable": (N_("{field} cannot be changed at the desk."),),
    "contact_changed_meanwhile": (
        N_(
            "{field} has been changed in the meantime, by an import or by somebody else: {current}."
            " Save again to replace it."
        ),
    ),
    "no_contact_here": (N_("There is no contact on this desk."),),
    "no_script_here": (N_("There is no script for this call."),),
    "call_not_yours": (N_("This call was another agent's."),),
}


def answer(kept: Mapping[str, str], language: Language) -> str:
    """An answer as people read it."""
    value = str(kept.get("value", ""))
    return language.gettext(_ANSWERS[value]) if value in _ANSWERS else value
