"""The way into a machine under test: runs as root inside it, answers commands on the second serial line.

``Machine`` puts this file on the data partition of its copy of a disk and lets the kernel start it before systemd
(``init=/data/hatch``); the image itself has no such way. A request is one line of JSON, ``{"run": "SHELL COMMAND",
"timeout_s": 60}``, an answer ``{"status": 0, "output": "..."}``.
"""

import json
import os
import subprocess
import sys
import termios
import tty

LINE = "/dev/ttyS1"
WITHOUT_CALL = "/data/without-call"
"""Where this file is, a version on trial need not show a call: a translated processor is too slow for its audio."""
UNIT = f"""[Unit]
DefaultDependencies=no
[Service]
ExecStart=/usr/bin/python3 {os.path.abspath(__file__)} serve
Restart=always
[Install]
WantedBy=sysinit.target
"""


def install() -> None:
    """Become the real first process, with this program as one more unit."""
    folder = "/run/systemd/system"
    os.makedirs(f"{folder}/sysinit.target.wants", exist_ok=True)
    with open(f"{folder}/hatch.service", "w", encoding="ascii") as unit:
        unit.write(UNIT)
    if os.path.exists(WITHOUT_CALL):
        os.makedirs(f"{folder}/strowger-prove.service.d", exist_ok=True)
        with open(f"{folder}/strowger-prove.service.d/test.conf", "w", encoding="ascii") as more:
            more.write("[Service]\nEnvironment=STROWGER_PROOF=\n")
    os.symlink("../hatch.service", f"{folder}/sysinit.target.wants/hatch.service")
    os.execv("/sbin/init", ["/sbin/init"])


def serve() -> None:
    """Answer until the machine goes down."""
    line = os.open(LINE, os.O_RDWR | os.O_NOCTTY)
    tty.setraw(line, termios.TCSANOW)
    requests = os.fdopen(os.dup(line), "rb")
    while True:
        asked = json.loads(requests.readline())
        os.write(line, (json.dumps(run(asked["run"], asked["timeout_s"])) + "\n").encode())


def run(command: str, timeout_s: float) -> dict[str, object]:
    """One shell command, its status (-1: took too long) and the end of its output."""
    try:
        done = subprocess.run(
            command,
            shell=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        return {"status": -1, "output": (late.output or b"").decode(errors="replace")[-50_000:]}
    return {"status": done.returncode, "output": done.stdout.decode(errors="replace")[-50_000:]}


if __name__ == "__main__":
    serve() if sys.argv[1:] == ["serve"] else install()
