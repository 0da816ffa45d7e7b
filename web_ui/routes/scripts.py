"""Scripts: the list, the editor, a preview, and what a campaign's desk shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from firmware.model import CampaignId, Problem
from web_ui import script_form, script_words, words
from web_ui.client import Refused
from web_ui.language import Language
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

SAMPLE = {"Name": "Erika Muster", "Number": "+49 30 23125001", "Agent": "Jo Beispiel", "Campaign": "…"}
"""What a preview fills in where nothing else is typed."""


@routes.get("/scripts", Permission.TEXTS)
def index(web: Web, visit: Visit) -> Any:
    """Every script, and the campaigns it is used by."""
    return web.pages.show(visit, "scripts", scripts=web.call("script.list")["scripts"], here="scripts")


@routes.get("/scripts/new", Permission.TEXTS)
def new(web: Web, visit: Visit) -> Any:
    """An empty script."""
    columns = web.call("script.check", steps=[_placeholder()])["columns"]
    return _form(web, visit, None, "", 0, script_form.fresh(), columns=columns)


@routes.post("/scripts/new", Permission.TEXTS)
def create(web: Web, visit: Visit) -> Any:
    """A button of the editor of a new script."""
    return _act(web, visit, None)


@routes.get("/scripts/<number:int>", Permission.TEXTS)
def one(web: Web, visit: Visit, number: int) -> Any:
    """The editor, with what there is to say about the script."""
    try:
        found = web.call("script.get", id=number)
    except Refused:
        return web.pages.missing(visit)
    return _form(
        web,
        visit,
        number,
        found["name"],
        found["version"],
        found["steps"],
        findings=found["findings"],
        columns=found["columns"],
    )


@routes.post("/scripts/<number:int>", Permission.TEXTS)
def change(web: Web, visit: Visit, number: int) -> Any:
    """A button of the editor."""
    return _act(web, visit, number)


@routes.post("/scripts/<number:int>/remove", Permission.TEXTS)
def remove(web: Web, visit: Visit, number: int) -> Any:
    """Take away a script that no campaign uses."""
    try:
        web.call("script.remove", id=number)
    except Refused as refused:
        return web.pages.refuse(visit, f"/scripts/{number}", refused.problems)
    return web.pages.go(visit, "/scripts", visit.language.gettext("The script is removed."))


@routes.get("/scripts/<number:int>/preview", Permission.TEXTS)
def preview(web: Web, visit: Visit, number: int) -> Any:
    """The script as an agent sees it, with a contact that is typed in."""
    try:
        found = web.call("script.get", id=number)
        named = web.call("script.preview", id=number, known={})["named"]
        columns = [*dict.fromkeys((*named, "Name"))]
        typed = {name: visit.query(f"c{at}") or SAMPLE.get(name, "") for at, name in enumerate(columns)}
        shown = web.call("script.preview", id=number, known=typed)
    except Refused:
        return web.pages.missing(visit)
    headings = {step["id"]: step["heading"] for step in shown["steps"]}
    return web.pages.show(
        visit,
        "script_preview",
        script=found,
        steps=shown["steps"],
        typed=typed,
        headings=headings,
        kinds=script_words.FIELD_KINDS,
        here="scripts",
    )


def _act(web: Web, visit: Visit, number: int | None) -> Any:
    steps, name = script_form.read(visit.text), visit.text("name", 120)
    seen = visit.text("seen", 12)
    version = int(seen) if seen.isdecimal() else 0
    wish = visit.text("do", 20) or "save"
    if wish not in ("save", "check"):
        steps, at = script_form.after(steps, wish)
        return _checked(web, visit, number, name, version, steps, look_at=at)
    if wish == "check":
        return _checked(web, visit, number, name, version, steps)
    try:
        named = {} if number is None else {"id": number, "seen": version}
        made = web.call("script.save", name=name, steps=steps, by=visit.asker["who"], **named)
    except Refused as refused:
        return _checked(web, visit, number, name, version, steps, refused.problems)
    text = visit.language.gettext("Version {version} is saved. Calls under way keep theirs.", **made)
    return web.pages.go(visit, f"/scripts/{made['id']}", text)


def _checked(
    web: Web,
    visit: Visit,
    number: int | None,
    name: str,
    version: int,
    steps: script_form.Steps,
    problems: Sequence[Problem] = (),
    look_at: int | None = None,
) -> Any:
    """The editor once more with what was typed, and what is wrong with it."""
    named = {} if number is None else {"id": number}
    findings: Sequence[Mapping[str, Any]] = ()
    try:
        checked = web.call("script.check", steps=steps, **named)
        findings, columns = checked["findings"], checked["columns"]
    except Refused as refused:
        problems = problems or (() if look_at is not None else refused.problems)
        columns = web.call("script.check", steps=[_placeholder()], **named)["columns"]
    if look_at is not None:
        findings = ()
    return _form(
        web, visit, number, name, version, steps, findings=findings, columns=columns, problems=problems,
        look_at=look_at,
    )  # fmt: skip


def _form(
    web: Web,
    visit: Visit,
    number: int | None,
    name: str,
    version: int,
    steps: Sequence[Mapping[str, Any]],
    findings: Sequence[Mapping[str, Any]] = (),
    columns: Sequence[str] = (),
    problems: Sequence[Problem] = (),
    look_at: int | None = None,
) -> Any:
    said = _said(findings, problems, visit.language)
    return web.pages.show(
        visit,
        "script",
        status=422 if problems else 200,
        number=number,
        script_name=name,
        version=version,
        steps=steps,
        goals=script_form.goals(steps),
        kinds=script_words.FIELD_KINDS,
        columns=columns,
        said=said,
        refused=bool(problems),
        look_at=look_at,
        here="scripts",
    )


def _said(
    findings: Sequence[Mapping[str, Any]], problems: Sequence[Problem], language: Language
) -> list[tuple[int | None, str, bool]]:
    """What is wrong as (place of the step, sentence, whether it keeps the script from being saved)."""
    told = [(_place(each.where), words.problem(each, language), True) for each in problems]
    for each in findings:
        sentence = words.problem(Problem("", each["key"], "", each["figures"]), language)
        if all(sentence != text for _, text, _ in told):
            told.append((each["at"], sentence, each["grave"]))
    return told


def _place(where: str) -> int | None:
    number = where.rpartition(".")[2]
    return int(number) - 1 if where.startswith("steps.") and number.isdecimal() else None


def _placeholder() -> Mapping[str, Any]:
    return {**script_form.fresh()[0], "heading": "-"}


# -- what a campaign's desk shows ----------------------------------------------------------------------------------


@routes.get("/campaigns/<number:int>/desk", Permission.CAMPAIGNS_CHANGE)
def campaign_desk(web: Web, visit: Visit, number: CampaignId) -> Any:
    """Which script and which fields of a contact agents see in calls of the campaign."""
    campaign = web.reports.campaign(number)
    if campaign is None:
        return web.pages.missing(visit)
    return web.pages.show(
        visit,
        "campaign_desk",
        campaign=campaign,
        desk=web.call("script.of_campaign", campaign_id=number),
        scripts=web.call("script.list")["scripts"],
        kinds=script_words.CARD_KINDS,
        rows=_rows(web.call("script.of_campaign", campaign_id=number)),
        here="campaigns",
    )


@routes.post("/campaigns/<number:int>/desk", Permission.CAMPAIGNS_CHANGE)
def set_campaign_desk(web: Web, visit: Visit, number: CampaignId) -> Any:
    """Calls that begin from now on show this."""
    script = visit.text("script", 12)
    fields = []
    for at in range(100):
        column = visit.text(f"c{at}", 200)
        if column and visit.text(f"c{at}-shown", 1):
            fields.append(
                {
                    "column": column,
                    "editable": bool(visit.text(f"c{at}-editable", 1)),
                    "kind": visit.text(f"c{at}-kind", 10) or "text",
                }
            )
    chosen = fields if visit.text("all", 3) != "all" else None
    card = {"fields": chosen, "best_time": visit.text("best_time", 200), "reason": visit.text("reason", 200)}
    args: dict[str, Any] = {"script_id": int(script)} if script.isdecimal() else {}
    path = f"/campaigns/{number}/desk"
    try:
        web.call("script.assign", campaign_id=number, card=card, by=visit.asker["who"], **args)
    except Refused as refused:
        return web.pages.refuse(visit, path, refused.problems)
    return web.pages.go(visit, path, visit.language.gettext("Saved. Calls that begin from now on show this."))


def _rows(desk: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every column there is or was chosen: those of the card first, in its order."""
    chosen = desk["card"]["fields"]
    rows = [{**each, "shown": True} for each in chosen or ()]
    known = {each["column"] for each in rows}
    plain = {"editable": False, "kind": "text", "shown": chosen is None}
    return rows + [{"column": c, **plain} for c in ("@name", *desk["columns"]) if c not in known]
