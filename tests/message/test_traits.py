"""Traits agree between mails of one program and place, and differ between programs and places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seriema.message import parse
from seriema.message.traits import read
from seriema.model.limits import Limits
from seriema.model.message import Address, Header, Message, Received
from seriema.model.traits import Traits


def traits(*fields: str, text: str = "Hello Bob") -> Traits:
    head = ("From: Anna <anna@kanzlei.test>", "To: bob@bank.test", "Subject: x", *fields)
    return parse("\r\n".join((*head, "", text, "")).encode(), Limits()).message.traits


def shape(identity: str) -> str:
    return traits(f"Message-ID: <{identity}>").id_shape


def boundary(value: str) -> str:
    return traits(f'Content-Type: multipart/mixed; boundary="{value}"').boundary_shape


SAME_IDS = [
    ("01a25e66-8f1c-4c4c-9a1c-00000000beef@kanzlei.test", "7f3e9a10-2b3c-4d5e-8f90-abcdefabcdef@kanzlei.test"),
    ("E17hrT0-0004gj-00@mx.kanzlei.test", "E17huko-0000JF-00@kanzlei.test"),
    ("20020827100425.9E4E343F99@kanzlei.test", "20020917165028.4F4EA16F03@kanzlei.test"),
    (
        "CAFQ+x1B3=abcdefghijklmnopqrstu_vwxyzABCD12345@mail.gmail.com",
        "CAJ9-kZ2=ABCdefGHIjklMNOpqrSTUvwxYZ0123456789x@mail.gmail.com",
    ),
    ("000a01c24a8e$7f3a4b20$0100a8c0@ws", "001f01d6aa10$12345678$0a0b0c0d@ws"),
]
OTHER_IDS = [
    ("01a25e66-8f1c-4c4c-9a1c-00000000beef@kanzlei.test", "20020827100425.9E4E343F99@kanzlei.test"),
    ("20020827100425.9E4E343F99@kanzlei.test", "20020827100425.9E4E343F99@localhost"),
    ("20020827100425.9E4E343F99@kanzlei.test", "20020827100425.9E4E343F99@127.0.0.1"),
    ("20020827100425.9E4E343F99@kanzlei.test", "20020827100425.9E4E343F99@elsewhere.test"),
]


@pytest.mark.parametrize(("one", "other"), SAME_IDS)
def test_ids_of_one_program_have_one_shape(one, other):
    assert shape(one) == shape(other) != ""


@pytest.mark.parametrize(("one", "other"), OTHER_IDS)
def test_ids_of_another_program_or_host_have_another(one, other):
    assert shape(one) != shape(other)


WHOSE = [
    ("a.b@kanzlei.test", "own"),
    ("a.b@ws-12.kanzlei.test", "own"),
    ("a.b@localhost", "local"),
    ("a.b@127.0.0.1", "local"),
    ("a.b@[192.168.1.4]", "local"),
    ("a.b@carbon", "local"),
    ("a.b@macbook.local", "local"),
    ("a.b@smtp.provider.co.uk", "provider.co.uk"),
    ("no-at-sign", ""),
]


@pytest.mark.parametrize(("identity", "whose"), WHOSE)
def test_an_id_says_whose_domain_it_bears(identity, whose):
    assert shape(identity).rpartition("@")[2] == whose


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("----=_NextPart_000_0012_01C24A8E.7F3A4B20", "----=_NextPart_000_00AF_01D60000.12345678"),
        ("Apple-Mail=_01A25E66-8F1C-4C4C-9A1C-00000000BEEF", "Apple-Mail=_7F3E9A10-2B3C-4D5E-8F90-ABCDEFABCDEF"),
        ("000000000000a1b2c3d4e5f60718", "0000000000009f8e7d6c5b4a3f2e"),
    ],
)
def test_boundaries_of_one_program_have_one_shape(one, other):
    assert boundary(one) == boundary(other) != boundary("=_Part_1_2")


CLIENTS = [
    ("X-Mailer: Microsoft Outlook 16.0", "Microsoft Outlook"),
    ("X-Mailer: Microsoft Outlook, Build 10.0.2616", "Microsoft Outlook"),
    ("X-Mailer: Apple Mail (2.3608.80.23.2.2)", "Apple Mail"),
    ("X-Mailer: iPhone Mail (17F75)", "iPhone Mail"),
    ("X-Mailer: QUALCOMM Windows Eudora Version 5.1", "QUALCOMM Windows Eudora"),
    ("User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; rv:68.0) Gecko/20100101 Thunderbird/68.8.0", "Thunderbird"),
    ("User-Agent: Mutt/1.4i", "Mutt"),
    ("Message-ID: <Pine.LNX.4.44.0208221@x.test>", "Pine"),
    ("Message-ID: <CAFQ+x1B3=abcdefghijklmnopqrstu_vwxyzABCD12345@mail.gmail.com>", "Gmail"),
    ("X-MimeOLE: Produced By Microsoft MimeOLE V6.00.2600.0000", "Microsoft"),
    ('Content-Type: multipart/mixed; boundary="Apple-Mail-1-2"', "Apple Mail"),
    ("X-Mailer: 12", ""),
]


@pytest.mark.parametrize(("field", "client"), CLIENTS)
def test_the_program_is_known_by_name_or_by_its_marks(field, client):
    assert traits(field).client == client


def test_the_order_of_fields_is_the_clients_own():
    date, version, thread = "Date: Wed, 24 Jun 2020 07:12:00 +0200", "MIME-Version: 1.0", "In-Reply-To: <a@b.test>"
    usual = traits(date, version).fields
    assert traits("Received: from a by b; Wed, 24 Jun 2020 07:12:00 +0200", date, thread, version).fields == usual
    assert traits(version, date).fields != usual
    assert traits(date, "Mime-Version: 1.0").fields != usual
    assert traits(date).zone == "+0200"


ROUTES = [
    # newest first: our server's, then what came before
    (("203.0.113.9", "mx.kanzlei.test"), ("10.0.0.7", "ws"), "203.0.113.0/24", "kanzlei.test"),
    (("203.0.113.9", "mx.kanzlei.test"), ("198.51.100.7", "desk.home.test"), "198.51.100.0/24", "home.test"),
    (("203.0.113.9", "mx.kanzlei.test"), ("127.0.0.1", "localhost"), "203.0.113.0/24", "kanzlei.test"),
    (("203.0.113.9", "mx.kanzlei.test"), ("2001:db8:12:34::5", "nb"), "2001:db8:12::/48", ""),
    (("192.168.0.9", "gate"), ("10.0.0.7", "ws"), "", ""),
    (("no address", "x"), ("256.1.1.1", "y"), "", ""),
]


@pytest.mark.parametrize(("border", "first", "network", "helo"), ROUTES)
def test_the_network_is_the_one_of_the_public_net_where_it_was_handed_in(border, first, network, helo):
    hops = tuple(Received(from_address=address, from_name=name) for address, name in (border, first))
    seen = read(Message("ab" * 32, 1, sender=Address("", "anna@kanzlei.test"), received=hops), "")
    assert (seen.network, seen.helo) == (network, helo)


def test_web_mail_says_where_its_user_was():
    hop = "Received: from mx.kanzlei.test ([203.0.113.9]) by mx.bank.test; Wed, 24 Jun 2020 07:12:00 +0200"
    assert traits(hop, "X-Originating-IP: [198.51.100.7]").network == "198.51.100.0/24"
    assert traits(hop, "X-Originating-IP: [10.1.2.3]").network == "203.0.113.0/24"


def test_a_signature_is_known_by_its_words_alone():
    written = traits(text="Hello\r\n-- \r\nAnna Weber\r\nTel. 030 123").signature
    assert written == traits(text="Bye\r\n-- \r\nANNA  WEBER\r\nTel: 030-123").signature != ""
    assert written != traits(text="Hello\r\n-- \r\nAnna Weber\r\nTel. 030 124").signature
    assert traits(text="Hello\r\n-- \r\nAnna").signature == ""


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=60))
def test_any_fields_can_be_read(identity, content_type, address):

    headers = (Header("Content-Type", "x; boundary=" + content_type), Header("X-Originating-IP", address))
    hop = Received(from_address=address, from_name=content_type)
    message = Message("ab" * 32, 1, message_id=identity, headers=headers, received=(hop,), sender=Address("", address))
    assert isinstance(read(message, identity), Traits)
