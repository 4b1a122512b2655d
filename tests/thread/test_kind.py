import tomllib
from importlib.resources import files

import pytest
from tests.builders.letters import ANNA, OFFER, letter

from seriema import thread
from seriema.model.message import Address, Header, Quote
from seriema.model.thread import Kind
from seriema.thread.kind import quoted_kind

TABLE = tomllib.loads((files("seriema.thread") / "machine_mail.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"Auto-Submitted": "auto-generated"}, Kind.NOTIFICATION),
        ({"Auto-Submitted": "no"}, Kind.PEOPLE),
        ({"Precedence": "auto_reply"}, Kind.NOTIFICATION),
        ({"List-Id": "<x.y>", "List-Post": "<mailto:x@y>", "Precedence": "bulk"}, Kind.LIST),
        ({"List-Id": "<x.y>"}, Kind.LIST),
        ({"List-Id": "<x.y>", "List-Unsubscribe": "<mailto:x@y>", "Feedback-ID": "1:2:3"}, Kind.BULK),
        ({"List-Id": "<x.y>", "List-Post": "NO"}, Kind.BULK),
        ({"List-Id": "<x.github>", "List-Post": "<mailto:r@g>", "X-GitHub-Reason": "mention"}, Kind.NOTIFICATION),
        ({"PRECEDENCE": "Bulk"}, Kind.BULK),
        ({"List-Unsubscribe": "<https://x>"}, Kind.BULK),
        ({"X-Mailer": "Thunderbird"}, Kind.PEOPLE),
    ],
)
def test_headers_of_a_mail(fields, kind):
    headers = tuple(Header(name, value) for name, value in fields.items())
    assert thread.kind(letter(OFFER, headers=headers)) is kind


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        (Address("", "no-reply@bank.example"), Kind.NOTIFICATION),
        (Address("", "DoNotReply.2@bank.example"), Kind.NOTIFICATION),
        (Address("", "nao_responda@banco.example"), Kind.NOTIFICATION),
        (Address("", "bitte-nicht-antworten@amt.example"), Kind.NOTIFICATION),
        (Address("", "ne-pas-repondre@poste.example"), Kind.NOTIFICATION),
        (Address("", "ecf_bounces@nysd.court.example"), Kind.NOTIFICATION),
        (Address("", "alerts17@monitor.example"), Kind.NOTIFICATION),
        (Address("", "mailer-daemon@mx.example"), Kind.NOTIFICATION),
        (Address("", "newsletter@shop.example"), Kind.BULK),
        (Address("", "talk-request@lists.example"), Kind.LIST),
        (Address("LinkedIn", "messages@e.linkedin.com"), Kind.NOTIFICATION),
        (Address("Ann Lee via LinkedIn", "x@y.example"), Kind.NOTIFICATION),
        (Address("EuroMillions", "info@y.example"), Kind.BULK),
        (Address("Line Hansen", "line@y.example"), Kind.PEOPLE),
        (Address("Marketing", "marketing@y.example"), Kind.PEOPLE),
        (Address("", "info@y.example"), Kind.PEOPLE),
        (Address("", "office2@y.example"), Kind.PEOPLE),
        (Address("Norman Reply", "norman.reply@y.example"), Kind.PEOPLE),
        (Address("", ""), Kind.PEOPLE),
    ],
)
def test_authors_in_a_quoted_block(address, kind):
    assert quoted_kind(Quote(address, body=OFFER)) is kind


@pytest.mark.parametrize(
    ("subject", "to", "kind"),
    [
        ("Re: [allotment] Water pump", "allotment@club.example", Kind.LIST),
        ("[EXTERNAL] Water pump", "bob@club.example", Kind.PEOPLE),
        ("Water pump", "talk@lists.club.example", Kind.LIST),
        ("Water pump", "club@googlegroups.com", Kind.LIST),
        ("Water pump", "bob@playlists.example", Kind.PEOPLE),
        ("Water pump", "bob@list", Kind.PEOPLE),
    ],
)
def test_a_quoted_mail_to_a_list(subject, to, kind):
    assert quoted_kind(Quote(ANNA, (Address("", to),), body=OFFER), subject) is kind


@pytest.mark.parametrize(
    ("kind", "phrase"), [(Kind(kind), phrase) for kind, phrases in TABLE["phrases"].items() for phrase in phrases]
)
def test_every_phrase_of_the_table_is_found_in_a_sentence(kind, phrase):
    assert quoted_kind(Quote(ANNA, body=f"Hello,\n\nsome words. {phrase.capitalize()}. More.")) is kind


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.NOTIFICATION, "Please note that this mailbox is never read."),
        (Kind.NOTIFICATION, "Dieses Postfach wird nicht\n> überwacht."),
        (Kind.NOTIFICATION, "Esta mensagem foi gerada e enviada automaticamente pelo sistema."),
        (Kind.NOTIFICATION, "Otrzymujesz to powiadomienie, ponieważ masz włączone powiadomienia."),
        (Kind.NOTIFICATION, "View the profile of John Doe, and accept the invitation to connect."),
        (Kind.NOTIFICATION, "The following document was filed electronically with the court."),
        (Kind.BULK, "Alguien de tu zona quiere conocerte."),
        (Kind.BULK, "Tres solteras de tu zona han visto tu perfil hoy."),
        (Kind.BULK, "Drei Frauen aus deiner Umgebung möchten dich kennenlernen!"),
        (Kind.BULK, "Hi. Check your ticket for the prize numbers of the draw on Saturday."),
        (Kind.BULK, "Pour ne plus recevoir nos messages, cliquez ici afin de vous désabonner."),
        (Kind.PEOPLE, "I did not read your mail yet. My mailbox was full."),
        (Kind.PEOPLE, "Could you add me to the network drive? I have no profile there."),
        (Kind.PEOPLE, "The invoice is generated. It goes out automatically. This is new."),
        (Kind.PEOPLE, "The court heard the case on Monday, and the clerk sent the protocol."),
        (Kind.PEOPLE, "There is a single profile for the whole area. Nobody is waiting near the gate."),
        (Kind.PEOPLE, "Someone of the area office wants a date for the inspection."),
    ],
)
def test_sentences_of_machines_in_any_wording(kind, text):
    assert quoted_kind(Quote(ANNA, body=text)) is kind


@pytest.mark.parametrize(
    ("subject", "text", "kind"),
    [
        ("Cheap Viagra here", "Buy now", Kind.BULK),
        ("Meet singles", "Dating with hot singles", Kind.BULK),
        ("Lottozahlen vom Samstag", "6 aus 49", Kind.BULK),
        ("", "You have won the first prize of our lottery", Kind.BULK),
        ("Study", "Our specialist looked at patients who take cialis", Kind.PEOPLE),
        ("Dating of the samples", "The prize winner at the pharmacy", Kind.PEOPLE),
    ],
)
def test_the_matter_of_spam_needs_a_strong_word_and_company(subject, text, kind):
    assert quoted_kind(Quote(ANNA, subject=subject, body=text)) is kind
    assert thread.kind(letter(text, subject=subject)) is kind


@pytest.mark.parametrize("text", ["", "\0" * 10_000, "unsubscribe " * 10_000, "@" * 100_000, "１２３" * 10_000])
def test_any_text_gets_a_kind(text):
    assert quoted_kind(Quote(Address(text, text), subject=text, body=text)) in Kind
    assert thread.kind(letter(text, Address(text, text), subject=text, headers=(Header(text, text),))) in Kind
