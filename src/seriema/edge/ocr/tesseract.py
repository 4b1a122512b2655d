"""Tesseract, as Debian installs it: which languages it has, and what it reads in a picture.

It takes what is no picture for a list of files to open, so only what begins as a picture is handed to it.
"""

import asyncio
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from seriema.edge.ocr.process import Ran, run
from seriema.model.picture import Picture, Reading

#: Wall-clock guards, waiting for a turn included in the second.
SECONDS_A_PICTURE, SECONDS_A_MAIL = 20.0, 60.0
#: Characters of one picture's text.
MOST_CHARS = 10_000
#: Pictures of one mail, whoever asks.
MOST = 8

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM", b"II*\0", b"MM\0*")
#: Tesseract's names of models by ISO 639-1.
_MODELS = {
    "ar": "ara", "bg": "bul", "ca": "cat", "cs": "ces", "da": "dan", "de": "deu", "el": "ell", "es": "spa",
    "et": "est", "fa": "fas", "fi": "fin", "fr": "fra", "he": "heb", "hi": "hin", "hr": "hrv", "hu": "hun",
    "id": "ind", "is": "isl", "it": "ita", "ja": "jpn", "ko": "kor", "lt": "lit", "lv": "lav", "ms": "msa",
    "nb": "nor", "nl": "nld", "no": "nor", "pl": "pol", "pt": "por", "ro": "ron", "ru": "rus", "sk": "slk",
    "sl": "slv", "sr": "srp", "sv": "swe", "th": "tha", "tr": "tur", "uk": "ukr", "vi": "vie", "zh": "chi_sim",
}  # fmt: skip
_ENGLISH, _LAYOUT = "eng", "osd"


@dataclass(frozen=True, slots=True)
class Tool:
    """What reads pictures here. ``trouble``: why nothing does, "" when it works; ``level``: how well it is confined."""

    program: str = ""
    languages: tuple[str, ...] = ()
    level: str = ""
    trouble: str = ""


class Ocr:
    """Reads the pictures of a mail one by one, of as many mails as there are cores; finds out how when first asked."""

    def __init__(self, program: str | None = None) -> None:
        self.program = program
        self.found: Tool | None = None
        self.turns = asyncio.Semaphore(len(os.sched_getaffinity(0)))

    async def tool(self) -> Tool:
        """What there is to read with."""
        if self.found is None:
            self.found = await asyncio.to_thread(_look_for, self.program or shutil.which("tesseract"))
        return self.found

    async def read(self, pictures: Sequence[Picture], language: str) -> tuple[Reading, ...]:
        """A reading for each picture of one mail in this language; one that could not be read says why."""
        tool = await self.tool()
        if tool.trouble:
            return tuple(Reading(trouble=tool.trouble) for _ in pictures)
        ends = asyncio.get_running_loop().time() + SECONDS_A_MAIL
        return tuple([await self._in_turn(one, tool, language, ends, number) for number, one in enumerate(pictures)])

    async def _in_turn(self, picture: Picture, tool: Tool, language: str, ends: float, number: int) -> Reading:
        if number >= MOST:
            return Reading(trouble=f"more than {MOST} pictures")
        if not _is_picture(picture.content):
            return Reading(trouble="not a picture that tesseract reads")
        try:
            async with asyncio.timeout_at(ends):
                await self.turns.acquire()
        except TimeoutError:
            return Reading(trouble=f"timed out after {SECONDS_A_MAIL:g} s for the pictures of this mail")
        try:
            left = ends - asyncio.get_running_loop().time()
            command = (tool.program, "-", "-", "-l", models(tool.languages, language), "-c", "tessedit_page_number=0")
            ran = await asyncio.to_thread(run, command, picture.content, min(left, SECONDS_A_PICTURE))
        finally:
            self.turns.release()
        return Reading(trouble=ran.trouble) if ran.trouble else Reading(_text(ran))


def models(languages: Sequence[str], language: str) -> str:
    """Those to read with: English, for passwords are mostly of its letters, and the mail's own where it is there."""
    wanted = [one for one in (_ENGLISH, _MODELS.get(language, "")) if one in languages]
    return "+".join(dict.fromkeys(wanted)) or languages[0]


def _text(ran: Ran) -> str:
    return ran.output.decode(errors="replace").replace("\f", "\n").strip()[:MOST_CHARS]


def _is_picture(content: bytes) -> bool:
    return content.startswith(_PICTURES) or (content[:4], content[8:12]) == (b"RIFF", b"WEBP")


def _look_for(program: str | None) -> Tool:
    if program is None:
        return Tool(trouble="tesseract is not installed")
    resolved = str(Path(program).resolve())
    ran = run((resolved, "--list-langs"), b"", SECONDS_A_PICTURE)
    if ran.trouble:
        return Tool(resolved, trouble=f"tesseract does not run: {ran.trouble}")
    languages = tuple(sorted(line for line in ran.output.decode(errors="replace").splitlines()[1:] if line != _LAYOUT))
    return Tool(resolved, languages, ran.level, "" if languages else "tesseract has no language installed")
