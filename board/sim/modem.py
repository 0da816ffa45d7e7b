"""A voice modem, simulated: the real AT protocol towards the computer, a pair of wires towards the network.

Bytes in by `host`, 20 ms of line time by `tick`, which returns what the computer reads meanwhile. No port, no thread,
no clock: `modem_pty` gives it a pseudo terminal and real time. Written from the manuals alone, it shares no code with
any driver: command side in `modem_at`, voice stream in `modem_voice`, makes and their faults in `modem_kinds`.
"""

from __future__ import annotations

import re

import numpy as np

from board.sim.line.port import FRAME_MS, FRAME_SAMPLES, ChangeKind, Hook, LinePort, Samples
from board.sim.modem_at import Keyboard, Manner, framed, split
from board.sim.modem_caller import lines as caller_lines
from board.sim.modem_dial import Dial
from board.sim.modem_kinds import Faults, Kind
from board.sim.modem_voice import Voice

_SILENCE = np.zeros(FRAME_SAMPLES, np.int16)
_RING_COUNTER_MS = 8000
_NO_FAULTS = Faults()
_FLASH = re.compile(r"!|\{!,(\d+)\}")
_USUAL_FLASH_MS = 100
_WIRE_WORDS = {
    ChangeKind.REVERSAL: "L",
    ChangeKind.BATTERY_OFF: "l",
    ChangeKind.EXTENSION_OFF: "P",
    ChangeKind.EXTENSION_ON: "p",
    ChangeKind.RING_ON: "R",
}


class ModemSim:
    """One modem on one line. Not thread-safe."""

    def __init__(self, line: LinePort, kind: Kind, faults: Faults = _NO_FAULTS) -> None:
        self.kind = kind
        self.line = line
        self.voice: Voice | None = None
        """While in duplex voice."""
        self.commands: list[str] = []
        """Every command it was given, for whoever wants to know."""
        self._faults = faults
        self._lost = dict(faults.lost_oks)
        self._out = bytearray(faults.garbage)
        self._keyboard = Keyboard()
        self._manner = Manner(words=not faults.numeric)
        self._drop_dtr_hangs_up = True
        self._class = 0
        self._format = kind.default_format
        self._later: list[tuple[int, bytes]] = []
        self._dial: Dial | None = None
        self._caller_id = False
        self._now_ms = 0
        self._rang_ms = -_RING_COUNTER_MS
        self._tries: dict[str, list[int]] = {}
        self._flash_ms = 0

    @property
    def off_hook(self) -> bool:
        """Whether it holds the line."""
        return self.line.state.hook is Hook.OFF

    # -- the computer's side ---------------------------------------------------------------------------------

    def host(self, raw: bytes) -> None:
        """Bytes from the computer."""
        for at, byte in enumerate(raw):
            if self.voice is not None:
                self._stream(raw[at:])
                return
            self._typed(byte)

    def dtr(self, *, up: bool) -> None:
        """The computer raised or dropped DTR; with &D2 a drop ends the call."""
        if not up and self._drop_dtr_hangs_up:
            self._hang_up()
            self._class = 0

    def tick(self) -> bytes:
        """20 ms of line time."""
        self._now_ms += FRAME_MS
        if self._dial is not None:
            for offset_ms, hook in self._dial.hooks():
                self.line.set_hook(hook, offset_ms=offset_ms)
        if self._flash_ms:
            self._flashing()
        heard = self.line.frame(self._speak())
        for change in self.line.changes():
            self._changed(change.kind, change.data)
        if self._dial is not None:
            self._dialled(heard)
        if self.voice is not None:
            self._out += self.voice.hear(heard)
        due = [said for at_ms, said in self._later if at_ms <= self._now_ms]
        self._later = [one for one in self._later if one[0] > self._now_ms]
        self._out += b"".join(due)
        out, self._out = bytes(self._out), bytearray()
        return out

    # -- what is typed ---------------------------------------------------------------------------------------

    def _typed(self, byte: int) -> None:
        if self._dial is not None:
            self._dial = None
            self._hang_up()
            self._say("NO CARRIER")
        if self._manner.echo:
            self._out.append(byte)
        line = self._keyboard.type(byte)
        if line is not None:
            self._carry_out(line)

    def _carry_out(self, line: str) -> None:
        try:
            commands = split(line)
        except ValueError:
            self._say("ERROR")
            return
        result: str | None = "OK"
        for command in commands:
            self.commands.append(command)
            if command in self._faults.deaf_to:
                return
            result = self._command(command) if command not in self._faults.refused else "ERROR"
            if result != "OK":
                break
        if result is not None:
            self._answer(result, line.strip().upper())

    def _answer(self, result: str, line: str) -> None:
        if self._lost.get(line, 0):
            self._lost[line] -= 1
            return
        late_ms = round(self._faults.slow_oks.get(line, 0.0) * 1000)
        if late_ms:
            self._later.append((self._now_ms + late_ms, framed(result, self._manner)))
        else:
            self._say(result)

    def _command(self, command: str) -> str | None:
        name, value = command[:1], command[1:]
        if name in "+-*":
            return self._long(command)
        if command in self.kind.says:
            return self._tell(self.kind.says[command])
        if name == "D":
            return self._begin_dialling(command)
        if command == "A":
            return self._pick_up()
        if name == "H":
            self._hang_up()
            self._class = 0
        elif command[:2] == "&D":
            self._drop_dtr_hangs_up = value[1:] in ("2", "3")
        elif command in ("Z", "Z0", "&F", "&F0"):
            self._hang_up()
            self._manner = Manner()
            self._drop_dtr_hangs_up, self._class, self._caller_id = True, 0, False
        elif name in "EVQ":
            self._mind_manners(name, on=value == "1")
        return "ERROR" if name == "I" else "OK"

    def _mind_manners(self, name: str, *, on: bool) -> None:
        if name == "E":
            self._manner.echo = on
        elif name == "V":
            self._manner.words = on
        else:
            self._manner.quiet = on

    def _long(self, command: str) -> str | None:
        if command in self.kind.says:
            return self._tell(self.kind.says[command])
        name, _, value = command.partition("=")
        if name == "+FCLASS":
            return self._choose_class(value)
        if name in ("+VGR", "+VGT"):
            return "OK" if name == "+VGT" or self.kind.receive_gain or value == "0" else "ERROR"
        if name == "+VCID":
            self._caller_id = value == "1" and self.kind.caller_id
            return "OK" if self.kind.caller_id else "ERROR"
        if name == "+GCI":
            return "OK" if len(value) == 2 else "ERROR"
        if name == "-TRV" and self.kind.volts_command:
            return self._tell(f"{abs(self.line.state.volts):.1f}")
        if name == "-STE" and self.kind.volts_command:
            return "OK"
        return self._voice_command(name, value) if self._class == 8 else "ERROR"

    def _choose_class(self, value: str) -> str:
        if value == "?":
            return self._tell("0,1,8" if self.kind.voice else "0,1")
        if value == "8" and not self.kind.voice:
            return "ERROR"
        self._class = int(value) if value.isdigit() else 0
        return "OK"

    def _voice_command(self, name: str, value: str) -> str | None:
        if value == "?":
            return self._tell(*self.kind.format_lines) if name == "+VSM" else "ERROR"
        if name == "+VSM":
            numbers = value.split(",")
            known = numbers[0].isdigit() and int(numbers[0]) in self.kind.formats
            if not known or len(numbers) != self.kind.format_parameters:
                return "ERROR"
            self._format = int(numbers[0])
        elif name == "+VSD":
            return "OK" if value == f"{self.kind.silence_level},0" else "ERROR"
        elif name == "+VLS":
            return self._line_select(value)
        elif name == "+VTR":
            return self._duplex()
        elif name == "+VTS":
            return self._send_tones(value)
        elif name not in ("+VIT", "+VNH", "+VRA", "+VRN"):
            return "ERROR"
        return "OK"

    def _send_tones(self, value: str) -> str | None:
        """Only the hook flash is made; its OK comes when it is over."""
        timed = _FLASH.fullmatch(value)
        if timed is None or not self.off_hook:
            return "OK" if timed is None else "ERROR"
        self._flash_ms = int(timed[1] or 0) * 10 or _USUAL_FLASH_MS
        self.line.set_hook(Hook.ON)
        return None

    def _pick_up(self) -> str:
        if self._class != 8 or self._now_ms - self._rang_ms > _RING_COUNTER_MS:
            return "NO CARRIER"
        self.line.set_hook(Hook.OFF)
        return "VCON"

    def _line_select(self, value: str) -> str:
        if value == "0":
            self._hang_up()
            return "OK"
        if self.line.state.ringing:
            return "NO CARRIER"
        self.line.set_hook(Hook.OFF)
        return "OK"

    def _duplex(self) -> str | None:
        if not self.kind.duplex or not self.off_hook:
            return "ERROR"
        self._say("CONNECT")
        self.voice = Voice(self.kind, self.kind.formats[self._format], self._faults.stalls_after_s)
        return None

    # -- dialling --------------------------------------------------------------------------------------------

    def _begin_dialling(self, command: str) -> str | None:
        number = "".join(each for each in command[1:] if each in "0123456789ABCD*#")
        if self._now_ms - self._rang_ms < _RING_COUNTER_MS:
            return "NO CARRIER"
        barred = self._barred(number)
        if barred:
            return barred
        self._tries.setdefault(number, []).append(self._now_ms)
        self.line.set_hook(Hook.OFF)
        self._dial = Dial(number, pulse=command[1:2] == "P")
        return None

    def _barred(self, number: str) -> str:
        tries = self._tries.get(number, [])
        if self.kind.most_tries and len(tries) >= self.kind.most_tries:
            return "BLACKLISTED"
        if self.kind.pause_s and tries and self._now_ms - tries[-1] < self.kind.pause_s * 1000:
            return "DELAYED"
        return ""

    def _dialled(self, heard: Samples) -> None:
        assert self._dial is not None
        result = self._dial.step(heard)
        if not result:
            return
        self._dial = None
        if result != "OK":
            self._hang_up()
        self._say(result)

    def _flashing(self) -> None:
        self._flash_ms -= FRAME_MS
        if self._flash_ms < FRAME_MS:
            self._flash_ms = 0
            self.line.set_hook(Hook.OFF)
            self._say("OK")

    # -- the wires -------------------------------------------------------------------------------------------

    def _speak(self) -> Samples:
        if self._dial is not None:
            return self._dial.sound()
        return self.voice.speak() if self.voice is not None else _SILENCE

    def _changed(self, kind: ChangeKind, data: bytes) -> None:
        if kind is ChangeKind.RING_ON:
            self._rang_ms = self._now_ms
            if self.voice is None:
                self._say("RING")
        elif kind is ChangeKind.CALLER_ID and self._caller_id and self.voice is None:
            for text in caller_lines(data, spaced=self.kind.caller_id_spaced):
                self._say(text)
        if self.voice is not None and kind in _WIRE_WORDS:
            self._out += self.voice.word(_WIRE_WORDS[kind])

    def _stream(self, raw: bytes) -> None:
        assert self.voice is not None
        rest = self.voice.take(raw)
        if rest is None:
            return
        self.voice = None
        if self.kind.says_etx:
            self._out += b"\x10\x03"
        self._say("OK")
        self.host(rest)

    def _hang_up(self) -> None:
        self._flash_ms = 0
        self.voice = self._dial = None
        self.line.set_hook(Hook.ON)

    def _say(self, text: str) -> None:
        self._out += framed(text, self._manner)

    def _tell(self, *texts: str) -> str:
        for text in texts:
            self._say(text)
        return "OK"
