"""The processes under test, and a browser's habits in a few lines: cookies, redirects, form tokens."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.web.processes import Process

REPO = Path(__file__).parents[2]
ADMINISTRATOR = ("anna", "korrekt pferd batterie")
AGENT = ("jonas", "eine lange losung eins")
OTHER_AGENT = ("mira", "eine lange losung zwei")

CONFIG = """
[box]
name = "Strowger"
language = "de"
[paths]
state = "{state}"
runtime = "{runtime}"
[[trunk]]
name = "provider"
host = "127.0.0.1"
lines = 30
caller_ids = ["+493023125001", "+493023125002"]
[webhooks]
loopback = true
[web]
names = ["box.example"]
"""

CODES = [
    ("contacted", 1, "Success", "Erfolg", "contacted"),
    ("callback", 3, "Callback", "Wiedervorlage", "callback"),
    ("wrong_number", 7, "Wrong number", "Falsche Nummer", "wrong_number"),
]


class Answer:
    """One answer, its body as text."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.cookies = [value for name, value in response.getheaders() if name.lower() == "set-cookie"]
        self.body = response.read()

    @property
    def text(self) -> str:
        """The body."""
        return self.body.decode()

    @property
    def path(self) -> str:
        """Where a redirect leads."""
        return urlsplit(self.headers["location"]).path


class Client:
    """A browser without scripts."""

    def __init__(self, port: int, https: bool = False) -> None:
        self.port, self.https = port, https
        self.cookies: dict[str, str] = {}
        self.csrf = ""

    @property
    def origin(self) -> str:
        """As a browser names it."""
        return f"{'https' if self.https else 'http'}://127.0.0.1:{self.port}"

    def send(
        self,
        method: str,
        path: str,
        body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request; cookies are kept, redirects not followed."""
        own = {"Host": f"127.0.0.1:{self.port}"}
        if self.https:
            own["X-Forwarded-Proto"] = "https"
        if self.cookies:
            own["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = self._connection()
        try:
            connection.request(method, path, body, {**own, **(headers or {})})
            answer = Answer(connection.getresponse())
        finally:
            connection.close()
        for cookie in answer.cookies:
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
        if found := re.search(rb'name="form-token" content="([^"]*)"', answer.body):
            self.csrf = found[1].decode()
        return answer

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def get(self, path: str, **headers: str) -> Answer:
        """Fetch a page."""
        return self.send(
            "GET", path, None, {name.replace("_", "-"): value for name, value in headers.items()}
        )

    def post(self, path: str, fields: Mapping[str, Any] | None = None) -> Answer:
        """Send a form as one of our pages would."""
        body = urlencode({"csrf": self.csrf, **(fields or {})}, doseq=True)
        kind = "application/x-www-form-urlencoded"
        return self.send("POST", path, body, {"Origin": self.origin, "Content-Type": kind})

    def upload(self, name: str, content: bytes) -> Answer:
        """Send a file as the upload form would."""
        mark = "----strowger"
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{self.csrf}\r\n'
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: text/csv\r\n\r\n"
        )
        body = head.encode() + content + f"\r\n--{mark}--\r\n".encode()
        kind = f"multipart/form-data; boundary={mark}"
        return self.send("POST", "/lists/upload", body, {"Origin": self.origin, "Content-Type": kind})

    def log_in(self, who: tuple[str, str]) -> Client:
        """Log in and fetch the form token."""
        answer = self.post("/login", {"login": who[0], "password": who[1]})
        assert answer.status == 303, answer.text
        self.get("/account")
        return self


class Box:
    """The two processes and how to reach them."""

    def __init__(self, folder: Path, settings: str = "") -> None:
        self.folder = folder
        self.config = folder / "box.toml"
        for name in ("state", "runtime"):
            (folder / name).mkdir(exist_ok=True)
        usual = CONFIG.format(state=folder / "state", runtime=folder / "runtime")
        self.config.write_text(usual + settings)
        self.service: Process | None = None
        self.web: Process | None = None
        self.agents: dict[str, int] = {}

    @classmethod
    @contextmanager
    def started(cls, folder: Path, settings: str = "", like: Box | None = None) -> Iterator[Box]:
        """Both processes, stopped at the end, on what the box ``like`` knew when it was switched off.

        ``settings`` are more sections of the settings file.
        """
        box = cls(folder, settings)
        if like is not None:
            shutil.copytree(like.folder / "state", folder / "state", dirs_exist_ok=True)
            box.agents = dict(like.agents)
        try:
            box.start_service()
            box.start_web()
            yield box
        finally:
            for process in (box.web, box.service):
                if process is not None:
                    process.stop()

    def start_service(self) -> None:
        """Start the service."""
        self.service = Process("tests.web.fake_service", ["--config", str(self.config)], "^ready")

    def start_web(self, port: int = 0) -> None:
        """Start the pages."""
        self.web = Process(
            "web_ui.app",
            ["--config", str(self.config), "--listen", f"127.0.0.1:{port}"],
            r"listening on http://[^:]+:(\d+)",
        )

    @property
    def port(self) -> int:
        """Where the pages are."""
        assert self.web is not None
        assert self.web.said is not None
        return int(self.web.said[1])

    @property
    def base(self) -> str:
        """Address of the pages."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def setup_code(self) -> str:
        """What the console shows."""
        return (self.folder / "state/setup-code").read_text().strip()

    def client(self, who: tuple[str, str] | None = None, https: bool = False) -> Client:
        """A new browser, logged in as ``who``."""
        client = Client(self.port, https)
        return client.log_in(who) if who else client

    def ask(self, do: str, /, where: str = "remote.sock", **args: Any) -> Any:
        """Tell the fake service something."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(self.folder / "runtime" / where))
            connection.sendall(json.dumps({"id": 1, "do": do, "args": args}).encode() + b"\n")
            reply = json.loads(connection.makefile().readline())
        assert reply["ok"], reply
        return reply["result"]

    def furnish(self) -> None:
        """An administrator, two agents, a list of 20 contacts, a running campaign, one attempt."""
        client = self.client()
        first = {"code": self.setup_code, "name": "Anna Berg", "login": ADMINISTRATOR[0], "language": "de"}
        password = {"password": ADMINISTRATOR[1], "again": ADMINISTRATOR[1]}
        assert client.post("/setup", {**first, **password}).status == 303
        client.get("/account")
        for name, who in (("Jonas Weber", AGENT), ("Mira Koch", OTHER_AGENT)):
            self.agents[who[0]] = self.hire(client, name, who)
        self.import_list(client, "Herbst 2026", people(20))
        made = client.post("/campaigns", campaign_form(list(self.agents.values())))
        assert made.status == 303, made.text
        assert client.post("/campaigns/1/start").status == 303
        self.ask("attempt", campaign_id=1, user_id=self.agents["jonas"], note="Bitte am Vormittag")

    def hire(self, client: Client, name: str, who: tuple[str, str], *roles: str) -> int:
        """Add a person, an agent if nothing else is said."""
        form = {
            "name": name,
            "login": who[0],
            "role": roles or "agent",
            "language": "de",
            "phone_mode": "nailed_up",
        }
        made = client.post("/users", {**form, "password": who[1], "again": who[1]})
        assert made.status == 303, made.text
        return int(made.path.rsplit("/", 1)[1])

    def import_list(self, client: Client, name: str, content: bytes, **roles: str) -> str:
        """Upload and import; the path of the import's page."""
        uploaded = client.upload(f"{name}.csv", content)
        assert uploaded.status == 303, uploaded.text
        columns = {"column-0": "Name", "role-0": "name", "column-1": "Telefon", "role-1": "number", **roles}
        begun = client.post(uploaded.path, {"name": name, "country": "DE", "list_id": "", **columns})
        assert begun.status == 303, begun.text
        await_import(client, begun.path)
        return begun.path

    def talk(self, user_id: int, since: float, **call: Any) -> None:
        """Put a conversation on an agent's desk."""
        self.ask("desk", user_id=user_id, desk=conversation(since, **call))


def await_import(client: Client, path: str) -> None:
    """Look at an import until it says it is done."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        told = json.loads(client.get(f"/live{path.removeprefix('/lists')}.json").text)
        if 'class="button' in told["regions"]["import"]:
            return
        time.sleep(0.02)  # between two looks at a foreign process
    raise AssertionError("the import did not end")


def people(count: int) -> bytes:
    """A contact list with numbers nobody has."""
    rows = [f"Person {i};+49 30 23125{i:03d}" for i in range(count)]
    return ("Name;Telefon\r\n" + "\r\n".join(rows) + "\r\n").encode()


def campaign_form(agents: list[int], **other: Any) -> dict[str, Any]:
    """A campaign as the form sends it."""
    form: dict[str, Any] = {
        "name": "Herbstaktion",
        "contact_list_id": "1",
        "country": "DE",
        "default_zone": "Europe/Berlin",
        "trunk": "provider",
        "caller_id": "+493023125001",
        "max_attempts": "3",
        "min_gap_h": "4",
        "ring_timeout_s": "25",
        "hold_s": "2",
        "wrap_up_limit_s": "60",
        "abandon_target_pc": "3",
        "amd_enabled": "1",
        "amd_sensitivity": "balanced",
        "agent_ids": [str(agent) for agent in agents],
    }
    for day in range(5):
        form |= {f"day-{day}": "1", f"from-{day}-0": "09:00", f"to-{day}-0": "18:00"}
    return {**form, **other}


def record(since: float, **offer: Any) -> dict[str, Any]:
    """A desk with a record to look at on it."""
    shown = {
        "contact_id": 7,
        "campaign": {"id": 1, "name": "Herbstaktion"},
        "number": "+493023125007",
        "name": "Karla Neumann",
        "fields": {"Firma": "Neumann & Söhne"},
        "attempts": 1,
        "step": "offered",
        "by_hand": False,
        "since": since,
        "dials_at": None,
        "ends_at": since + 180,
        "may_skip": True,
    }
    return {
        "state": "reserved",
        "since": since,
        "attempt": None,
        "call": None,
        "offer": {**shown, **offer},
        "history": [{"at": since - 86400, "disposition": "no_answer", "note": "Ruft zurück"}],
    }


def shown(since: float, **call: Any) -> dict[str, Any]:
    """A desk that is shown a call that came in."""
    incoming = {
        "called": "+493023125000",
        "rule": "office",
        "offered_at": since,
        "asked": True,
        "known": True,
        "kind": "callback",
    }
    desk = conversation(since, state="ringing", verdict=None, **{"incoming": incoming, **call})
    before = {"at": since - 86400, "disposition": None, "note": "", "incoming": "missed", "attempt": "x"}
    return {**desk, "state": "reserved", "history": [before, *desk["history"]]}


def conversation(since: float, **call: Any) -> dict[str, Any]:
    """A desk with a call on it."""
    fields = ("code", "digit", "label_en", "label_de", "disposition")
    on = {
        "state": "bridged",
        "since": since,
        "held": False,
        "number": "+493023125000",
        "name": "Karla Neumann",
        "fields": {"Firma": "Neumann & Söhne"},
        "verdict": {"label": "human", "confidence": 0.97},
        "ended_by": None,
    }
    return {
        "state": "talking",
        "since": since,
        "attempt": "01K0000000000000000000000A",
        "call": {**on, **call},
        "campaign": {"id": 1, "name": "Herbstaktion"},
        "wrap_up": {
            "codes": [dict(zip(fields, code, strict=True)) for code in CODES],
            "ends_at": None,
            "automatic": "contacted",
        },
        "history": [{"at": since - 86400, "disposition": "no_answer", "note": "Ruft zurück"}],
    }
