"""The reports on waiting, calls that came in, what was not allowed, callbacks and machine detection. Pure.

Each is a ``Shape`` over named counts, so its intervals and its campaigns end with the same total.
"""

from __future__ import annotations

from collections.abc import Sequence

from firmware.papers.tables import Column, Line, Table, Tile
from firmware.store.reports import CALLER_WAITS_S, INBOUND, RESULT, WAITS_S, Tally, TallyCell
from web_ui import report_view as view
from web_ui import words
from web_ui.report_tables import Question, Shape, added, cells, count, of, tables_of, text, whole
from web_ui.report_words import OUTCOMES, SAID


def waiting(found: Sequence[TallyCell], q: Question) -> tuple[tuple[Tile, ...], tuple[Table, ...]]:
    """How long people who answered waited for an agent."""
    _ = q.language.gettext
    waits = [(_("within {count} s", count=q.language.number(bound)), count(f"w{bound}")) for bound in WAITS_S]
    shape = Shape(
        columns=(
            (_("People reached"), count("reached")),
            (_("Connected"), count("served")),
            *waits,
            (_("later"), count("more")),
            (_("Abandoned"), count("lost")),
            (_("Hung up before"), count("gone")),
            (_("Waited, mean"), lambda each, own: own.seconds(each["waited_s"], each["served"])),
        ),
        bars=(
            (_("People reached"), "calls", lambda each: each["reached"]),
            (_("Connected"), "reached", lambda each: each["served"]),
            (_("Abandoned"), "lost", lambda each: each["lost"]),
        ),
        chart=_("People reached, connected and abandoned by interval; the table below has the same figures."),
        counted=lambda each: each["reached"],
    )
    tables = tables_of(found, q, shape, (_("Waiting by interval"), _("Waiting by campaign")))
    sums = whole(found, q)
    tiles = (
        _tile(_("People reached"), sums["reached"], q),
        _shared(_("Connected"), sums["served"], sums["reached"], q),
        Tile(_("Waited, mean"), text(q.seconds(sums["waited_s"], sums["served"]))),
        _shared(_("Abandoned"), sums["lost"], sums["reached"], q),
    )
    return (tiles if tables else ()), tables


def incoming(found: Sequence[TallyCell], q: Question) -> tuple[tuple[Tile, ...], tuple[Table, ...]]:
    """Who called the office and how long they waited."""
    _ = q.language.gettext
    waits = [
        (_("within {count} s", count=q.language.number(bound)), count(f"w{bound}"))
        for bound in CALLER_WAITS_S
    ]
    shape = Shape(
        columns=(
            (_("Calls"), count("all")),
            *((words.word(OUTCOMES, each, q.language), count(each)) for each in INBOUND),
            *waits,
            (_("later"), count("more")),
            (_("Waited, mean"), lambda each, own: own.seconds(each["waited_s"], each["served"])),
        ),
        bars=(
            (_("Calls"), "calls", lambda each: each["all"]),
            (_("Answered by an agent"), "reached", lambda each: each["answered"]),
            (_("Missed"), "lost", lambda each: each["missed"]),
        ),
        chart=_("Calls that came in, answered and missed by interval; the table below has the same figures."),
        counted=lambda each: each["all"],
    )
    tables = tables_of(found, q, shape, (_("Calls that came in by interval"), _("By campaign")))
    sums = whole(found, q)
    tiles = (
        _tile(_("Calls"), sums["all"], q),
        _shared(_("Answered by an agent"), sums["answered"], sums["all"], q),
        _shared(_("Missed"), sums["missed"], sums["all"], q),
        Tile(_("Waited, mean"), text(q.seconds(sums["waited_s"], sums["served"]))),
    )
    return (tiles, (*tables, _came_to(sums, q))) if tables else ((), ())


def _came_to(sums: Tally, q: Question) -> Table:
    """What agents said of calls that came in; with those nobody said anything of, all of them."""
    _, every = q.language.gettext, sums["all"]
    said = {name.removeprefix(RESULT): n for name, n in sums.counts.items() if name.startswith(RESULT)}
    lines = [
        Line((q.names.codes.get(code, code), q.figure(n), q.share(n, every)))
        for code, n in sorted(said.items(), key=lambda pair: -pair[1])
    ]
    none = every - sum(said.values())
    lines.append(Line((_("No result"), q.figure(none), q.share(none, every))))
    lines.append(Line((_("Total"), q.figure(every), q.share(every, every)), sum=True))
    columns = (q.text_column(_("Result")), Column(_("Calls")), Column(_("Share")))
    return Table("came_to", _("Results of calls that came in"), columns, tuple(lines))


def blocks(found: Sequence[TallyCell], q: Question) -> tuple[tuple[Tile, ...], tuple[Table, ...]]:
    """Contacts that were due and not allowed: DNC lists and every other rule."""
    _ = q.language.gettext
    shape = Shape(
        columns=(
            (_("Not allowed"), lambda each, own: own.figure(_all(each))),
            (_("On a DNC list"), lambda each, own: own.figure(_dnc(each))),
            (_("Other rules"), lambda each, own: own.figure(_all(each) - _dnc(each))),
        ),
        bars=(
            (_("Not allowed"), "calls", _all),
            (_("On a DNC list"), "lost", _dnc),
        ),
        chart=_("Contacts not allowed by interval; the table below has the same figures."),
        counted=_all,
    )
    note = _("Each time a contact's turn came and the rules said no; the same contact can count again later.")
    titles = (_("Not allowed by interval"), _("Not allowed by campaign"))
    tables = tables_of(found, q, shape, titles, note)
    sums = whole(found, q)
    if not tables:
        return (), ()
    return (_tile(_("Not allowed"), _all(sums), q), _tile(_("On a DNC list"), _dnc(sums), q)), (
        *tables,
        _rules(sums, q),
    )


def _rules(sums: Tally, q: Question) -> Table:
    _, every = q.language.gettext, _all(sums)
    lines = [
        Line((words.word(words.REFUSALS, rule, q.language), q.figure(n), q.share(n, every)))
        for rule, n in sorted(sums.counts.items(), key=lambda pair: -pair[1])
    ]
    lines.append(Line((_("Total"), q.figure(every), q.share(every, every)), sum=True))
    columns = (q.text_column(_("Reason")), Column(_("Contacts")), Column(_("Share")))
    return Table("rule", _("Reasons"), columns, tuple(lines))


def _all(each: Tally) -> float:
    return sum(each.counts.values())


def _dnc(each: Tally) -> float:
    return sum(n for rule, n in each.counts.items() if rule.startswith("dnc"))


def callbacks(found: Sequence[TallyCell], q: Question) -> tuple[tuple[Tile, ...], tuple[Table, ...]]:
    """What became of promised calls."""
    _ = q.language.gettext
    shape = Shape(
        columns=(
            (_("Promised"), count("all")),
            (_("Kept"), count("kept")),
            (_("Kept of promised"), of("kept", "all")),
            (_("Kept in time"), count("in_time")),
            (_("Kept late"), count("late")),
            (_("Missed"), count("missed")),
            (_("Withdrawn"), count("withdrawn")),
            (_("Still open"), count("open")),
        ),
        bars=(
            (_("Promised"), "calls", lambda each: each["all"]),
            (_("Kept"), "reached", lambda each: each["kept"]),
            (_("Missed"), "lost", lambda each: each["missed"]),
        ),
        chart=_("Callbacks promised, kept and missed by interval; the table below has the same figures."),
        counted=lambda each: each["all"],
    )
    note = _("A callback counts where it was promised for; one that was passed on or moved counts once.")
    titles = (_("Callbacks by interval"), _("Callbacks by campaign"))
    tables = tables_of(found, q, shape, titles, note)
    if not tables:
        return (), ()
    sums = whole(found, q)
    tiles = (
        _tile(_("Promised"), sums["all"], q),
        _shared(_("Kept"), sums["kept"], sums["all"], q),
        _tile(_("Missed"), sums["missed"], q),
    )
    return tiles, (*tables, _owners(found, sums, q, shape))


def _owners(found: Sequence[TallyCell], sums: Tally, q: Question, shape: Shape) -> Table:
    """Whose they were; the team's and everybody's add up to the total."""
    _ = q.language.gettext
    by_owner = added(found, lambda cell: cell.user_id or 0)
    own = {user: each for user, each in by_owner.items() if user}
    lines: list[Line] = []
    if q.each_agent:
        named = [(q.names.people.get(user, "?"), each) for user, each in own.items()]
        lines = [Line((name, *cells(each, q, shape))) for name, each in sorted(named, key=lambda p: p[0])]
    elif len(own) >= view.FEWEST_AGENTS:
        together = q.language.ngettext("{count} agent together", "{count} agents together", len(own))
        lines = [Line((together, *cells(sum(own.values(), Tally()), q, shape)))]
    if lines or not own:
        lines.append(Line((_("Of the whole team"), *cells(by_owner.get(0, Tally()), q, shape))))
        lines.append(Line((_("Total"), *cells(sums, q, shape)), sum=True))
    columns = (q.text_column(_("Whose")), *(Column(name) for name, _ in shape.columns))
    return Table("owner", _("Callbacks by agent"), columns, tuple(lines), empty=q.few)


def detection(found: Sequence[TallyCell], q: Question) -> tuple[tuple[Tile, ...], tuple[Table, ...]]:
    """What the ears said against what people say."""
    _ = q.language.gettext
    shape = Shape(
        columns=(
            (_("Judged"), lambda each, own: own.figure(_all(each))),
            (_("Judged a machine"), lambda each, own: own.figure(_said(each, "machine"))),
            (_("Looked at by a person"), lambda each, own: own.figure(_all(each) - _ended(each, "none"))),
            (_("Person taken for a machine"), lambda each, own: own.figure(each["machine:person"])),
            (_("Machine taken for a person"), lambda each, own: own.figure(each["human:machine"])),
        ),
        bars=(
            (_("Judged"), "calls", _all),
            (_("Judged a machine"), "reached", lambda each: _said(each, "machine")),
            (_("Person taken for a machine"), "lost", lambda each: each["machine:person"]),
        ),
        chart=_("Verdicts by interval; the table below has the same figures."),
        counted=_all,
    )
    tables = tables_of(found, q, shape, (_("Verdicts by interval"), _("Verdicts by campaign")))
    if not tables:
        return (), ()
    sums = whole(found, q)
    tiles = (
        _tile(_("Judged"), _all(sums), q),
        _tile(_("Person taken for a machine"), sums["machine:person"], q),
        _tile(_("Machine taken for a person"), sums["human:machine"], q),
    )
    return tiles, (_matrix(sums, q), *tables)


def _matrix(sums: Tally, q: Question) -> Table:
    _ = q.language.gettext
    verdicts = [each for each in words.VERDICTS if _said(sums, each)]
    lines = [
        Line(
            (
                words.word(words.VERDICTS, verdict, q.language),
                *(q.figure(sums[f"{verdict}:{said}"]) for said in SAID),
                q.figure(_said(sums, verdict)),
            )
        )
        for verdict in verdicts
    ]
    bottom = (*(q.figure(_ended(sums, said)) for said in SAID), q.figure(_all(sums)))
    lines.append(Line((_("Total"), *bottom), sum=True))
    heads = (*(words.word(SAID, said, q.language) for said in SAID), _("Total"))
    columns = (q.text_column(_("Verdict")), *map(Column, heads))
    note = _("Across: what the machine detection said. Down: the last word of a person.")
    return Table("matrix", _("What was said and what it was"), columns, tuple(lines), note)


def _said(each: Tally, verdict: str) -> float:
    return sum(n for name, n in each.counts.items() if name.startswith(f"{verdict}:"))


def _ended(each: Tally, said: str) -> float:
    return sum(n for name, n in each.counts.items() if name.endswith(f":{said}"))


def _tile(label: str, value: float, q: Question) -> Tile:
    return Tile(label, q.language.number(value))


def _shared(label: str, part: float, every: float, q: Question) -> Tile:
    return Tile(label, q.language.number(part), text(q.share(part, every)))
