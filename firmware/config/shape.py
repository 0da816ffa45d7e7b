"""What can be set, with its type, its limits, its default and what it is for.

The strings in the annotations become the comments of the example file; the rules are enforced by ``reader``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated

from firmware.config.inbound_shape import InboundConfig as InboundConfig
from firmware.typed import Length, Matches, OneOf, Range, Secret

_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?"
_IPV6 = r"\[[0-9A-Fa-f:.]{2,45}\]"
_PORT = r"(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])"

_HostPort = Matches(f"(?:{_HOST}|{_IPV6}):{_PORT}", "host:port")
_HostName = Matches(f"{_HOST}|{_IPV6}", "a host name or an address")
_Domain = Matches(_HOST, "a domain name")
_Label = Matches(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?", "1 to 32 small letters, digits and hyphens")
SFTP_URL = (
    rf"sftp://(?P<user>[A-Za-z0-9_][A-Za-z0-9._-]{{0,63}})@(?P<host>{_HOST}|{_IPV6})(?::(?P<port>{_PORT}))?"
    r"(?P<path>(?:/[\w .~+-]{1,100}){1,20})/?"
)
"""No password, which belongs on no page; no sign that sftp's own command line would take for more than a letter."""
SMB_URL = (
    r"smb://(?:(?P<domain>[A-Za-z0-9][A-Za-z0-9.-]{0,63});)?(?P<account>\w[\w .-]{0,63})@"
    rf"(?P<nas>{_HOST}|{_IPV6})(?::(?P<nas_port>{_PORT}))?"
    r"(?P<share>/[\w .$~+-]{1,80}(?:/(?!\.{1,2}(?:/|$))[\w .$~+-]{1,100}){0,20})/?"
)
"""The same of a share, below which there may be a folder; ``DOMAIN;`` where the user is one of a Windows domain."""
_RESERVE_FROM = 4
"""On fewer lines than these a line kept free would cost more than it is worth, unless somebody says so."""
_Name = Matches(r"[^\x00-\x1f\x7f]*", "printable text")


@dataclass(frozen=True, slots=True)
class BoxConfig:
    """``[box]``: what this box is called and where it stands."""

    name: Annotated[str, Length(1, 60), _Name, "Shown on every page and in the journal."] = "Strowger"
    language: Annotated[
        str, OneOf(("de", "en")), "Of announcements and of pages before somebody logs in."
    ] = "de"
    zone: Annotated[str, "Time zone of the office (IANA name)."] = "Europe/Berlin"
    country: Annotated[
        str, Matches("[A-Z]{2}", "a country code of two capital letters"), "How national numbers are read."
    ] = "DE"


@dataclass(frozen=True, slots=True)
class PathsConfig:
    """``[paths]``: where things are kept."""

    state: Annotated[Path, "Must survive: database, opt-out journal, recordings, uploads."] = Path(
        "/var/lib/strowger"
    )
    runtime: Annotated[Path, "May vanish at boot: sockets and generated files."] = Path("/run/strowger")
    prompts: Annotated[str, "Folder of announcements; empty: the voices made at set-up."] = ""

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.state / "strowger.db"

    @property
    def opt_out_journal(self) -> Path:
        """The append-only file of opt-outs, beside the database."""
        return self.state / "opt-outs.journal"

    @property
    def recordings(self) -> Path:
        """Folder of recorded calls."""
        return self.state / "recordings"

    @property
    def uploads(self) -> Path:
        """Folder the web pages put uploaded files into; the service deletes each when it is done with it."""
        return self.state / "uploads"

    @property
    def speech(self) -> Path:
        """Folder of messages spoken once and kept; may be emptied at any time."""
        return self.state / "speech"

    @property
    def reports(self) -> Path:
        """Folder of the bad rows of imports."""
        return self.state / "reports"

    @property
    def setup_code(self) -> Path:
        """The code for the first visit; gone once an administrator exists."""
        return self.state / "setup-code"

    @property
    def control_socket(self) -> Path:
        """The UNIX socket of ``firmware.control``."""
        return self.runtime / "control.sock"

    @property
    def trial(self) -> Path:
        """There while a version is on trial: it works on a copy of the data that is thrown away afterwards."""
        return self.runtime / "on-trial"


@dataclass(frozen=True, slots=True)
class SipConfig:
    """``[sip]``: the service's own SIP side; its signalling stays on loopback behind the edge."""

    port: Annotated[int, Range(1024, 65535), "UDP port on 127.0.0.1."] = 5070
    proxy: Annotated[str, _HostPort, "Where the edge takes our calls."] = "127.0.0.1:5060"
    domain: Annotated[str, _Domain, "Name of the box inside SIP messages."] = "strowger.invalid"
    rtp_first: Annotated[int, Range(1024, 65535), "First UDP port for audio."] = 30000
    rtp_last: Annotated[int, Range(1024, 65535), "Last UDP port for audio; two for each leg."] = 31999
    clock_rate: Annotated[int, OneOf((8000, 16000)), "Samples a second in the conference."] = 8000


@dataclass(frozen=True, slots=True)
class EdgeConfig:
    """``[edge]``: Kamailio and rtpengine, the side that faces the network."""

    listen: Annotated[
        tuple[Annotated[str, _HostPort], ...],
        Length(1, 16),
        "Where phones and trunks reach us (UDP and TCP).",
    ] = ("0.0.0.0:5060",)
    media_address: Annotated[str, "Address offered for audio; empty: the one packets leave from."] = ""
    browser_phones: Annotated[
        str, _HostPort, "Where nginx brings agents' phones in the browser (WebSocket); on loopback."
    ] = "127.0.0.1:5066"
    rtpengine: Annotated[str, _HostPort, "Control port of rtpengine."] = "127.0.0.1:2223"
    rtpengine_first: Annotated[int, Range(1024, 65535), "First UDP port rtpengine uses."] = 40000
    rtpengine_last: Annotated[int, Range(1024, 65535), "Last UDP port rtpengine uses."] = 41999
    ban_after: Annotated[int, Range(1, 1000), "Failed passwords from one address before it is shut out."] = 5
    ban_s: Annotated[float, Range(1, 86_400), "How long it stays shut out."] = 900.0
    pike_window_s: Annotated[int, Range(1, 60), "Requests of one address are counted over this time."] = 2
    pike_requests: Annotated[
        int, Range(1, 10_000), "More than so many in that time: the address is ignored."
    ] = 60


GATEWAYS = {"grandstream-ht8xx": "none", "cisco-spa": "none", "fritzbox": "gateway"}
"""Makes of gateways with their usual answer supervision: the first two say 200 OK as soon as they have seized the line,
unless they are set to wait for a reversal; a router knows of its own line's answers as far as the network told it."""


@dataclass(frozen=True, slots=True)
class TrunkConfig:
    """One ``[[trunk]]``: a way out through a telephone provider or a gateway."""

    name: Annotated[str, _Label, "Short name; campaigns choose the trunk by it."]
    host: Annotated[str, _HostName, "The provider's registrar or proxy."]
    port: Annotated[int, Range(1, 65535), "The provider's port."] = 5060
    transport: Annotated[str, OneOf(("udp", "tcp", "tls")), "How SIP travels."] = "udp"
    username: Annotated[str, Length(0, 128), "For digest authentication; empty: known by address."] = ""
    password: Annotated[Secret, "Kept out of every log."] = field(default_factory=Secret)
    password_file: Annotated[str, "File holding the password instead; not readable by others."] = ""
    register: Annotated[bool, "Register at the provider to be reachable."] = False
    lines: Annotated[int, Range(1, 1000), "Calls at the same time the contract allows."] = 30
    reserve: Annotated[
        int,
        Range(-1, 999),
        "Lines campaigns leave free for callers and emergency calls; -1: one where there are four or more.",
    ] = -1
    caller_ids: Annotated[
        tuple[Annotated[str, Matches(r"\+[1-9]\d{6,14}", "a number like +493023125001")], ...],
        Length(0, 1000),
        "Numbers we may show.",
    ] = ()
    gateway: Annotated[
        str,
        OneOf(("", *GATEWAYS)),
        "A gateway or router with an analog line behind it; empty: a provider.",
    ] = ""
    answer_supervision: Annotated[
        str,
        OneOf(("", "none", "polarity", "gateway")),
        "How the gateway knows of an answer (none: the box listens); empty: as such a gateway usually does.",
    ] = ""

    @property
    def supervision(self) -> str:
        """``none``, ``polarity`` or ``gateway``; empty: a provider's word."""
        return self.answer_supervision or GATEWAYS.get(self.gateway, "")

    @property
    def campaign_lines(self) -> int:
        """Lines that campaigns may use."""
        kept = self.reserve if self.reserve >= 0 else int(self.lines >= _RESERVE_FROM)
        return max(0, self.lines - kept)


@dataclass(frozen=True, slots=True)
class LineConfig:
    """One ``[[line]]``: an analog telephone line on a voice modem."""

    name: Annotated[str, _Label, "Short name of the line."]
    port: Annotated[
        str,
        Matches(
            r"/dev/[\x21-\x7e]{1,200}|(?:serial|usb):[\x21-\x7e]{1,100}|/[\x21-\x7e]{1,200}", "a serial port"
        ),
        "The modem: /dev/serial/by-id/..., serial:NUMBER or usb:1-1.3.",
    ]
    trunk: Annotated[
        str, Matches(r"|[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?", "the name of a trunk"),
        "Campaigns choose it; lines of one trunk share its calls; empty: the line's name.",
    ] = ""  # fmt: skip
    country: Annotated[
        str, Matches("|[A-Z]{2}", "a country code of two capital letters"), "Its network; empty: the box's."
    ] = ""
    number: Annotated[
        str, Matches(r"|\+[1-9]\d{6,14}", "a number like +493023125001"), "Its own, which the called see."
    ] = ""
    outside: Annotated[
        str, Matches(r"[0-9*#]{0,6}", "digits"), "Dialled first, where it is an extension."
    ] = ""
    dialling: Annotated[
        str, OneOf(("tones", "modem", "pulse")), "tones: ours; modem, pulse: by the modem itself."
    ] = "tones"
    wait_dial_tone: Annotated[bool, "Dial only once a dial tone is heard."] = True
    reversal_answers: Annotated[bool, "The network reverses the wires when the far end answers."] = False
    silence_s: Annotated[float, Range(0, 3600), "Silence that ends a conversation; 0: never."] = 60.0
    heard_db: Annotated[float, Range(-30, 12), "Gain of what is heard, to a tenth of a decibel."] = 0.0
    said_db: Annotated[float, Range(-30, 12), "Gain of what is said, to a tenth of a decibel."] = 0.0

    @property
    def trunk_name(self) -> str:
        """The trunk it belongs to."""
        return self.trunk or self.name


@dataclass(frozen=True, slots=True)
class DiallingConfig:
    """``[dialling]``: limits no campaign can exceed."""

    calls_per_second: Annotated[float, Range(0.1, 200), "Calls started a second, all campaigns together."] = (
        10.0
    )
    max_call_s: Annotated[float, Range(60, 86_400), "A call longer than this is ended."] = 7200.0
    min_free_disk: Annotated[float, Range(0.01, 0.5), "No dialling below this share of free disk."] = 0.05
    tick_s: Annotated[float, Range(0.05, 10), "How often pacing decides."] = 1.0
    emergency: Annotated[
        tuple[Annotated[str, Matches(r"\d{2,6}", "a short number of digits")], ...],
        Length(1, 50),
        "Numbers that always get through and are never dialled by a campaign.",
    ] = ("110", "112")
    most_crashes: Annotated[
        int, Range(1, 1000), "Crashes within a quarter of an hour; after more of them campaigns rest."
    ] = 3
    trusted_clock: Annotated[
        str, OneOf(("auto", "require")), "auto: a plausible clock is enough; require: synchronised by NTP."
    ] = "auto"


@dataclass(frozen=True, slots=True)
class WebConfig:
    """``[web]``: the pages."""

    listen: Annotated[str, _HostPort, "Where the pages are served; nginx stands in front."] = "127.0.0.1:8080"
    threads: Annotated[int, Range(4, 512), "Requests and live pages at the same time."] = 80
    names: Annotated[
        tuple[Annotated[str, _Domain], ...],
        Length(0, 32),
        "Host names people reach the box by, besides its own.",
    ] = ()
    second_factor: Annotated[
        str,
        OneOf(("optional", "administrators", "everybody")),
        "Who must log in with a code besides the password.",
    ] = "optional"
    agent_figures: Annotated[
        str,
        OneOf(("each", "groups")),
        "Figures of work in reports: of each agent, or only of five or more together.",
    ] = "each"


@dataclass(frozen=True, slots=True)
class WebhooksConfig:
    """``[webhooks]``: where other programs may be told what happens."""

    private_networks: Annotated[
        tuple[Annotated[str, Matches(r"[0-9A-Fa-f:.]{2,45}/\d{1,3}", "a network like 192.168.10.0/24")], ...],
        Length(0, 32),
        "Networks of the office that webhooks may reach; others only if they are public.",
    ] = ()
    loopback: Annotated[bool, "Let webhooks reach this very machine; for tests."] = False
    timeout_s: Annotated[float, Range(0.5, 60), "A receiver that takes longer has not taken it."] = 10.0


@dataclass(frozen=True, slots=True)
class MailConfig:
    """``[mail]``: the one server reports and alerts go out by."""

    host: Annotated[str, Matches(rf"|{_HOST}|{_IPV6}", "a host name or an address"), "Empty: no mail."] = ""
    port: Annotated[int, Range(1, 65535), "587 with starttls, 465 with tls, 25 with none."] = 587
    security: Annotated[
        str, OneOf(("starttls", "tls", "none")), "none: in the clear and without a password."
    ] = "starttls"
    user: Annotated[str, Length(0, 128), "Empty: no login."] = ""
    password_file: Annotated[str, "File holding the password; not readable by others."] = ""
    password: Annotated[Secret, "Or the password itself; kept out of every log."] = field(
        default_factory=Secret
    )
    sender: Annotated[
        str, Matches(r"|[^@\s<>]{1,64}@[A-Za-z0-9.-]{1,190}", "an e-mail address"), "Where mail comes from."
    ] = ""
    ca_file: Annotated[str, "Certificate of the server's own authority; empty: the well-known ones."] = ""
    timeout_s: Annotated[float, Range(0.5, 120), "A server that is silent for longer has not answered."] = (
        20.0
    )


@dataclass(frozen=True, slots=True)
class BackupConfig:
    """``[backup]``: one encrypted file a night."""

    folder: Annotated[
        str,
        Matches(
            rf"(?!sftp:|smb:).*|{SFTP_URL}|{SMB_URL}",
            "a folder, or like sftp://backup@server.example/folder or smb://backup@server.example/share/folder",
        ),
        "Where to: a mounted stick, sftp://USER@SERVER/FOLDER or smb://USER@SERVER/SHARE/FOLDER; empty: no backups.",
    ] = ""
    at: Annotated[str, Matches(r"([01]\d|2[0-3]):[0-5]\d", "a time like 02:30"), "By the office's clock."] = (
        "02:30"
    )
    keep_days: Annotated[int, Range(1, 365), "Older files go, and with them what was erased on the box."] = 14
    recordings: Annotated[bool, "Take recorded calls along."] = False
    own_disk: Annotated[bool, "The folder may be on the box's own disk."] = False


@dataclass(frozen=True, slots=True)
class PowerConfig:
    """``[power]``: an uninterruptible supply that NUT watches."""

    ups: Annotated[
        str, Matches(r"[A-Za-z0-9._-]{0,64}", "a name NUT knows"), "Name of the supply in NUT; empty: none."
    ] = ""
    server: Annotated[str, _HostPort, "Where NUT's upsd answers."] = "127.0.0.1:3493"
    low_percent: Annotated[int, Range(5, 95), "On battery and below this: the box shuts down in order."] = 25


@dataclass(frozen=True, slots=True)
class BoardConfig:
    """``[board]``: lamps, button, relay and ring detector on GPIO lines; -1: not there."""

    chip: Annotated[
        str,
        Matches(r"|/dev/gpiochip\d{1,3}", "a device like /dev/gpiochip0"),
        "The lines' chip; empty: none.",
    ] = ""
    green: Annotated[int, Range(-1, 511), "Line of the green lamp."] = -1
    red: Annotated[int, Range(-1, 511), "Line of the red lamp; amber is both."] = -1
    button: Annotated[int, Range(-1, 511), "Line of the button, which pulls it down."] = -1
    relay: Annotated[
        int, Range(-1, 511), "Line of the relay that parts telephone and line while the box lives."
    ] = -1
    ring: Annotated[int, Range(-1, 511), "Line of the ring detector, which pulls it down."] = -1


@dataclass(frozen=True, slots=True)
class Config:
    """The whole file."""

    box: BoxConfig = field(default_factory=BoxConfig)
    paths: PathsConfig = field(default_factory=PathsConfig)
    sip: SipConfig = field(default_factory=SipConfig)
    edge: EdgeConfig = field(default_factory=EdgeConfig)
    trunks: tuple[TrunkConfig, ...] = ()
    lines: tuple[LineConfig, ...] = ()
    inbound: tuple[InboundConfig, ...] = ()
    dialling: DiallingConfig = field(default_factory=DiallingConfig)
    web: WebConfig = field(default_factory=WebConfig)
    webhooks: WebhooksConfig = field(default_factory=WebhooksConfig)
    mail: MailConfig = field(default_factory=MailConfig)

    def with_line_trunks(self) -> Config:
        """The same with each trunk made of analog lines among the trunks, for whoever only chooses one of them."""
        names = dict.fromkeys(line.trunk_name for line in self.lines)
        made = tuple(self._line_trunk(name) for name in names)
        return replace(self, trunks=(*self.trunks, *made))

    def _line_trunk(self, name: str) -> TrunkConfig:
        lines = [line for line in self.lines if line.trunk_name == name]
        numbers = tuple(line.number for line in lines if line.number)
        return TrunkConfig(name=name, host="line.invalid", lines=len(lines), caller_ids=numbers)

    backup: BackupConfig = field(default_factory=BackupConfig)
    power: PowerConfig = field(default_factory=PowerConfig)
    board: BoardConfig = field(default_factory=BoardConfig)

    def trunk(self, name: str) -> TrunkConfig | None:
        """The trunk of that name, if there is one."""
        return next((trunk for trunk in self.trunks if trunk.name == name), None)
