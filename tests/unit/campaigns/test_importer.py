"""Contact lists: files that are none, files in every dress, and rows with something wrong."""

from __future__ import annotations

import codecs
import csv
import io
import os
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.campaigns import importer
from firmware.campaigns.importer import BadRow, Row, RowConsent, preview, read
from firmware.campaigns.report import BadRowReport, open_report
from firmware.campaigns.texts import FILE_TEXTS, ROW_TEXTS, row_sentence
from firmware.compliance.texts import sentence
from firmware.model import OperatorError

LIST = "Vorname;Nachname;Telefon;Ort\r\nErika;Müller;030 23125123;Köln\r\nMax;Groß;+49 30 23125124;Łódź\r\n"
GERMAN = (
    "Vorname;Nachname;Telefon;Ort\r\nErika;Müller;030 23125123;Köln\r\nMax;Groß;+49 30 23125124;Düren\r\n"
)


def a_file(folder: Path, content: bytes | str, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def everything(path: Path, country: str = "DE", **mapping: str) -> list[Row | BadRow]:
    return list(read(path, mapping or preview(path).mapping, country))


def refused(path: Path) -> tuple[str, str]:
    with pytest.raises(OperatorError) as error:
        preview(path)
    (problem,) = error.value.problems
    assert sentence(FILE_TEXTS, problem.key, problem.figures, "de") != problem.text
    return problem.key, problem.text


# files that are no lists


def a_workbook(inside: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(inside, "<x/>")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "a PDF document"),
        (a_workbook("word/document.xml"), "a text document"),
        (a_workbook("notes.txt"), "a ZIP archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old or locked Excel workbook"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a picture"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "a sound recording"),
        (b"\x1f\x8b\x08\x00" + bytes(20), "a compressed file"),
        (b"\x7fELF\x02\x01\x01" + bytes(50), "a program"),
        (b"SQLite format 3\x00" + bytes(84), "a database"),
        (b"<!DOCTYPE html><html><table>", "a web page"),
        (b"  <html><body><table><tr>", "a web page"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>', "an XML document"),
        (b'{"contacts": []}', "JSON data"),
        (b"BEGIN:VCARD\r\nVERSION:3.0", "an address book"),
        (bytes(range(256)) * 8, "binary data"),
        (bytes(4096), "binary data"),
        (b"a;b\n" + bytes([1, 2, 3, 4, 5, 6, 7, 8] * 20), "binary data"),
    ],
)
def test_a_file_that_is_not_csv_is_told_what_it_looks_like(
    tmp_path: Path, content: bytes, words: str
) -> None:
    key, text = refused(a_file(tmp_path, content))
    assert key == "file_not_csv"
    assert words in text


def test_an_old_workbook_comes_with_the_way_out(tmp_path: Path) -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert "save it as XLSX or CSV" in refused(a_file(tmp_path, old))[1]


@pytest.mark.parametrize(
    "content", [b"", b"\xef\xbb\xbf", b" \r\n\r\n", b"\xff\xfe", b"\xff\xfe\r\x00\n\x00", b"\x1a"]
)
def test_an_empty_file_is_told(tmp_path: Path, content: bytes) -> None:
    assert refused(a_file(tmp_path, content))[0] == "file_empty"


def test_what_is_missing_or_no_file_at_all_is_told(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "none.csv", tmp_path, tmp_path / "link", tmp_path / "pipe", Path("/dev/zero")):
        assert refused(path)[0] == "file_missing"


def test_a_file_of_a_gigabyte_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    path.touch()
    os.truncate(path, 1 << 30)
    tracemalloc.start()
    key, text = refused(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert key == "file_too_large"
    assert "1024 MB" in text
    assert "200 MB" in text
    assert peak < 100_000


@pytest.mark.parametrize(
    ("mapping", "where", "key"),
    [
        ({}, "mapping.number", "no_number_column"),
        ({"name": "Vorname"}, "mapping.number", "no_number_column"),
        ({"number": "Telefonn"}, "mapping.number", "unknown_column"),
        ({"number": "Telefon", "nmae": "Ort"}, "mapping", "unknown_role"),
        ({"number": "Telefon", "name": "Telefon"}, "mapping.name", "column_used_twice"),
    ],
)
def test_a_wrong_mapping_is_refused_before_the_first_row(
    tmp_path: Path, mapping: dict[str, str], where: str, key: str
) -> None:
    with pytest.raises(OperatorError) as error:
        read(a_file(tmp_path, GERMAN), mapping, "DE")
    assert (where, key) in {(problem.where, problem.key) for problem in error.value.problems}


def test_an_unknown_country_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperatorError) as error:
        read(a_file(tmp_path, GERMAN), {"number": "Telefon"}, "Germany")
    assert error.value.problems[0].key == "unknown_country"


# how a file is written


@pytest.mark.parametrize(
    ("encoding", "bom", "named"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", codecs.BOM_UTF8, "utf-8-sig"),
        ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16"),
        ("utf-16-be", codecs.BOM_UTF16_BE, "utf-16"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
        ("utf-32-le", codecs.BOM_UTF32_LE, "utf-32"),
        ("cp1252", b"", "cp1252"),
    ],
)
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_every_encoding_with_every_delimiter(
    tmp_path: Path, encoding: str, bom: bytes, named: str, delimiter: str
) -> None:
    text = GERMAN if encoding == "cp1252" else LIST
    path = a_file(tmp_path, bom + text.replace(";", delimiter).encode(encoding))
    seen = preview(path)
    assert (seen.encoding, seen.delimiter) == (named, delimiter)
    assert seen.columns == ("Vorname", "Nachname", "Telefon", "Ort")
    first, second = everything(path)
    assert isinstance(first, Row)
    assert isinstance(second, Row)
    assert (first.name, first.number, first.fields["Ort"]) == ("Erika Müller", "+493023125123", "Köln")
    assert second.fields["Ort"] == ("Düren" if encoding == "cp1252" else "Łódź")


def test_an_umlaut_far_down_still_decides_the_encoding(tmp_path: Path) -> None:
    body = "".join(f"Name {n};030 23125{n % 1000:03d}{n:06d}\n" for n in range(60_000))
    path = a_file(tmp_path, b"Name;Telefon\n" + body.encode() + "Jäger;03023125123\n".encode("cp1252"))
    assert preview(path).encoding == "cp1252"
    last = everything(path)[-1]
    assert isinstance(last, Row)
    assert (last.name, last.line) == ("Jäger", 60_002)


def test_a_character_cut_off_at_the_end_does_not_turn_utf_8_into_something_else(tmp_path: Path) -> None:
    path = a_file(tmp_path, "Name;Telefon\nMüller;03023125123\nJ".encode() + b"\xc3")
    assert preview(path).encoding == "utf-8"


def test_the_separator_line_of_spreadsheets_is_obeyed_and_counted(tmp_path: Path) -> None:
    path = a_file(tmp_path, "sep=|\r\nName|Telefon\r\nErika; Muster|abc\r\n")
    assert preview(path).delimiter == "|"
    (bad,) = everything(path)
    assert bad.line == 3


def test_commas_in_names_do_not_outvote_semicolons(tmp_path: Path) -> None:
    rows = "".join(f'"Muster, Erika";0302312512{n};"Weg 1, Köln, Mitte"\n' for n in range(9))
    assert preview(a_file(tmp_path, "Name;Telefon;Adresse\n" + rows)).delimiter == ";"


def test_one_column_of_numbers_without_a_header(tmp_path: Path) -> None:
    path = a_file(tmp_path, "030 23125123\n030 23125124\n")
    seen = preview(path)
    assert (seen.header_line, seen.columns, seen.mapping) == (0, ("A",), {"number": "A"})
    assert [row.line for row in everything(path)] == [1, 2]


def test_a_single_row_without_a_line_end(tmp_path: Path) -> None:
    (row,) = everything(a_file(tmp_path, "Erika;03023125123"))
    assert isinstance(row, Row)


def test_titles_above_the_header_are_reported_not_read_as_contacts(tmp_path: Path) -> None:
    path = a_file(tmp_path, "Export\n\nName;Telefon\nErika;03023125123\n")
    assert preview(path).header_line == 3
    title, contact = everything(path)
    assert isinstance(title, BadRow)
    assert isinstance(contact, Row)


def test_columns_without_or_with_the_same_name_can_be_told_apart(tmp_path: Path) -> None:
    path = a_file(tmp_path, "Telefon;;Notiz;Notiz\n03023125123;x;y;z\n")
    assert preview(path).columns == ("Telefon", "B", "Notiz", "Notiz 2")
    (row,) = everything(path)
    assert isinstance(row, Row)
    assert row.fields == {"B": "x", "Notiz": "y", "Notiz 2": "z"}


# what the columns mean


@pytest.mark.parametrize(
    ("header", "mapping"),
    [
        ("Name;Telefon", {"name": "Name", "number": "Telefon"}),
        ("Vorname;Name;Rufnummer", {"first_name": "Vorname", "last_name": "Name", "number": "Rufnummer"}),
        ("Nachname;Vorname;Mobil", {"first_name": "Vorname", "last_name": "Nachname", "number": "Mobil"}),
        ("Mobil;Telefon;Fax", {"number": "Telefon", "mobile": "Mobil"}),
        ("Telefax;Tel. privat", {"number": "Tel. privat"}),
        ("First Name;Last Name;Phone", {"first_name": "First Name", "last_name": "Last Name", "number": "Phone"}),
        ("Full name;phone_number;Time zone;Priority", {
            "name": "Full name", "number": "phone_number", "zone": "Time zone", "priority": "Priority",
        }),
        ("Kontakt;Handynummer;Zeitzone;Priorität", {
            "name": "Kontakt", "number": "Handynummer", "zone": "Zeitzone", "priority": "Priorität",
        }),
        ("Kundennummer;Telefonnummer", {"number": "Telefonnummer"}),
        ("TELEFON;NAME", {"number": "TELEFON", "name": "NAME"}),
        ("ＴＥＬＥＦＯＮ;x", {"number": "ＴＥＬＥＦＯＮ"}),
    ],
)  # fmt: skip
def test_headers_in_two_languages(tmp_path: Path, header: str, mapping: dict[str, str]) -> None:
    assert preview(a_file(tmp_path, header + "\n")).mapping == mapping


def test_a_column_of_numbers_is_found_by_what_stands_in_it(tmp_path: Path) -> None:
    path = a_file(tmp_path, "K-Nr;Seit;Privat\n10001;2027-03-01;030 23125123\n10002;2027-03-02;4,91E+11\n")
    assert preview(path).mapping == {"number": "Privat"}


def test_a_list_without_anything_like_a_number_has_no_guess(tmp_path: Path) -> None:
    assert "number" not in preview(a_file(tmp_path, "Ort;Datum\nKöln;2027-03-01\n")).mapping


# rows


@pytest.mark.parametrize(
    ("cells", "key"),
    [
        ("Erika;4,91E+11;;", "spreadsheet_damage"),
        ("Erika;3023125123;;", "leading_zero_lost"),
        ("Erika;;;", "empty_number"),
        ("Erika;110;;", "emergency_number"),
        ("Erika", "wrong_cell_count"),
        ("Erika;03023125123;;;x", "wrong_cell_count"),
        ("Erika;03023125123;Europe/Berlni;", "unknown_zone"),
        ("Erika;03023125123;;high", "priority_not_whole"),
        ("Erika;03023125123;;100", "priority_not_whole"),
        ("Erika;03023125123;;1.5", "priority_not_whole"),
        ("Erika;03023125123;;²", "priority_not_whole"),
        ('"Erika;03023125123;;', "unclosed_quote"),
        ("x" * 70_000, "line_too_long"),
        ("Erika;03023125100;;", "duplicate"),
        ("Erika;+49 (0)30 23125-100;;", "duplicate"),
    ],
)
def test_a_damaged_row_comes_back_with_its_line_and_reason_and_the_others_stay(
    tmp_path: Path, cells: str, key: str
) -> None:
    path = a_file(
        tmp_path, f"Name;Telefon;Zeitzone;Prio\nA;03023125100;;\n{cells}\n\nB;03023125101;;\n", "bad.csv"
    )
    good, bad, also_good = everything(path)
    assert isinstance(good, Row)
    assert isinstance(also_good, Row)
    assert isinstance(bad, BadRow)
    assert (bad.line, bad.problem.where, bad.problem.key) == (3, "line 3", key)
    assert bad.cells[0].lstrip('"').startswith(cells.lstrip('"')[:5])
    assert row_sentence(bad.problem, "de") != row_sentence(bad.problem, "en") == bad.problem.text
    assert also_good.line == 5


def test_a_whole_row(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        "Vorname,Nachname,Telefon,Zeitzone,Prio,Notiz,Leer\n"
        ' Erika ,Muster, 030 23125123 ,america/new_york,-3,"Zeile 1\nZeile 2\a",  \n',
    )
    assert everything(path) == [
        Row(
            line=2,
            number="+493023125123",
            name="Erika Muster",
            zones=("America/New_York",),
            priority=-3,
            fields={"Vorname": "Erika", "Nachname": "Muster", "Notiz": "Zeile 1\nZeile 2"},
        )
    ]


def test_missing_cells_at_the_end_of_a_row_are_empty(tmp_path: Path) -> None:
    (row,) = everything(a_file(tmp_path, "Name;Telefon;Ort;Notiz\nErika;03023125123\n"))
    assert isinstance(row, Row)
    assert (row.name, row.fields) == ("Erika", {})


def test_empty_cells_beyond_the_columns_are_no_mistake(tmp_path: Path) -> None:
    (row,) = everything(a_file(tmp_path, "Name;Telefon\nErika;03023125123;; ;\n"))
    assert isinstance(row, Row)


def test_without_a_zone_column_the_number_tells_the_zone(tmp_path: Path) -> None:
    path = a_file(tmp_path, "Telefon\n+12135550123\n+441632960123\n03023125123\n")
    assert [row.zones for row in everything(path) if isinstance(row, Row)] == [
        ("America/Los_Angeles",),
        ("Europe/London",),
        ("Europe/Berlin",),
    ]


def test_beyond_the_numbers_remembered_duplicates_are_left_to_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "MOST_REMEMBERED", 1)
    path = a_file(tmp_path, "Telefon\n03023125101\n03023125102\n03023125102\n03023125101\n")
    assert [isinstance(row, Row) for row in everything(path)] == [True, True, True, False]


def test_rows_are_read_one_by_one_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("w") as file:
        file.write("Name;Telefon;Notiz\n")
        for number in range(20_000):
            file.write(f"Erika;03023125{number % 1000:03d};{'x' * 500}\n")
    tracemalloc.start()
    count = sum(1 for _ in read(path, {"number": "Telefon"}, "DE"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 8_000_000 < path.stat().st_size


def test_one_endless_line_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "endless.csv"
    path.write_bytes(b"Telefon\n" + b"0" * 30_000_000 + b"\n03023125123\n")
    tracemalloc.start()
    bad, good = everything(path, number="Telefon")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(bad, BadRow)
    assert bad.problem.key == "line_too_long"
    assert isinstance(good, Row)
    assert good.line == 3
    assert peak < 8_000_000


def test_the_file_is_closed_when_reading_stops_early(tmp_path: Path) -> None:
    path = a_file(tmp_path, GERMAN)
    found = read(path, {"number": "Telefon"}, "DE")
    next(found)
    del found
    opened = [os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd") if _is_link(fd)]
    assert str(path) not in opened


def _is_link(fd: str) -> bool:
    return Path(f"/proc/self/fd/{fd}").is_symlink()


# the report


EVIL = ["=cmd|'/C calc'!A0", "+49", "-1", "@SUM(A1)", "\t=1", "\r=1", "\0=1", "  =1", "＝1"]


def test_no_cell_of_the_report_can_become_a_formula(tmp_path: Path) -> None:
    quoted = "".join(f'"{cell}";x\n' for cell in EVIL)
    path = a_file(tmp_path, "=Name;Telefon\n" + quoted)
    bad = [row for row in everything(path) if isinstance(row, BadRow)]
    assert len(bad) == len(EVIL)
    out = tmp_path / "report.csv"
    with open_report(out, preview(path).columns, ";", "de") as report:
        for row in bad:
            report.add(row)
    for row in csv.reader(io.StringIO(out.read_text("utf-8-sig"), newline=""), delimiter=";"):
        assert not any(cell.lstrip(" ")[:1] in "=+-@\t\r\0＝＋－＠" and cell for cell in row)


def test_the_report_is_written_as_the_file_came_and_says_why(tmp_path: Path) -> None:
    path = a_file(tmp_path, "Name|Telefon\nErika|110\nMax|x|y|z\n")
    out = tmp_path / "report.csv"
    seen = preview(path)
    with open_report(out, seen.columns, seen.delimiter, "de") as report:
        for row in everything(path):
            assert isinstance(row, BadRow)
            report.add(row)
        assert report.rows == 2
    assert out.read_bytes().startswith(codecs.BOM_UTF8)
    assert out.read_bytes().decode("utf-8-sig").split("\r\n") == [
        "Name|Telefon|Strowger: Fehler",
        "Erika|110|Zeile 2: 110 ist ein Notruf und wird von keiner Kampagne gewählt.",
        "Max|x|Zeile 3: Die Zeile hat 4 statt 2 Zellen.|y|z",
        "",
    ]


def test_a_mended_report_can_be_read_again_without_a_trace(tmp_path: Path) -> None:
    path = a_file(tmp_path, "Name;Telefon;Notiz\n=Erika;+49 30 23125123 x5;-\n")
    out = tmp_path / "report.csv"
    with open_report(out, preview(path).columns, ";", "en") as report:
        for row in everything(path):
            assert isinstance(row, BadRow)
            report.add(row)
    out.write_text(out.read_text("utf-8").replace(" x5;", ";"), "utf-8")
    assert everything(out) == [
        Row(2, "+493023125123", "=Erika", ("Europe/Berlin",), 0, {"Notiz": "-"}),
    ]


def test_an_unknown_language_is_english() -> None:
    stream = io.StringIO(newline="")
    BadRowReport(stream, ["a"], ",", "fr")
    assert stream.getvalue() == "a,Strowger: problem\r\n"


# anything at all


def read_or_refuse(path: Path) -> list[Row | BadRow] | tuple[str, ...]:
    """Read everything there is, write the report of it, or give the keys of the refusal."""
    try:
        seen = preview(path)
        found = list(read(path, {"number": seen.columns[-1]}, "DE"))
    except OperatorError as error:
        return tuple(problem.key for problem in error.problems)
    report = BadRowReport(io.StringIO(newline=""), seen.columns, seen.delimiter, "de")
    for row in found:
        if isinstance(row, BadRow):
            report.add(row)
    return found


def check_outcome(outcome: list[Row | BadRow] | tuple[str, ...]) -> None:
    if isinstance(outcome, tuple):
        assert outcome
        assert set(outcome) <= set(FILE_TEXTS)
        return
    assert [row.line for row in outcome] == sorted({row.line for row in outcome})
    assert all(row.problem.key in ROW_TEXTS for row in outcome if isinstance(row, BadRow))


@given(
    content=st.binary(max_size=400)
    | st.text(max_size=200).map(lambda text: text.encode("utf-16", "surrogatepass"))
    | st.text('";,\t|\n\r0123456789+eE()aä=', max_size=300).map(str.encode)
)
@settings(max_examples=500, deadline=None)
def test_any_bytes_are_rows_or_an_operators_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    check_outcome(read_or_refuse(a_file(tmp_path_factory.getbasetemp(), content, "fuzz.csv")))


@given(
    head=st.sampled_from(
        [b"Name;Telefon\n", b"sep=;\n", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE]
    ),
    noise=st.binary(max_size=2000),
)
@settings(max_examples=300, deadline=None)
def test_noise_after_a_good_beginning(
    tmp_path_factory: pytest.TempPathFactory, head: bytes, noise: bytes
) -> None:
    check_outcome(read_or_refuse(a_file(tmp_path_factory.getbasetemp(), head + noise, "noise.csv")))


CONSENT = {"number": "Telefon", "consent_at": "Am", "consent_source": "Wo", "consent_purpose": "Wozu"}


def consents_in(tmp_path: Path, *lines: str) -> list[object]:
    """What each row says of a consent: the record, None, or the problem."""
    file = tmp_path / "consent.csv"
    file.write_text("\r\n".join(["Telefon;Am;Wo;Wozu", *lines]), encoding="utf-8")
    found = read(file, CONSENT, "DE", now=1_780_000_000.0)
    return [row.problem.key if isinstance(row, BadRow) else row.consent for row in found]


def test_a_consent_that_cannot_be_right_makes_the_row_a_bad_one(tmp_path: Path) -> None:
    assert consents_in(
        tmp_path,
        "030 23125001;bald;Formular;alles",
        "030 23125002;2027-01-01;Formular;alles",
        "030 23125003;2025-01-01;;alles",
        "030 23125004;2025-01-01;Formular;Kaffee",
    ) == ["consent_date_unfit", "consent_date_unfit", "consent_without_source", "consent_purpose_unknown"]


def test_a_consent_is_read_and_a_row_without_a_date_tells_of_none(tmp_path: Path) -> None:
    assert consents_in(
        tmp_path,
        "030 23125001;02.01.1970;Formular;Umfrage",
        "030 23125002;;Formular;alles",
        "030 23125003;1970-01-02 00:00;Messe;",
        "030 23125004;1970-01-02;Messe;sales_business",
    ) == [
        RowConsent(86400.0, "Formular", "research"),
        None,
        RowConsent(86400.0, "Messe", "sales"),
        RowConsent(86400.0, "Messe", "sales_business"),
    ]


@pytest.mark.req("GEN-044")
def test_a_contact_has_its_number_its_name_and_the_reason_it_is_called_for(tmp_path: Path) -> None:
    text = "Name;Telefon;Grund\r\nErika Müller;030 23125123;Zählerwechsel\r\n"
    (row,) = everything(a_file(tmp_path, text))
    assert isinstance(row, Row)
    assert (row.number, row.name, dict(row.fields)) == (
        "+493023125123",
        "Erika Müller",
        {"Grund": "Zählerwechsel"},
    )
