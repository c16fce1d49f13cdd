import pytest

from confirmdesk.core.people.domains import likely_domain, one_slip

# Near another well-known provider, most of them by one slip; each delivers mail to people who signed up with it.
REAL = """
    mail.com email.com ymail.com amail.com cmail.com qmail.com tmail.com gotmail.com cloud.com ao.com uol.com gol.com
    bol.com q.com my.com mac.com me.de gmx.com gmx.net gmx.de gmx.at gmx.ch gmx.fr gmx.es gmx.us mail.ru email.ru
    gmail.ru imail.ru zmail.ru mail.nu mail.ua live.com live.co live.ca live.fr live.de love.com msn.cn 123.com 126.com
    139.com web.dk yandex.ru yandex.eu yandex.by orange.fr orange.fi libero.it libero.at free.de me.com qq.com aim.com
    proton.me pm.me wanadoo.nl
"""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("exmaple.com", "example.com"),  # swapped
        ("exampl.com", "example.com"),  # lost
        ("example.comm", "example.com"),  # added
        ("example.con", "example.com"),  # changed
        ("gmial.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("hotmai.com", "hotmail.com"),
        ("yahoo.co.ukk", "yahoo.co.uk"),
        ("aol.con", "aol.com"),
        ("gmx.comm", "gmx.com"),
        ("t-onlin.de", "t-online.de"),
        ("Example.Org", ""),
        ("examples-of-art.com", ""),
        ("a.b", ""),
        ("", ""),
    ],
)
def test_likely_domains(typed, meant):
    assert likely_domain(typed) == meant


@pytest.mark.parametrize("domain", REAL.split())
def test_a_real_provider_is_never_called_a_typo(domain):
    assert likely_domain(domain) == ""
    assert likely_domain(domain.upper()) == ""


def test_a_slip_is_one_letter_or_two_that_were_swapped():
    assert all(one_slip(typed, "jane") for typed in ("jan", "janee", "jabe", "jnae", "jane"))
    assert not any(one_slip(typed, "jane") for typed in ("ja", "janeee", "enaj", "jnea", "jbbe"))
