"""Which pictures of a mail are worth reading, and what is said of the others."""

import hashlib

from tests.builders import drawn

from seriema.examine import identify
from seriema.model.artifact import Artifact
from seriema.model.finding import Finding
from seriema.model.picture import Picture
from seriema.unlock import pictures


def chosen(files, shut=("1",), *, read=False):
    """``files``: place → (name, content). The places taken, and what was said of the others."""
    beside = []
    for place, (name, content) in files.items():
        known = identify(content, name)
        digest = hashlib.sha256(content).hexdigest()
        beside.append(
            (Artifact(place, (name,), name, known.kind, len(content), digest, file_class=known.file_class), content)
        )
    found = list(
        pictures((one for one in beside if one[0].file_class == "picture"), dict.fromkeys(shut, True), read=read)
    )
    taken = [one.artifact for one in found if isinstance(one, Picture)]
    return taken, [(one.artifact, one.detail) for one in found if isinstance(one, Finding)]


def page(number=0):
    return drawn.blank(200 + number, 50)


def test_nothing_is_read_when_nothing_is_locked():
    assert chosen({"2": ("a.png", page())}, shut=()) == ([], [])


def test_the_nearest_come_first():
    files = {str(place): (f"{place}.png", page(place)) for place in (2, 3, 6, 7)}
    files["5.1"] = ("inner.png", page(51))
    files["5.2"] = ("locked.zip", b"PK\3\4")
    assert chosen(files, shut=["5.2"])[0] == ["5.1", "6", "3", "7"]


def test_a_name_that_speaks_of_a_password_comes_before_all():
    files = {str(place): (f"{place}.png", page(place)) for place in range(2, 9)}
    files["9"] = ("Passwort.png", page(9))
    assert chosen(files)[0] == ["9", "2", "3", "4"]


def test_what_holds_no_word_is_passed_over_in_silence():
    assert chosen({"2": ("dot.gif", drawn.blank(1, 1, "gif")), "3": ("rule.png", drawn.blank(600, 2))}) == ([], [])


def test_the_same_picture_is_read_once():
    assert chosen({"2": ("a.png", page()), "3": ("b.png", page())})[0] == ["2"]


def test_a_picture_that_would_unpack_to_gigabytes_is_not_handed_out():
    taken, said = chosen({"2": ("a.png", drawn.png_claiming(60_000, 60_000))})
    assert taken == []
    assert said == [("2", "60000 × 60000 pixels are too many")]


def test_a_broken_header_and_a_kind_without_reader_are_said():
    heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)
    _, said = chosen({"2": ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(9)), "3": ("b.heic", heic)})
    assert said == [("2", "its header is broken"), ("3", "no reader for heic")]


def test_of_two_hundred_a_few_are_taken_and_the_rest_is_said():
    taken, said = chosen({str(place): (f"{place}.png", page(place)) for place in range(2, 202)})
    assert taken == ["2", "3", "4", "5"]
    assert said == [("0", "196 more beside a locked file, 4 were chosen")]


def test_two_hundred_bombs_are_said_briefly():
    files = {str(one): ("a.png", drawn.png_claiming(60_000 + one, 60_000)) for one in range(2, 202)}
    taken, said = chosen(files)
    assert taken == []
    assert len(said) == 9


def test_pixels_of_all_together_are_bounded():
    taken, said = chosen({str(one): (f"{one}.png", drawn.blank(2_900 + one, 3_000)) for one in (2, 3, 4)})
    assert taken == ["2"]
    assert [place for place, _ in said] == ["3", "4"]


def test_once_they_were_read_only_what_was_left_out_is_said():
    taken, said = chosen({"2": ("a.png", page()), "3": ("b.png", drawn.png_claiming(60_000, 60_000))}, read=True)
    assert taken == []
    assert [place for place, _ in said] == ["3"]
