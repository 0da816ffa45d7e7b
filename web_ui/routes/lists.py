"""Contact lists: upload, look at the columns, import with live progress, and the report of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from bottle import static_file

from firmware.model import RECYCLABLE, ContactListId, Problem
from web_ui import condition_values, order_forms, panels, schedule_words, words
from web_ui.client import Refused
from web_ui.following import asked, follow
from web_ui.language import N_, Language
from web_ui.live import Picture
from web_ui.pages import fragment, see_other
from web_ui.permissions import Permission
from web_ui.routes import list_schedules
from web_ui.routing import Routes
from web_ui.streams import Regions
from web_ui.uploads import MOST_UPLOAD_BYTES, TooLarge
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()
routes.extend(list_schedules.routes)

PREVIEW_S = 60.0
EXPORT_S = 300.0
MOST_COLUMNS = 256
UNSENT = frozenset({"csrf", "look", "keep_as"})
"""Fields of the columns' form that do not come along when what was looked at is imported."""
COLUMN_ROLES = {
    "number": N_("Telephone number"),
    "name": N_("Name"),
    "first_name": N_("First name"),
    "last_name": N_("Last name"),
    "zone": N_("Time zone"),
    "priority": N_("Priority"),
    "mobile": N_("Further number: mobile"),
    "work": N_("Further number: work"),
    "home": N_("Further number: home"),
    "consent_at": N_("Consent: given on"),
    "consent_source": N_("Consent: where"),
    "consent_purpose": N_("Consent: for what"),
    "field": N_("Further field"),
}


COLUMN_TYPES = {
    "empty": N_("empty"),
    "phone": N_("telephone number"),
    "date": N_("date"),
    "number": N_("number"),
    "email": N_("e-mail"),
    "yes_no": N_("yes or no"),
    "text": N_("text"),
}
CONTACT_STATES = condition_values.STATES
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IMPORT_STATES = {
    "running": N_("running"),
    "done": "",
    "broken": N_("broken off"),
    "undoing": N_("being taken back …"),
    "undone": N_("taken back"),
}


@routes.get("/lists", Permission.LISTS)
def index(web: Web, visit: Visit) -> Any:
    """Every contact list."""
    return web.pages.show(visit, "lists", lists=web.reports.contact_lists(), panels=panels, here="lists")


@routes.get("/lists/new", Permission.LISTS)
def new(web: Web, visit: Visit) -> Any:
    """Choose a file."""
    return _choose(web, visit)


@routes.post("/lists/upload", Permission.LISTS)
def upload(web: Web, visit: Visit) -> Any:
    """Take the file and go on to its columns."""
    name, mistake = take_file(web, visit)
    return see_other(f"/lists/upload/{name}") if name else _choose(web, visit, mistake)


def take_file(web: Web, visit: Visit) -> tuple[str, str]:
    """Keep the uploaded file: its new name, or why it was not kept."""
    _ = visit.language.gettext
    file = visit.request.files.get("file")
    if file is None or not file.raw_filename:
        return "", _("Choose a file.")
    try:
        name = web.uploads.keep(file.file)
    except TooLarge:
        limit = visit.language.size(MOST_UPLOAD_BYTES)
        return "", _("The file is larger than {limit}. Split it into smaller files.", limit=limit)
    except OSError as error:
        return "", _("The file could not be kept: {reason}", reason=error.strerror or str(error))
    title = file.raw_filename.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0][:80]
    web.pages.once.put(visit.session, f"title-{name}", title)
    return name, ""


@routes.get("/lists/upload/<name>", Permission.LISTS)
def columns(web: Web, visit: Visit, name: str) -> Any:
    """Show the first rows and what each column seems to be."""
    return _columns(web, visit, name, ())


@routes.post("/lists/upload/<name>", Permission.LISTS)
def begin(web: Web, visit: Visit, name: str) -> Any:
    """Start the import."""
    path = web.uploads.path(name)
    if path is None:
        return web.pages.missing(visit)
    mapping, problems = _mapping(visit)
    if problems:
        return _columns(web, visit, name, problems)
    dry = visit.text("look", 1) == "1"
    args: dict[str, Any] = {
        "path": str(path),
        "name": visit.text("name", 120),
        "mapping": mapping,
        "country": visit.text("country", 2).upper() or web.settings.country,
        "update": visit.text("update") == "1",
        "over_desk": visit.text("agents", 10) == "replace",
        "dry": dry,
        "who": visit.person.login if visit.person else "",
    }
    if visit.text("list_id").isdigit():
        args["list_id"] = int(visit.text("list_id"))
    try:
        if visit.text("keep_as", 120):
            kept = {each: args[each] for each in ("mapping", "country", "who")}
            web.call_with("mapping.save", {"name": visit.text("keep_as", 120), **kept})
        job = web.call_with("list.import", args)["job"]
    except Refused as refused:
        return _columns(web, visit, name, refused.problems)
    if dry:
        form = [(key, value) for key, value in visit.request.forms.decode().allitems() if key not in UNSENT]
        web.pages.once.put(visit.session, f"dry-{job}", (name, form))
    return see_other(f"/lists/import/{job}")


@routes.post("/lists/mapping/forget", Permission.LISTS)
def forget_mapping(web: Web, visit: Visit) -> Any:
    """Forget a kept mapping."""
    back = visit.text("upload", 32)
    path = f"/lists/upload/{back}" if web.uploads.path(back) else "/lists"
    try:
        web.call("mapping.forget", name=visit.text("mapping", 120))
    except Refused as refused:
        return web.pages.refuse(visit, path, refused.problems)
    return web.pages.go(visit, path, visit.language.gettext("The mapping is forgotten."))


@routes.get("/lists/import/<job:re:[A-Za-z0-9_-]+>", Permission.LISTS)
def progress(web: Web, visit: Visit, job: str) -> Any:
    """Follow an import."""
    picture = web.hub.wait_until(lambda p: job in p.imports, 2.0)
    if job not in picture.imports:
        return web.pages.missing(visit)
    dry = web.pages.once.take(visit.session, f"dry-{job}")
    if dry:
        web.pages.once.put(visit.session, f"dry-{job}", dry)
    name, form = dry or ("", ())
    upload = name if web.uploads.path(name) else ""
    return web.pages.show(
        visit,
        "list_import",
        job_id=job,
        job=picture.imports[job],
        upload=upload,
        form=form,
        here="lists",
    )


@routes.get("/live/import/<job:re:[A-Za-z0-9_-]+>", Permission.LISTS, streams=True)
def stream(web: Web, visit: Visit, job: str) -> Any:
    """The progress of an import, sent whenever it changes."""
    return follow(web, visit, lambda picture: (_regions(picture, job, visit.language), {}))


@routes.get("/live/import/<job:re:[A-Za-z0-9_-]+>.json", Permission.LISTS)
def poll(web: Web, visit: Visit, job: str) -> Any:
    """The same for a page whose stream was turned away."""
    return asked(web, lambda picture: (_regions(picture, job, visit.language), {}))


@routes.get("/lists/<number:int>", Permission.LISTS)
def one(web: Web, visit: Visit, number: ContactListId) -> Any:
    """One list: how far it is worked off, and what its imports brought."""
    report = web.reports.list_report(number)
    if report is None:
        return web.pages.missing(visit)
    return web.pages.show(
        visit,
        "list",
        report=report,
        panels=panels,
        import_states=IMPORT_STATES,
        mappings=web.reports.import_mappings(),
        schedule_words=schedule_words,
        recyclable=RECYCLABLE,
        here="lists",
    )


@routes.get("/lists/<number:int>/contacts", Permission.LISTS)
def contacts(web: Web, visit: Visit, number: ContactListId) -> Any:
    """A list's contacts, searched, filtered and sorted."""
    report = web.reports.list_report(number)
    if report is None:
        return web.pages.missing(visit)
    known = condition_values.choices(visit.language)
    order = order_forms.read_order(visit.query, known)
    asked_for = web.reports.wanted_contacts(order, visit.query("q"), visit.page())
    wanted = asked_for or web.reports.wanted_contacts({}, "", 1)
    assert wanted is not None, "an empty order can be read"
    join, rows, _kept = order_forms.rows_of(order["filter"] if asked_for else None, known)
    mistake = visit.language.gettext("Something here cannot be read; check the fields and values.")
    return web.pages.show(
        visit,
        "list_contacts",
        200 if asked_for else 422,
        report=report,
        seen=web.reports.contacts_of(number, wanted),
        search=visit.query("q"),
        sort=order_forms.sort_rows(order)[0],
        fields=order_forms.LIST_FIELDS,
        states=CONTACT_STATES,
        offered=condition_values.suggestions({":state": known[":state"]}, web.reports.list_values(number)),
        filtered=bool(rows),
        join=join,
        rows=rows + [{"field": "", "is": "equals", "as": "text", "value": ""}] * max(1, 3 - len(rows)),
        kept="",
        kinds=order_forms.KINDS,
        hows=order_forms.HOWS,
        joins=order_forms.JOINS,
        mistakes=[] if asked_for else [mistake],
        query=_asked_again(visit),
        here="lists",
    )


def _asked_again(visit: Visit) -> str:
    """The query of this page, but for the page's number, to put behind another."""
    items = [
        (key, value) for key, value in visit.request.query.decode().allitems() if key != "page" and value
    ]
    return "".join(f"&{quote(key, safe='')}={quote(value, safe='')}" for key, value in items)


@routes.post("/lists/<number:int>/imports/<made:int>/undo", Permission.LISTS)
def undo(web: Web, visit: Visit, number: ContactListId, made: int) -> Any:
    """Take an import back."""
    try:
        web.call("list.undo_import", import_id=made)
    except Refused as refused:
        return web.pages.refuse(visit, f"/lists/{number}", refused.problems)
    text = visit.language.gettext("The import is being taken back; this page shows how far it is.")
    return web.pages.go(visit, f"/lists/{number}", text)


@routes.get("/lists/damaged/<name:re:[A-Za-z0-9_-]+\\.(?:csv|xlsx)>", Permission.LISTS)
def damaged(web: Web, visit: Visit, name: str) -> Any:
    """The rows an import could not use, or an exported list, as a file."""
    if (web.settings.reports / name).is_symlink():
        return web.pages.missing(visit)
    kind = WORKBOOK if name.endswith(".xlsx") else "text/csv"
    return static_file(name, root=str(web.settings.reports), mimetype=kind, download=name)


@routes.post("/lists/<number:int>/export", Permission.LISTS)
def export(web: Web, visit: Visit, number: ContactListId) -> Any:
    """The whole list as a file, each contact with where it stands."""
    try:
        workbook = visit.text("workbook") == "1"
        made = web.call(
            "list.export", EXPORT_S, list_id=number, language=visit.language.code, workbook=workbook
        )
    except Refused as refused:
        return web.pages.refuse(visit, f"/lists/{number}", refused.problems)
    return see_other(f"/lists/damaged/{made['file']}")


@routes.post("/lists/<number:int>/delete", Permission.LISTS)
def delete(web: Web, visit: Visit, number: ContactListId) -> Any:
    """Delete a list; its attempts stay as proof."""
    try:
        web.call("list.delete", id=number)
    except Refused as refused:
        return web.pages.refuse(visit, f"/lists/{number}", refused.problems)
    return web.pages.go(visit, "/lists", visit.language.gettext("The contact list is deleted."))


def _choose(web: Web, visit: Visit, error: str = "") -> Any:
    return web.pages.show(
        visit, "list_upload", 422 if error else 200, error=error, most_bytes=MOST_UPLOAD_BYTES, here="lists"
    )


def _columns(web: Web, visit: Visit, name: str, problems: Any) -> Any:
    path = web.uploads.path(name)
    if path is None:
        return web.pages.missing(visit)
    try:
        preview = web.call("list.preview", PREVIEW_S, path=str(path))
    except Refused as refused:
        web.uploads.forget(name)
        return _choose(web, visit, " ".join(words.problem(p, visit.language) for p in refused.problems))
    kept = {each.name: each for each in web.reports.import_mappings()}
    chosen = kept.get(visit.query("mapping"))
    title_key = f"title-{name}"
    title = web.pages.once.take(visit.session, title_key) or ""
    web.pages.once.put(visit.session, title_key, title)
    return web.pages.show(
        visit,
        "list_columns",
        422 if problems else 200,
        upload=name,
        title=visit.text("name") or title,
        preview=preview,
        guessed=_guessed(preview, chosen.mapping if chosen else preview.get("mapping") or {}),
        column_roles=COLUMN_ROLES,
        column_types=COLUMN_TYPES,
        lists=web.reports.contact_lists(),
        mappings=list(kept),
        chosen=chosen.name if chosen else "",
        country=(chosen.country if chosen else "") or web.settings.country,
        errors=[words.problem(problem, visit.language) for problem in problems],
        here="lists",
    )


def _guessed(preview: Mapping[str, Any], mapping: Mapping[str, str]) -> list[str]:
    """The role of each column, in the order of the file."""
    roles = {column: role for role, column in mapping.items()}
    return [str(roles.get(column, "field")) for column in preview.get("columns", ())]


def _mapping(visit: Visit) -> tuple[dict[str, str], list[Problem]]:
    """Role -> column name from the selects beside the sample, and the roles chosen twice."""
    mapping: dict[str, str] = {}
    problems = []
    for index in range(MOST_COLUMNS):
        column, role = visit.text(f"column-{index}", 100), visit.text(f"role-{index}", 20)
        if not column or role not in COLUMN_ROLES or role == "field":
            continue
        if role in mapping:
            figures = {"role": visit.language.gettext(COLUMN_ROLES[role])}
            problems.append(Problem("mapping", "role_used_twice", f"{role} is chosen twice.", figures))
        mapping[role] = column
    return mapping, problems


def _regions(picture: Picture, job: str, language: Language) -> Regions:
    return {"import": fragment("live/import", language, job=picture.imports.get(job, {}))}
