"""The passwords of one mail under way."""

from seriema.model.limits import Limits
from seriema.model.message import Address
from seriema.model.password import Candidate, Text
from seriema.unlock import keyring
from seriema.unlock.keyring import Keyring

LIMITS = Limits()
SAID = Text("body", "The password is k7m2xq.")
QUOTED = Text("quoted", "Password: z5247")


def heard(*texts: Text, outside: tuple[Candidate, ...] = ()) -> Keyring:
    made = Keyring(outside, Address(), None)
    made.hear(texts)
    return made


def values(candidates) -> list[str]:
    return [one.value for one in candidates]


def test_what_the_mail_says_and_what_is_known_outside_is_tried_once_each():
    known = (Candidate("given", "user"), Candidate("k7m2xq", "pool"))
    tried = values(heard(SAID, outside=known).candidates(LIMITS))
    assert tried[0] == "given"
    assert tried.count("k7m2xq") == 1


def test_texts_are_read_out_once_until_another_is_heard(monkeypatch):
    calls = []
    monkeypatch.setattr(keyring.passwords, "candidates", lambda texts, *_, **__: calls.append(len(texts)) or ())
    one = heard(SAID)
    one.candidates(LIMITS), one.candidates(LIMITS)
    one.hear([QUOTED])
    one.candidates(LIMITS)
    assert calls == [1, 2]


def test_the_sender_and_the_date_of_the_mail_count_once_it_was_read():
    one = heard(Text("body", "The password is the name of our company."))
    one.written(Address("Ann", "ann@harbour.example"), None)
    assert "harbour" in values(one.candidates(LIMITS))


def test_only_the_searched_size_is_heard(monkeypatch):
    monkeypatch.setattr(keyring, "SEARCHED_CHARS", 24)
    assert "k7m2xq" in values(heard(SAID).candidates(LIMITS))
    assert "k7m2xq" not in values(heard(Text("body", "Good morning"), SAID).candidates(LIMITS))


def test_what_is_quoted_is_tried_here_but_not_offered_to_other_mails():
    one = heard(SAID, QUOTED)
    assert "z5247" in values(one.candidates(LIMITS))
    assert "k7m2xq" in values(one.offered(LIMITS))
    assert "z5247" not in values(one.offered(LIMITS))


def test_a_mail_that_speaks_of_no_password_offers_none():
    assert values(heard(Text("body", "See you at 1430 in room B12.")).offered(LIMITS)) == []


def test_more_is_kept_with_a_file_for_which_the_work_was_not_enough(monkeypatch):
    monkeypatch.setattr(keyring, "OFFERED", 1)
    one = heard(SAID, outside=(Candidate("before", "body"), Candidate("pool1", "pool")))
    assert values(one.of_its_mail(LIMITS, all_of_them=False)) == ["before"]
    assert values(one.of_its_mail(LIMITS, all_of_them=True))[:2] == ["before", "k7m2xq"]


def test_what_was_refused_before_is_tried_again_only_behind_something_that_opened():
    one = Keyring((Candidate("given", "user"),), Address(), None, (Candidate("k7m2xq", "body"),))
    assert values(one.candidates(LIMITS)) == ["given"]
    assert "k7m2xq" in values(one.of_its_mail(LIMITS, all_of_them=False))
    one.opened()
    assert values(one.candidates(LIMITS)) == ["given", "k7m2xq"]
