from datetime import UTC, datetime, timedelta, timezone

import pytest
from tests.builders.letters import ANNA, OFFER, letter, quote

from seriema import thread
from seriema.model.message import Address, Quote
from seriema.model.thread import authored, name_key
from seriema.thread.keys import ANCESTORS


def test_ids_stand_nearest_ancestor_first_and_the_own_one_last():
    mail = letter(message_id="me@x", in_reply_to=("c@x",), references=("a@x", "b@x", "c@x"))
    assert thread.keys(mail).message_ids == ("c@x", "b@x", "a@x", "me@x")


def test_a_mail_that_cites_itself_is_not_its_own_ancestor():
    assert thread.keys(letter(message_id="me@x", references=("me@x",))).message_ids == ("me@x",)


def test_of_too_many_ids_the_nearest_and_the_root_are_kept():
    ids = tuple(f"{number}@x" for number in range(1000))
    found = thread.keys(letter(message_id="me@x", references=ids)).message_ids
    assert len(found) == ANCESTORS + 1
    assert found[0] == "999@x"
    assert found[-2] == "0@x"


@pytest.mark.parametrize("subject", ["Offer", "Re: Offer", "AW: RE: offer", "[EXTERNAL] Re: Offer", "Fwd: OFFER"])
def test_subjects_are_compared_without_prefix_tag_and_case(subject):
    assert thread.keys(letter(subject=subject)).subject == "offer"


@pytest.mark.parametrize("offset", [timedelta(hours=hours) for hours in (-12, -8, 0, 1, 5.5, 9, 14)], ids=str)
def test_a_block_without_time_zone_finds_its_mail_whatever_zone_it_meant(offset):
    written = datetime(2020, 3, 1, 23, 30, tzinfo=timezone(offset))
    shown = written.replace(tzinfo=None)
    keys = thread.keys(letter(quotes=(Quote(ANNA, date=shown, body="x"),)))
    assert set(authored(ANNA, written)) <= set(keys.quoted)


def test_a_block_with_a_time_zone_means_one_day():
    mail = letter(OFFER, date=datetime(2020, 3, 1, 23, 30, tzinfo=timezone(timedelta(hours=-5))))
    assert set(thread.keys(letter(quotes=(quote(mail),))).quoted) == set(authored(ANNA, mail.date))


@pytest.mark.parametrize("year", [1, 1970, 2200, 9999])
def test_a_date_no_mail_has_is_no_key(year):
    block = Quote(ANNA, date=datetime(year, 1, 1, tzinfo=UTC))
    assert thread.keys(letter(quotes=(block,))).quoted == ()


@pytest.mark.parametrize("name", ["Anna Müller", "Müller, Anna", "anna  MÜLLER (IT)", '"Anna Müller"', "Müller，Anna"])
def test_a_name_is_the_same_however_it_is_written(name):
    assert name_key(name) == "anna müller"


def test_keys_stay_few_whatever_is_quoted():
    many = tuple(Quote(Address(f"n{n}", f"a{n}@x"), date=datetime(2020, 1, 1), body="y") for n in range(500))  # noqa: DTZ001 - as blocks give it
    keys = thread.keys(letter(quotes=many))
    assert len(keys.quoted) <= 24
