"""How often a password that only a picture shows is found: drawn, read by tesseract in its confinement, tried in order.

Four wordings, four pairs of ink and paper, letters of 12 to 36 points; the password's shape as in real lures. The ranks
are those among the candidates of the picture's text together with a body that names no password.

    python bench/pictures.py [--misses] [--seed N] [--mails N]
"""

import argparse
import asyncio
import random
import statistics
import string
import time

from tests.builders.drawn import picture

from seriema import unlock
from seriema.edge.ocr import Ocr
from seriema.model.limits import Limits
from seriema.model.password import Text
from seriema.model.picture import Picture

FEW_TRIES = 20
SMALL, DIGITS = string.ascii_lowercase, string.digits
SHAPES = (("", DIGITS, 3, 6), ("U", DIGITS, 4, 4), (SMALL, DIGITS, 3, 4), ("Office", DIGITS, 4, 4), ("", "any", 8, 8))
EASY = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
WORDINGS = (
    "{}",
    "Password: {}",
    "The archive password is {}",
    "Dear Bob,\nplease find the file attached.\nPassword: {}\nRegards, Ann",
)
COLOURS = (("black", "white"), ("black", "white"), ("white", "navy"), ("#555", "#eee"))
SIZES = (12, 14, 16, 20, 24, 36)
BODY = "Dear Bob, the password is in the picture. Kind regards, Ann Miller"


def password(dice: random.Random) -> str:
    """One in the shapes of ``SHAPES``."""
    front, letters, least, most = dice.choice(SHAPES)
    begin = "".join(dice.choices(SMALL, k=3)) if front == SMALL else front
    if front == "U":
        begin = dice.choice(string.ascii_uppercase)
    return begin + "".join(dice.choices(EASY if letters == "any" else letters, k=dice.randint(least, most)))


async def measured(seed: int, mails: int, *, misses: bool) -> None:
    """Draw, read, and look where the right one stands."""
    dice, ocr = random.Random(seed), Ocr()
    if (tool := await ocr.tool()).trouble:
        print(f"nothing was measured: {tool.trouble}")
        return
    exact, ranks, begun = 0, [], time.perf_counter()
    for _ in range(mails):
        right, wording, (ink, paper) = password(dice), dice.choice(WORDINGS), dice.choice(COLOURS)
        content = picture(wording.format(right), size=dice.choice(SIZES), ink=ink, paper=paper)
        [reading] = await ocr.read([Picture("1", content)], "en")
        exact += right in reading.text
        tried = [one.value for one in unlock.candidates([Text("picture", reading.text), Text("body", BODY)], Limits())]
        if right in tried:
            ranks.append(tried.index(right) + 1)
        elif misses:
            print(f"missed {right!r}: {reading.text!r} {reading.trouble}")
    seconds = (time.perf_counter() - begun) / mails
    early = sum(rank <= FEW_TRIES for rank in ranks)
    print(f"read exactly {exact} of {mails}; among the candidates {len(ranks)}, of the first {FEW_TRIES} {early}")
    print(f"median rank {statistics.median(ranks):g}; {seconds:.2f} s a picture, one after the other")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mails", type=int, default=150)
    chosen = parser.parse_args()
    asyncio.run(measured(chosen.seed, chosen.mails, misses=chosen.misses))
