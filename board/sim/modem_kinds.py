"""The voice modems that can be simulated, and what can be wrong with one. Data; `modem` behaves accordingly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ALAW, ULAW, LIN16, LIN8U, LIN8S = "alaw", "ulaw", "lin16", "lin8u", "lin8s"


@dataclass(frozen=True, slots=True)
class Kind:
    """One make of modem as its computer meets it."""

    name: str
    says: Mapping[str, str]
    """Answers to `I0`, `I3`, `+FMI?`, `+FMM?`; anything else of the sort is an ERROR."""
    formats: Mapping[int, str]
    """Number of a voice format -> how its samples are written."""
    format_lines: tuple[str, ...]
    """The answer to `+VSM=?`, word for word."""
    default_format: int
    format_parameters: int
    """How many numbers `+VSM=` takes."""
    silence_level: int
    """What `+VSD=` takes in front of the `,0` that turns it off."""
    leave_words: str
    """Which words end duplex voice."""
    leave_escapes: int = 1
    """DLEs wanted in front of such a word."""
    says_etx: bool = True
    """Whether DLE ETX comes before the OK that follows."""
    duplex: bool = True
    voice: bool = True
    caller_id: bool = True
    caller_id_spaced: bool = True
    """`NMBR = 1` rather than `NMBR=1`."""
    receive_gain: bool = True
    """Whether `+VGR` takes anything but 0."""
    stream_words: str = "uoRlLpPhH"
    """Words this make knows; the others it never says."""
    link_bytes_s: int = 64_000
    """Both directions together."""
    volts_command: bool = False
    pause_s: float = 0.0
    """Country rules: a number may be dialled again after so long (else DELAYED); 0: at once."""
    most_tries: int = 0
    """And so many times (else BLACKLISTED); 0: as often as one likes."""


_USR_FORMATS = {128: LIN8U, 129: LIN16, 130: ALAW, 131: ULAW}
_USR_LINES = (
    '128,"8-BIT LINEAR",(7200,8000,11025)',
    '129,"16-BIT LINEAR",(7200,8000,11025)',
    '130,"8-BIT ALAW",(8000)',
    '131,"8-BIT ULAW",(8000)',
    '132,"IMA ADPCM",(7200,8000,11025)',
    '133,"G.729A",(8000)',
)
_CX_OLD_LINES = (
    '1,"UNSIGNED PCM",8,0,8000,0,0',
    '129,"IMA ADPCM",4,0,8000,0,0',
    '130,"UNSIGNED PCM",8,0,8000,0,0',
    '140,"2 Bit ADPCM",2,0,8000,0,0',
    '141,"4 Bit ADPCM",4,0,8000,0,0',
)
_CX_NEW_LINES = (
    '0,"SIGNED PCM",8,0,8000,0,0',
    '1,"UNSIGNED PCM",8,0,8000,0,0',
    '131,"Mu-Law",8,0,8000,0,0',
    '132,"A-Law",8,0,8000,0,0',
    '133,"14 bit PCM",14,0,8000,0,0',
)
_CX_SAYS = {"I0": "56000", "I3": "CX93001-EIS_V0.2002-V92", "+FMI?": "CONEXANT", "+FMM?": "V90"}

USR5637 = Kind(
    "usr5637", {"I0": "5601", "I3": "U.S. Robotics 56K FAX USB V1.2.23"}, _USR_FORMATS, _USR_LINES,
    default_format=129, format_parameters=2, silence_level=128, leave_words="\x03", says_etx=False,
    stream_words="RhH",
)  # fmt: skip
CX93010_2006 = Kind(
    "cx93010_2006", {**_CX_SAYS, "I3": "CX93010_2006"}, {1: LIN8U, 130: LIN8U}, _CX_OLD_LINES,
    default_format=1, format_parameters=4, silence_level=0, leave_words="^", receive_gain=False,
    link_bytes_s=30_400, volts_command=True, caller_id_spaced=False,
)  # fmt: skip
CX930XX_2X = Kind(
    "cx930xx_2x", _CX_SAYS, {0: LIN8S, 1: LIN8U, 131: ULAW, 132: ALAW}, _CX_NEW_LINES,
    default_format=1, format_parameters=4, silence_level=0, leave_words="^", link_bytes_s=30_400,
    volts_command=True,
)  # fmt: skip
ZOOM3095 = Kind(
    "zoom3095_triple_dle", {"I0": "56000", "I3": "Zoom 3095 CX93001-EIS"}, {1: LIN8U, 131: ULAW}, _CX_NEW_LINES[1:3],
    default_format=1, format_parameters=4, silence_level=0, leave_words="^", leave_escapes=3, link_bytes_s=30_400,
)  # fmt: skip
HALF_DUPLEX = Kind(
    "half_duplex", {"I0": "33600", "I3": "Generic Voice Modem 1.0"}, {128: LIN8U}, ('128,"8-BIT LINEAR",(8000)',),
    default_format=128, format_parameters=2, silence_level=128, leave_words="!", duplex=False,
)  # fmt: skip
NO_VOICE = Kind(
    "no_voice", {"I0": "56K", "I3": "Data Fax Modem"}, {}, (), default_format=0, format_parameters=2,
    silence_level=0, leave_words="", voice=False, duplex=False,
)  # fmt: skip
NO_CALLER_ID = Kind(
    "no_cid", {"I0": "5601", "I3": "U.S. Robotics 56K FAX USB V1.0"}, _USR_FORMATS, _USR_LINES,
    default_format=129, format_parameters=2, silence_level=128, leave_words="\x03^", caller_id=False,
)  # fmt: skip
COUNTRY_DELAY = Kind(
    "country_delay", _CX_SAYS, {132: ALAW}, _CX_NEW_LINES[3:4], default_format=132, format_parameters=4,
    silence_level=0, leave_words="^", pause_s=60.0, most_tries=3,
)  # fmt: skip

KINDS = {
    kind.name: kind
    for kind in (
        USR5637,
        CX93010_2006,
        CX930XX_2X,
        ZOOM3095,
        HALF_DUPLEX,
        NO_VOICE,
        NO_CALLER_ID,
        COUNTRY_DELAY,
    )
}


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong with it. The n-th OK counts from 1 over the life of the modem."""

    garbage: bytes = b""
    """Said when it is plugged in."""
    slow_oks: Mapping[str, float] = field(default_factory=dict)
    """Command -> seconds before its answer."""
    lost_oks: Mapping[str, int] = field(default_factory=dict)
    """Command -> how many of its answers are lost."""
    refused: frozenset[str] = frozenset()
    """Commands answered with ERROR though the make knows them."""
    deaf_to: frozenset[str] = frozenset()
    """Commands that are never answered and not carried out."""
    stalls_after_s: float = 0.0
    """Seconds of voice after which no more samples come, though the call is up; 0: never."""
    numeric: bool = False
    """It powers up with result codes as numbers."""
