"""Writes the configurations of Kamailio and rtpengine from their templates, and has Kamailio check its own.

Leaves starting and stopping them to systemd (or whoever runs the box); leaves passwords out of every file: phones'
and trunks' secrets reach Kamailio's memory through ``phone_book`` and ``trunk_book``.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import subprocess
from dataclasses import dataclass
from pathlib import Path

from firmware.config import Config
from firmware.edge.plan import BROWSER_SUFFIX, Plan
from firmware.model import OperatorError, Problem

CONFIGURATION = "kamailio.cfg"
_TEMPLATES = Path(__file__).parent
_MODULE_FOLDERS = ("/usr/lib/*/kamailio/modules", "/usr/lib/kamailio/modules", "/usr/lib64/kamailio/modules")
_CHECK_TIMEOUT_S = 30.0
_SHARED_MIB, _SHARED_MIB_TLS = 32, 160
"""Kamailio's shared memory. With TLS every process of it keeps a copy of all certificate authorities there."""
_REGISTRATIONS = """\
id(int,auto) l_uuid(string) l_username(string) l_domain(string) r_username(string) r_domain(string) realm(string) \
auth_username(string) auth_password(string) auth_ha1(string) auth_proxy(string) expires(int) flags(int) \
reg_delay(int) contact_addr(string) socket(string)
"""
"""An empty table: the module registers nothing by itself, but wants to have read one."""
_TLS = """\
[server:default]
method = TLSv1.2+
verify_certificate = no
require_certificate = no
private_key = {directory}/tls.key
certificate = {directory}/tls.crt
[client:default]
method = TLSv1.2+
verify_certificate = yes
require_certificate = yes
ca_list = {authorities}
"""
"""A trunk must have a good certificate. Nobody connects to us by TLS yet, but the module wants one of ours too."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """Where everything lies. The folder must belong to whoever runs Kamailio."""

    directory: Path
    kamailio: Path
    rtpengine: Path
    rpc_socket: Path

    def kamailio_command(self) -> list[str]:
        """Kamailio in the foreground."""
        run = ["-Y", str(self.directory), "-P", str(self.directory / "kamailio.pid")]
        return ["kamailio", "-DD", "-E", "-M", "4", "-f", str(self.kamailio), *run]

    def rtpengine_command(self) -> list[str]:
        """rtpengine in the foreground."""
        return [
            "rtpengine",
            f"--config-file={self.rtpengine}",
            f"--pidfile={self.directory / 'rtpengine.pid'}",
        ]


def render(config: Config, directory: Path) -> Rendered:
    """Write all files for ``config`` into ``directory`` (made if missing).

    Raises ``OperatorError`` for values that cannot be used and when Kamailio's modules are not installed.
    """
    return render_plan(Plan.of(config), directory)


def render_plan(plan: Plan, directory: Path) -> Rendered:
    """As ``render``, from a plan."""
    directory.mkdir(parents=True, exist_ok=True)
    rendered = Rendered(
        directory, directory / CONFIGURATION, directory / "rtpengine.conf", directory / "rpc.sock"
    )
    values = _values(plan, rendered)
    for path in (rendered.kamailio, rendered.rtpengine):
        template = (_TEMPLATES / f"{path.name}.in").read_text("utf-8")
        _write(path, re.sub(r"@\{(\w+)\}", lambda match: values[match[1]], template))
    _write(directory / "trunks.list", _trunk_list(plan))
    tables = directory / "db"
    tables.mkdir(exist_ok=True)
    _write(tables / "uacreg", _REGISTRATIONS)
    _write(tables / "version", "table_name(string) table_version(int)\nuacreg:5\n")
    if _speaks_tls(plan):
        _write(directory / "tls.cfg", _TLS.format(directory=directory, authorities=plan.authorities))
        _make_certificate(directory, plan.domain)
    return rendered


def check(rendered: Rendered) -> None:
    """Let Kamailio read its configuration; raises ``OperatorError`` with what it says."""
    command = ["kamailio", "-c", "-E", "-M", "4", "-f", str(rendered.kamailio), "-Y", str(rendered.directory)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_CHECK_TIMEOUT_S, check=False)
    except OSError as error:
        raise OperatorError(_problem("kamailio_missing", f"Kamailio cannot be started: {error}")) from error
    if done.returncode != 0:
        said = "\n".join(line for line in done.stderr.splitlines() if "ERROR" in line or "CRITICAL" in line)
        raise OperatorError(_problem("kamailio_refuses", f"Kamailio refuses its configuration:\n{said}"))


def modules_folder() -> Path:
    """Where Debian put Kamailio's modules on this architecture; ``OperatorError`` if it is not installed."""
    for pattern in _MODULE_FOLDERS:
        for folder in sorted(Path("/").glob(pattern.lstrip("/"))):
            if (folder / "tm.so").exists():
                return folder
    raise OperatorError(
        _problem("kamailio_missing", "Kamailio's modules are not installed (package kamailio)")
    )


def _speaks_tls(plan: Plan) -> bool:
    return any(trunk.transport == "tls" for trunk in plan.trunks)


def _make_certificate(directory: Path, domain: str) -> None:
    """A self-signed one for ten years, once."""
    key, certificate = directory / "tls.key", directory / "tls.crt"
    if certificate.exists():
        return
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    command += ["-days", "3650", "-subj", f"/CN={domain}", "-keyout", str(key), "-out", str(certificate)]
    try:
        subprocess.run(command, capture_output=True, timeout=_CHECK_TIMEOUT_S, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise OperatorError(
            _problem("no_certificate", f"openssl cannot make a certificate: {error}")
        ) from error
    key.chmod(0o640)


def _values(plan: Plan, rendered: Rendered) -> dict[str, str]:
    listen = [f"listen={transport}:{address}" for address in plan.listen for transport in ("udp", "tcp")]
    listen.append(f"listen=tcp:{plan.browser_phones}")
    if _speaks_tls(plan):  # nobody may connect from nowhere: it needs a socket to send from
        listen += [f"listen=tls:{_next_port(address)}" for address in plan.listen]
    defines = ["#!define WITH_TRUNKS"] if plan.trunks else []
    if _speaks_tls(plan):
        defines.append("#!define WITH_TLS\nenable_tls=yes")
    return {
        "defines": "\n".join(defines),
        "listen": "\n".join(listen),
        "log_stderror": "yes",
        "shared_mib": str(_SHARED_MIB_TLS if _speaks_tls(plan) else _SHARED_MIB),
        "modules": f"{modules_folder()}/",
        "directory": str(rendered.directory),
        "rpc_socket": str(rendered.rpc_socket),
        "nonce_secret": secrets.token_hex(24),
        "nobody_ha1": hashlib.md5(secrets.token_bytes(24), usedforsecurity=False).hexdigest(),
        "domain": plan.domain,
        "service_port": str(plan.service_port),
        "browser_host": plan.browser_phones.rpartition(":")[0],
        "browser_port": plan.browser_phones.rpartition(":")[2],
        "browser_suffix": BROWSER_SUFFIX,
        "contact": plan.outside,
        "no_reply_ms": str(round(plan.no_reply_s * 1000)),
        "ban_after": str(plan.ban_after),
        "ban_s": str(max(1, round(plan.ban_s))),
        "pike_window_s": str(plan.pike_window_s),
        "pike_requests": str(plan.pike_requests),
        "probe_s": str(plan.probe_s),
        "register_check_s": str(plan.register_check_s),
        "register_retry_s": str(3 * plan.register_check_s),
        "rtpengine": plan.rtpengine,
        "rtpengine_first": str(plan.rtpengine_ports[0]),
        "rtpengine_last": str(plan.rtpengine_ports[1]),
        "media_address": plan.media_address.strip("[]"),
        "trunk_cases": "\n".join(_trunk_case(trunk.name, trunk.uri, plan.domain) for trunk in plan.trunks),
    }


def _next_port(address: str) -> str:
    host, _, port = address.rpartition(":")
    return f"{host}:{int(port) + 1}"


def _trunk_case(name: str, uri: str, domain: str) -> str:
    target = uri.removeprefix("sip:")
    return (
        f'    if ($rd == "{name}.trunk.{domain}") {{\n'
        f'        $avp(trunk) = "{name}";\n'
        f'        $ru = "sip:" + $rU + "@{target}";\n'
        f"        route(TRUNK_RELAY);\n"
        f"    }}"
    )


def _trunk_list(plan: Plan) -> str:
    lines = [f"{number} {trunk.uri} 0 0 trunk={trunk.name}" for number, trunk in enumerate(plan.trunks, 1)]
    return "\n".join(lines) + "\n"


def _write(path: Path, text: str) -> None:
    """Whole or not at all, readable for the group (Kamailio's) and nobody else."""
    draft = path.with_name(path.name + ".new")
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640), "w", encoding="utf-8"
    ) as file:
        file.write(text)
    draft.replace(path)


def _problem(key: str, text: str) -> Problem:
    return Problem("[edge]", key, text)
