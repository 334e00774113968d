"""The e-mail is a draft for a mail program: read back, it says what the letter says."""

from email import message_from_bytes, policy

import pytest
from msgspec.structs import replace

from uasocial.errors import UasocialError
from uasocial.letters import as_eml, body


def read(letter, sender=()):
    return message_from_bytes(as_eml(letter, sender), policy=policy.default)


@pytest.fixture
def by_email(composed):
    def compose(country="CH", **how):
        return composed(country, channel="email", **how)

    return compose


@pytest.fixture
def subject_of(sample):
    letter = sample("school-in-the-hills", "en", channel="email")
    return lambda subject: read(replace(letter, subject=subject))["Subject"]


def test_it_goes_to_all_addresses_of_the_target_and_in_copy_to_the_embassy(by_email):
    mail = read(by_email())
    assert mail["To"] == "minister@gates.example, gates@gates.example"
    assert mail["Cc"] == "berne@gates.example"
    assert mail["Subject"] == "Open the gate"


def test_it_opens_as_a_draft_without_a_sender_and_a_date(by_email):
    mail = read(by_email())
    assert mail["X-Unsent"] == "1"
    assert {"From", "Date", "Message-ID"}.isdisjoint(mail.keys())


def test_without_an_embassy_on_record_nobody_is_in_copy(by_email):
    letter = by_email("GB")
    assert "Cc" not in read(letter)
    assert "no embassy in GB is on record: there is no copy" in letter.notes


def test_an_embassy_without_an_address_is_noted_and_not_in_copy(by_email, facts):
    letter = by_email(facts=facts.replace("    emails: [berne@gates.example]\n", ""))
    assert "Cc" not in read(letter)
    assert "embassy has no e-mail address: send the copy on paper" in " ".join(letter.notes)


@pytest.mark.parametrize(
    ("name", "language"),
    [("school-in-the-hills", "ar"), ("school-in-the-hills", "en"), ("ua-119-21", "es")],
)
def test_subject_and_body_come_back_as_they_were(sample, name, language):
    letter = replace(sample(name, language, channel="email"), emails=("a@b.example",))
    mail = read(letter)
    assert mail["Subject"] == letter.subject
    assert mail.get_content().splitlines() == body(letter).splitlines()


@pytest.mark.parametrize("words", ["من جديد سمر", "où d’été à", "a b", "Perú مدرسة «x»,", "=?x? é"])
@pytest.mark.parametrize("count", range(1, 30))
def test_a_subject_keeps_its_spaces_wherever_it_is_folded(subject_of, words, count):
    subject = f"{'i' * count} {words * count} {words}"
    assert subject_of(subject) == subject


def test_name_and_address_of_the_sender_stand_below(by_email):
    letter = by_email()
    assert read(letter, ["Samar B.", "Geneva"]).get_content().splitlines()[-4:] == [
        "Yours sincerely,",
        "",
        "Samar B.",
        "Geneva",
    ]


def test_it_is_ascii_in_lines_of_76_that_end_as_mail_does(sample):
    raw = as_eml(replace(sample("school-in-the-hills", "ar"), subject="مدرسة " * 40))
    raw += as_eml(replace(sample("school-in-the-hills", "en"), subject="a" * 1000))
    assert raw.isascii()
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 76
    assert not any(b"\r" in line or b"\n" in line for line in lines)


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028", "\r\n\r\n"])
def test_a_title_with_a_line_break_adds_no_header_and_no_body(by_email, end):
    letter = replace(by_email(), subject=f"Open{end}Bcc: spy@evil.example")
    mail = read(letter)
    assert mail.keys() == read(replace(letter, subject="Open")).keys()
    assert "Bcc" not in mail
    assert mail["Subject"] == "Open Bcc: spy@evil.example"
    assert mail.get_content().splitlines() == body(letter).splitlines()


@pytest.mark.parametrize(
    "email",
    [
        "a@b.example\r\nBcc: c@d.example",
        "ä@b.example",
        f"a@{'x' * 64}.example",
        "a\x00@b.c",
        "a@b\x00.c",
    ],
)
def test_an_address_that_cannot_stand_in_a_header_is_an_error(by_email, email):
    with pytest.raises(UasocialError, match="cannot stand in a mail file"):
        as_eml(replace(by_email(), emails=(email,)))


def test_a_comma_in_an_address_makes_no_second_one(by_email):
    mail = read(replace(by_email(), emails=("a,b@c.example",)))
    assert [address.username for address in mail["To"].addresses] == ["a,b"]


def test_a_domain_in_another_script_is_written_as_servers_look_it_up(by_email):
    mail = read(replace(by_email(), emails=("info@bücher.example",)))
    assert mail["To"] == "info@xn--bcher-kva.example"


def test_a_letter_to_a_target_without_an_address_cannot_be_an_e_mail(by_email):
    with pytest.raises(UasocialError, match="mayor has no e-mail address"):
        as_eml(by_email(target="mayor"))
