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
TRANSLATED = "/data/translated"
"""Where this file is, the processor is translated, ten to thirty times slower: the service has longer to start and to
show life, and a version on trial need not show a call, whose audio would come too late."""
SLOW = {
    "strowger.service": "TimeoutStartSec=900\nWatchdogSec=300\n",
    "strowger-edge.service": "TimeoutStartSec=900\n",
    "strowger-prove.service": "TimeoutStartSec=1800\nEnvironment=STROWGER_PROOF=\n",
}
UNIT = f"""[Unit]
DefaultDependencies=no
# Or the box would be slower under test than it is.
After=strowger.service strowger-kamailio.service
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
    if os.path.exists(TRANSLATED):
        os.makedirs("/run/systemd/system.conf.d", exist_ok=True)
        with open("/run/systemd/system.conf.d/zz-slow.conf", "w", encoding="ascii") as more:
            more.write("[Manager]\nRuntimeWatchdogSec=20min\nRebootWatchdogSec=20min\n")
    for unit, settings in SLOW.items() if os.path.exists(TRANSLATED) else ():
        os.makedirs(f"{folder}/{unit}.d", exist_ok=True)
        with open(f"{folder}/{unit}.d/slow.conf", "w", encoding="ascii") as more:
            more.write(f"[Service]\n{settings}")
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
