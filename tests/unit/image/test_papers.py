"""The bill of materials, from a small root of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

PAPERS = Path(__file__).resolve().parents[3] / "image/papers.py"


def run(root: Path) -> subprocess.CompletedProcess[str]:
    outputs = [str(root / "sbom.json"), str(root / "licences.txt")]
    command = [sys.executable, str(PAPERS), str(root), "1.2.3", *outputs]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def root_with(tmp_path: Path, status: str) -> Path:
    dpkg = tmp_path / "var/lib/dpkg"
    dpkg.mkdir(parents=True)
    (dpkg / "status").write_text(status)
    return tmp_path


def test_packages_and_wheels_are_listed_with_their_licences(tmp_path: Path) -> None:
    root = root_with(
        tmp_path,
        "Package: kamailio\nStatus: install ok installed\nArchitecture: amd64\nVersion: 5.6.3-2\n\n"
        "Package: gone\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 1\n\n",
    )
    paper = root / "usr/share/doc/kamailio/copyright"
    paper.parent.mkdir(parents=True)
    paper.write_text("Files: *\nLicense: GPL-2+\n\nFiles: x\nLicense: BSD-3-clause\n")
    wheel = root / "opt/strowger/.venv/lib/python3.11/site-packages/bottle-0.13.dist-info/METADATA"
    wheel.parent.mkdir(parents=True)
    wheel.write_text("Name: bottle\nVersion: 0.13\nLicense: MIT\n")
    assert run(root).returncode == 0
    sbom = json.loads((root / "sbom.json").read_text("utf-8"))
    assert sbom["bomFormat"] == "CycloneDX"
    found = {
        each["purl"]: [name["license"]["name"] for name in each["licenses"]] for each in sbom["components"]
    }
    assert found == {
        "pkg:deb/debian/kamailio@5.6.3-2?arch=amd64": ["BSD-3-clause", "GPL-2+"],
        "pkg:pypi/bottle@0.13": ["MIT"],
    }
    assert "GPL-2+" in (root / "licences.txt").read_text("utf-8")


def test_an_empty_root_is_an_error_and_not_an_empty_bill(tmp_path: Path) -> None:
    done = run(root_with(tmp_path, ""))
    assert done.returncode != 0
    assert not (tmp_path / "sbom.json").exists()
