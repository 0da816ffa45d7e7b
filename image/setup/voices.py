"""Speak the sentences of voices.csv into a folder: `voices.py FOLDER`.

What the simulated telephone network says comes out of here: mono WAV files, 8000 samples a second, 16 bit, limited to
the telephone band, and a manifest.csv with the columns of voices.csv and `duration_s`. A voice is an engine and its
settings: `espeak-ng VOICE WORDS_PER_MINUTE`, `flite VOICE`, `festival VOICE`, or `asterisk PROMPT...`, which joins
recordings of Debian's asterisk-core-sounds. Beeps and tones are not made here: the simulator adds its own.
"""

import csv
import os
import subprocess
import sys
import tempfile
import wave
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SENTENCES = Path(__file__).with_name("voices.csv")
PROMPTS = Path("/usr/share/asterisk/sounds/en_US_f_Allison")
RATE_HZ = 8000
LEVEL_DBFS = "-6"
# Cut silence at either end (the engines add up to half a second), keep the telephone band, leave a breath around it.
TRIM = ["silence", "1", "0.02", "0.5%", "reverse"]
TELEPHONE = [*TRIM, *TRIM, "sinc", "300-3400", "norm", LEVEL_DBFS, "pad", "0.05", "0.10"]

Row = dict[str, str]


def engine_command(voice: str, text: str, raw: Path) -> list[str]:
    """Return the command with which `voice` speaks `text` into the file `raw`; ValueError for an unknown engine."""
    engine, *settings = voice.split()
    match engine, settings:
        case "espeak-ng", [name, words_per_minute]:
            return ["espeak-ng", "-v", name, "-s", words_per_minute, "-w", str(raw), text]
        case "flite", [name]:
            return ["flite", "-voice", name, "-t", text, "-o", str(raw)]
        case "festival", [name]:
            return ["text2wave", "-eval", f"(voice_{name})", "-o", str(raw)]
        case "asterisk", [_, *_]:
            return ["sox", *(str(PROMPTS / f"{prompt}.wav") for prompt in settings), str(raw)]
    raise ValueError(f"voices.csv: no such voice: {voice}")


def speak(row: Row, folder: Path) -> Row:
    """Synthesise one sentence; return its row with the duration added."""
    target = folder / row["file"]
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        raw = Path(scratch) / "raw.wav"
        command = engine_command(row["voice"], row["text"], raw)
        subprocess.run(command, input=row["text"], text=True, check=True, capture_output=True)
        to_telephone = [
            "sox",
            "-D",
            str(raw),
            "-r",
            str(RATE_HZ),
            "-c",
            "1",
            "-b",
            "16",
            str(target),
            *TELEPHONE,
        ]
        subprocess.run(to_telephone, check=True, capture_output=True)
    with wave.open(str(target)) as spoken:
        return row | {"duration_s": f"{spoken.getnframes() / spoken.getframerate():.3f}"}


def main(folder: Path) -> None:
    """Speak every sentence, one per processor at a time, and write the manifest."""
    with SENTENCES.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        spoken = list(pool.map(lambda row: speak(row, folder), rows))
    with (folder / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        manifest = csv.DictWriter(file, spoken[0].keys(), lineterminator="\n")
        manifest.writeheader()
        manifest.writerows(spoken)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except subprocess.CalledProcessError as error:
        sys.exit(f"{error.cmd[0]} failed: {error.stderr}")
