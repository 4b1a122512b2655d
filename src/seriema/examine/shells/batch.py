"""Batch files: variables set and put in, pieces of them, carets (Microsoft's command reference, ``cmd``, ``set``)."""

import re

#: Stands for a variable that nobody set.
HOLE = "\U0010fffd"
#: Characters of one line and of all lines that come out.
LINE, TOGETHER, NAMES = 32_768, 1 << 20, 5_000
#: What every Windows sets alike; obfuscated files take their letters from these.
_KNOWN = {
    "comspec": r"C:\Windows\system32\cmd.exe", "public": r"C:\Users\Public", "programfiles": r"C:\Program Files",
    "programdata": r"C:\ProgramData", "allusersprofile": r"C:\ProgramData", "systemroot": r"C:\Windows",
    "windir": r"C:\Windows", "systemdrive": "C:", "os": "Windows_NT",
    "commonprogramfiles": r"C:\Program Files\Common Files",
    "pathext": ".COM;.EXE;.BAT;.CMD;.VBS;.VBE;.JS;.JSE;.WSF;.WSH;.MSC",
}  # fmt: skip
_VARIABLE = re.compile(
    r"([%!])([^%!:=\s\"]{1,100})(?::(~(-?\d{1,5})?(?:,(-?\d{1,5}))?|([^%!=]{1,100})=([^%!]{0,100})))?\1"
)
_SET = re.compile(r"(?:^|[&|(]\s{0,99})@?set\s{1,99}\"?([^=&|<>\"/]{1,100})=([^\r\n&|\"]{0,8000})", re.IGNORECASE)
#: Kept as it is: what a name stands for is not known.
_PLACES = frozenset(
    {"temp", "tmp", "appdata", "localappdata", "userprofile", "username", "computername", "random", "cd"}
)


def unfolded(text: str) -> str:
    """The file with its variables put in and its carets gone; names of no known value stay."""
    known = dict(_KNOWN)
    lines: list[str] = []
    size = 0
    for line in text.splitlines():
        plain = _without_carets(_put_in(line[:LINE], known))
        if plain.lstrip(" @").lower().startswith("set") or "&" in plain:
            plain = _put_in(plain, known)
            for name, value in _SET.findall(plain)[:100]:
                if len(known) < NAMES:
                    known[name.strip().lower()] = value[:LINE]
        lines.append(plain)
        size += len(plain)
        if size > TOGETHER:
            break
    return "\n".join(lines)


def _without_carets(line: str) -> str:
    return re.sub(r"\^(.)", r"\1", line) if "^" in line else line


def _put_in(line: str, known: dict[str, str]) -> str:
    if "%" not in line and "!" not in line:
        return line
    room = [LINE]

    def value(found: "re.Match[str]") -> str:
        name = found[2].lower()
        if name not in known:
            return found[0] if found[1] == "!" or name in _PLACES or found[3] else HOLE
        piece = _piece(known[name], found)
        room[0] -= len(piece)
        return piece if room[0] > 0 else ""

    # A variable that was never set is nothing in a batch file, but one that another file set would be something.
    return _VARIABLE.sub(value, line)


def _piece(value: str, found: "re.Match[str]") -> str:
    """``%name:~from,count%`` or ``%name:old=new%``."""
    if found[6]:
        return re.sub(re.escape(found[6]), lambda _: found[7] or "", value, flags=re.IGNORECASE)[:LINE]
    if not found[3]:
        return value
    begin = int(found[4] or 0)
    begin = max(0, len(value) + begin) if begin < 0 else begin
    count = found[5]
    if count is None:
        return value[begin:]
    return value[begin : len(value) + int(count)] if int(count) < 0 else value[begin : begin + int(count)]
