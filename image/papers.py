"""Bill of materials and licence list of an unpacked root: `papers.py ROOT VERSION SBOM.json LICENCES.txt`.

Reads what dpkg and the wheels say of themselves and nothing else; equal roots make equal papers. The bill is CycloneDX
1.5 with one component for each Debian package and each Python distribution.
"""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path

_LICENCE = re.compile(r"^License:[ \t]*(\S.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Component:
    """One package: its package URL (purl), what it is from, the licences it names."""

    name: str
    version: str
    purl: str
    supplier: str
    licences: tuple[str, ...]


def debian(root: Path) -> Iterator[Component]:
    """Every installed Debian package."""
    for entry in (root / "var/lib/dpkg/status").read_text("utf-8").split("\n\n"):
        told = HeaderParser().parsestr(entry)
        name, version = told["Package"], told["Version"]
        if name is None or "installed" not in (told["Status"] or "").split():
            continue
        purl = f"pkg:deb/debian/{name}@{version}?arch={told['Architecture']}"
        paper = root / "usr/share/doc" / name / "copyright"
        found = _LICENCE.findall(paper.read_text("utf-8", "replace")) if paper.is_file() else []
        licences = tuple(sorted({each.strip() for each in found})) or ("see copyright file",)
        yield Component(name, version, purl, "Debian", licences)


def python(root: Path) -> Iterator[Component]:
    """Every Python distribution in the box's environment."""
    for paper in sorted(root.glob("opt/strowger/.venv/lib/python3*/site-packages/*.dist-info/METADATA")):
        told = HeaderParser().parsestr(paper.read_text("utf-8"))
        name, version = told["Name"], told["Version"]
        classified = [
            c.rpartition(" :: ")[2] for c in told.get_all("Classifier", []) if c.startswith("License ::")
        ]
        named = (
            told["License-Expression"] or ", ".join(classified) or (told["License"] or "").partition("\n")[0]
        )
        purl = f"pkg:pypi/{name.lower().replace('_', '-')}@{version}"
        yield Component(name, version, purl, "PyPI", (named or "unknown",))


def bill(components: list[Component], version: str) -> dict[str, object]:
    """The bill of materials as CycloneDX 1.5."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "firmware", "name": "strowger", "version": version}},
        "components": [
            {
                "type": "library",
                "name": each.name,
                "version": each.version,
                "purl": each.purl,
                "supplier": {"name": each.supplier},
                "licenses": [{"license": {"name": name}} for name in each.licences],
            }
            for each in components
        ],
    }


def main(root: Path, version: str, sbom: Path, licences: Path) -> None:
    """Write both papers."""
    components = sorted([*debian(root), *python(root)], key=lambda each: each.purl)
    if not components:
        raise SystemExit(f"{root} holds no packages.")
    sbom.write_text(json.dumps(bill(components, version), indent=1) + "\n", "utf-8")
    lines = (f"{each.purl}\n    {'; '.join(each.licences)}\n" for each in components)
    licences.write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
