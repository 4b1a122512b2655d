"""Header text is decoded as mail clients do, broken or not."""

import pytest

from seriema.message.words import decode

CASES = {
    "plain": "plain",
    "=?utf-8?Q?M=C3=BCller?=": "Müller",
    "=?UTF-8?b?TcO8bGxlcg==?=": "Müller",
    "=?iso-8859-1?q?a_b=20c?=": "a b c",
    "=?utf-8?B?w6T?=": "ä",  # padding left out
    "=?utf-8?B?w6TD?= =?utf-8?B?tg==?=": "äö",  # a character split over two words
    "=?utf-8?Q?a?= =?utf-8?Q?b?=": "ab",
    "=?utf-8?Q?a?= x =?utf-8?Q?b?=": "a x b",
    "=?utf-8?Q?a?==?utf-8?Q?b?=": "ab",
    "Re: =?utf-8?Q?a?=": "Re: a",
    "=?utf-8*en?Q?a?=": "a",
    "=?ISO-2022-JP?B?GyRCRnxLXBsoQg==?=": "日本",
    "=?ISO-2022-JP?B?GyRCRnw=?= =?ISO-2022-JP?B?GyRCS1wbKEI=?=": "日本",
    "=?gb2312?B?w9zC6w==?=": "密码",
    "=?utf-8?Q?what?why?=": "what?why",
    "=?utf-8?Q?a b?=": "a b",
    "caf\xc3\xa9": "café",
    "caf\xe9 au lait": "café au lait",
    "=?broken": "=?broken",
    "=?utf-8?X?a?=": "=?utf-8?X?a?=",
    "a\xc3\xa9 =?utf-8?Q?b=C3=A9?=": "aé bé",
}


@pytest.mark.parametrize("raw", CASES)
def test_words(raw):
    assert decode(raw)[0] == CASES[raw]


def test_repairs_are_said():
    assert decode("caf\xc3\xa9")[1] == ("mail.eight-bit-header",)
    assert "mail.encoded-word-broken" in decode("=?utf-8?B?w6T?=")[1]
    assert decode("=?utf-8?Q?a?=")[1] == ()
