"""Address blocks of targets and embassies."""

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uasocial.reading.contacts import read_contact
from uasocial.reading.document import Line


def block(text, country=None):
    """Read a block whose lines are counted from 1."""
    lines = [Line(number, line) for number, line in enumerate(text.split("\n"), 1)]
    return read_contact(lines, country)


def doubts(contact):
    return [doubt.message for doubt in contact.doubts]


def others(contact):
    return [line.text for line in contact.other]


def test_a_block_of_a_minister_is_name_office_address_and_handle():
    contact = block(
        "Samar Belkori\nMinister of Foreign Affairs\n1 Example Street\nNova, Nova\n\n"
        "Twitter: @samar"
    )
    assert contact.name == ("Samar Belkori", 1)
    assert contact.office == ("Minister of Foreign Affairs", 2)
    assert contact.address == [("1 Example Street", 3), ("Nova, Nova", 4)]
    assert contact.handles == {"x": ("samar", 6)}
    assert contact.language == "en"
    assert contact.country is None
    assert contact.other == []
    assert [tuple(doubt) for doubt in contact.doubts] == [(4, "the address has no country line")]


def test_an_embassy_has_an_office_and_its_national_fax_is_read_for_the_country_of_the_readers():
    contact = block("Ambassade du Pérou\nThunstrasse 36\n3005 Berne\n\nFax: 031 351 85 70", "CH")
    assert (contact.name, contact.office) == (None, ("Ambassade du Pérou", 1))
    assert contact.language == "fr"
    assert contact.faxes == [("+41313518570", 5, "031 351 85 70")]
    assert doubts(contact) == [
        "the fax number 031 351 85 70 is national; read as +41 31 351 85 70 of Switzerland"
    ]


def test_a_national_number_without_a_country_is_left_with_a_doubt():
    contact = block("Ambassade du Pérou\n3005 Berne\nFax: 031 351 85 70")
    assert contact.faxes == []
    assert others(contact) == ["031 351 85 70"]
    assert "has no country's code" in doubts(contact)[1]


def test_a_national_number_is_read_for_the_country_of_the_block_first():
    contact = block("Minister of Justice\nCairo\nEgypt\nTel: 02 2391 0288", "CH")
    assert contact.phones == [("+20223910288", 4, "02 2391 0288")]


def test_a_target_in_one_line_is_parted_at_commas_and_labels():
    contact = block(
        "Ambassador Jane Doe, Embassy of Orvania, 1 Example St NW, Washington DC 20008, "
        "Phone: 202 555 0100, Email: a@b.example, Twitter: @a / @b",
        "US",
    )
    assert contact.name == ("Ambassador Jane Doe", 1)
    assert contact.office == ("Embassy of Orvania", 1)
    assert contact.address == [("1 Example St NW", 1), ("Washington DC 20008", 1)]
    assert contact.phones == [("+12025550100", 1, "202 555 0100")]
    assert contact.emails == [("a@b.example", 1)]
    assert contact.handles == {"x": ("a", 1)}
    assert others(contact) == ["@b"]
    assert "two handles on x: @a is kept, @b is not placed" in doubts(contact)


@pytest.mark.parametrize(
    ("text", "name", "office"),
    [
        ("Samar Belkori\nMinister of Justice", "Samar Belkori", "Minister of Justice"),
        ("Minister of Justice\nSamar Belkori", "Samar Belkori", "Minister of Justice"),
        ("Minister of Justice, Samar Belkori", "Samar Belkori", "Minister of Justice"),
        ("Samar Belkori, Minister of Justice", "Samar Belkori", "Minister of Justice"),
        ("H.E. Samar Belkori\nPresident", "H.E. Samar Belkori", "President"),
        ("Mme Samar Belkori\nProcureure générale", "Mme Samar Belkori", "Procureure générale"),
        ("Excmo. Sr. Samar Belkori\nFiscal", "Excmo. Sr. Samar Belkori", "Fiscal"),
        ("Samar al-Belkori bin Ana\nMinister", "Samar al-Belkori bin Ana", "Minister"),
        ("Herrn Justizminister\nSamar Belkori", "Samar Belkori", "Herrn Justizminister"),
        ("SAMAR BELKORI\nDIRECTOR OF PRISONS", "SAMAR BELKORI", "DIRECTOR OF PRISONS"),
        ("Attorney General Samar Belkori", "Samar Belkori", "Attorney General"),
        ("Ambassador Samar Belkori\nEmbassy of X", "Ambassador Samar Belkori", "Embassy of X"),
        ("Oberlandesgericht Nova\nHerr Samar Belkori", "Herr Samar Belkori", None),
        ("Minister of Justice", None, "Minister of Justice"),
        ("Botschaft von Orvania", None, "Botschaft von Orvania"),
        ("Ministre de la Justice", None, "Ministre de la Justice"),
        ("Embajada de Orvania", None, "Embajada de Orvania"),
        ("Excmo. Sr. Ministro de Justicia", None, "Excmo. Sr. Ministro de Justicia"),
        ("Samar Belkori", "Samar Belkori", None),
        ("Mr Belkori", "Mr Belkori", None),
        ("Avenida de la Corte 12", None, None),
        ("12345 Nova", None, None),
    ],
)
def test_the_head_of_a_block_tells_name_and_office_in_either_order(text, name, office):
    contact = block(text)
    assert (contact.name[0] if contact.name else None) == name
    if office:
        assert contact.office[0] == office


def test_below_an_embassy_a_town_is_no_person():
    contact = block("Embassy of Orvania\nNova Orvania\nTel: +1 202 555 0100")
    assert contact.name is None
    assert contact.address == [("Nova Orvania", 2)]


def test_a_ministry_below_the_minister_is_part_of_the_address():
    contact = block("Minister of Interior\nMinistry of Interior\nCairo\nEgypt")
    assert contact.office == ("Minister of Interior", 1)
    assert contact.address == [("Ministry of Interior", 2), ("Cairo", 3)]
    assert contact.country == ("EG", 4)


@pytest.mark.parametrize("line", ["Peru", "PERÚ", "Pérou", "Nova, Peru"])
def test_a_country_on_the_last_line_of_the_address_is_the_country(line):
    contact = block(f"Minister\n1 Example Street\n{line}\nEmail: a@b.example")
    assert contact.country == ("PE", 3)
    assert doubts(contact) == []


def test_where_readers_know_the_country_an_address_without_its_line_is_no_fault():
    assert doubts(block("Embassy of Orvania\n3005 Berne", "CH")) == []


@pytest.mark.parametrize(
    ("text", "emails"),
    [
        ("Email: a@b.example; c@d.example or e@f.example.", 3),
        ("E-mail : a@b.example / c@d.example", 2),
        ("Correo-e: a@b.example y c@d.example", 2),
        ("Courriel : a@b.example", 1),
        ("mail@b.example", 1),
        ("m@b.example, fax@b.example", 2),
        ("Email:\na@b.example", 1),
        ("Email a@b.example", 1),
        ("Email: a@b.example, A@b.example, a@b.example", 2),
    ],
)
def test_emails_are_found_under_their_labels_and_without(text, emails):
    contact = block(text)
    assert len(contact.emails) == emails
    assert (contact.other, contact.doubts, contact.address) == ([], [], [])


@pytest.mark.parametrize("written", ["name [at] x", "name(at)b.example", "name arroba b.example"])
def test_an_email_in_disguise_is_left_with_a_doubt(written):
    contact = block(f"Email: {written}")
    assert contact.emails == []
    assert others(contact) == [written]
    assert "in disguise" in doubts(contact)[0]


@pytest.mark.parametrize(
    ("text", "faxes", "phones"),
    [
        ("Fax: +41 31 351 85 70", ["+41313518570"], []),
        ("Fax +41 (0)31 351 85 70", ["+41313518570"], []),
        ("Tél. : 00 41 31 351 85 70", [], ["+41313518570"]),
        ("Telefon: +41 31 351 85 70, +41 31 351 85 71", [], ["+41313518570", "+41313518571"]),
        ("Tel/Fax: +41 31 351 85 70", ["+41313518570"], ["+41313518570"]),
        ("Tel: +41313518570 Fax: +41313518571", ["+41313518571"], ["+41313518570"]),
        ("T: +41 31 351 85 70 | F: +41 31 351 85 71", ["+41313518571"], ["+41313518570"]),
        ("Teléfono:\n+41 31 351 85 70", [], ["+41313518570"]),
    ],
)
def test_numbers_with_their_country_need_no_other(text, faxes, phones):
    contact = block(text)
    assert [number for number, *_ in contact.faxes] == faxes
    assert [number for number, *_ in contact.phones] == phones
    assert (contact.other, contact.doubts) == ([], [])


def test_what_is_no_number_is_left_with_a_doubt():
    contact = block("Fax: 123 456", "CH")
    assert others(contact) == ["123 456"]
    assert doubts(contact) == ["the fax number 123 456 is none of Switzerland: it is not placed"]


def test_a_number_that_its_country_does_not_give_out_is_doubted():
    contact = block("Tel: +41 11 111 11 11")
    assert contact.phones[0][0] == "+41111111111"
    assert "check it" in doubts(contact)[0]


def test_a_number_without_a_label_is_taken_for_a_telephone_with_a_doubt():
    contact = block("+41 31 351 85 70")
    assert contact.phones[0][0] == "+41313518570"
    assert "has no label" in doubts(contact)[0]


def test_what_stands_beside_numbers_is_kept():
    contact = block("Tel: +41 31 351 85 70 (mornings only)")
    assert others(contact) == ["(mornings only)"]


@pytest.mark.parametrize(
    ("text", "platform", "handle"),
    [
        ("Twitter: @samar", "x", "samar"),
        ("X: @samar", "x", "samar"),
        ("X (formerly Twitter): @samar", "x", "samar"),
        ("Twitter @samar", "x", "samar"),
        ("Twitter: samar_b", "x", "samar_b"),
        ("Twitter:\n@samar", "x", "samar"),
        ("https://twitter.com/samar", "x", "samar"),
        ("https://x.com/samar?lang=es", "x", "samar"),
        ("Facebook: https://www.facebook.com/samar.b/", "facebook", "samar.b"),
        ("facebook.com/samar", "facebook", "samar"),
        ("Instagram: @samar", "instagram", "samar"),
        ("https://bsky.app/profile/samar.bsky.social", "bluesky", "samar.bsky.social"),
        ("Bluesky: @samar.example.org", "bluesky", "samar.example.org"),
        ("@samar.bsky.social", "bluesky", "samar.bsky.social"),
        ("https://mastodon.social/@samar", "mastodon", "samar@mastodon.social"),
        ("@samar@social.example", "mastodon", "samar@social.example"),
        ("Mastodon: @samar@social.example", "mastodon", "samar@social.example"),
    ],
)
def test_handles_and_addresses_of_profiles_are_handles_of_their_platform(text, platform, handle):
    contact = block(text)
    assert {name: said[0] for name, said in contact.handles.items()} == {platform: handle}
    assert (contact.emails, contact.other, contact.doubts) == ([], [], [])


def test_a_handle_without_a_platform_is_left_with_a_doubt():
    contact = block("@samar")
    assert contact.handles == {}
    assert others(contact) == ["@samar"]
    assert doubts(contact) == ["no platform is named for @samar: say which"]


@pytest.mark.parametrize(
    "text",
    [
        "https://netflix.com/samar",
        "https://twitter.com/intent",
        "https://twitter.com/samar/status/123",
        "Facebook: Ministry of Justice",
        "Website: www.example.org",
    ],
)
def test_what_is_nobodys_profile_is_no_handle_and_not_lost(text):
    contact = block(text)
    assert contact.handles == {}
    kept = others(contact) + [said for said, _ in contact.address] + [(contact.office or [""])[0]]
    assert any(said and said in text for said in kept)


def test_the_salutation_is_kept_as_written():
    contact = block("Minister of Justice\nSalutation: Your Excellency,\nAnrede: Exzellenz")
    assert contact.salutation == ("Your Excellency,", 2)
    assert others(contact) == ["Exzellenz"]


def test_an_email_among_numbers_is_read_and_a_label_with_nothing_is_kept():
    contact = block("Tel: +41 31 351 85 70, a@b.example\nFax:")
    assert contact.emails == [("a@b.example", 1)]
    assert others(contact) == ["Fax:"]
    assert others(block("Fax:\nTel:\nEmail: a@b.example")) == ["Fax:", "Tel:"]


def test_letters_with_their_marks_apart_are_the_same_letters():
    apart = unicodedata.normalize("NFD", "Ministère de la Justice\nTéléphone : +41 31 351 85 70")
    contact = block(apart)
    assert contact.office == ("Ministère de la Justice", 1)
    assert contact.phones == [("+41313518570", 2, "+41 31 351 85 70")]


def test_a_line_or_a_block_longer_than_any_address_is_kept_as_it_is():
    assert others(block("Minister of Justice\n" + "x" * 2001)) == ["x" * 2001]
    assert len(block("\n".join(["1 Example Street"] * 103)).other) == 3


pieces = st.one_of(
    st.sampled_from(
        "Minister of Justice|Samar Belkori|Embassy of Orvania|Tel:|Fax: |Email: |a@b.example|@a|, |"
        "/|+41 31 351 85 70|031 351 85 70|Twitter: |https://x.com/a|Peru|Salutation: |"
        "name [at] x|\n|(|)| or |1 Example St|3005 Berne|;|X: ".split("|")
    ),
    st.text(st.one_of(st.characters(), st.characters(categories=["Cs"])), max_size=6),
)
blocks = st.lists(pieces, max_size=14).map("".join)


@settings(deadline=None, max_examples=500, derandomize=True)
@given(blocks, st.sampled_from([None, "CH", "PE", "ZZ", ""]))
def test_no_block_raises_and_every_line_ends_up_somewhere(text, country):
    contact = block(text, country)
    values = [contact.name, contact.office, contact.country, contact.salutation]
    values += contact.address + contact.emails + contact.faxes + contact.phones
    values += contact.handles.values()
    placed = {said[1] for said in values if said} | {line.number for line in contact.other}
    for number, line in enumerate(text.split("\n"), 1):
        if any(map(str.isalnum, line)) and line.strip("•◦▪●·*–—- \t\u00a0:@"):
            # A label that stands alone counts for the line below, which it labels.
            assert number in placed or number + 1 in placed or line.rstrip().endswith(":")
    for doubt in contact.doubts:
        assert "\n" not in doubt.message
        doubt.message.encode("utf-8")


@pytest.mark.parametrize("unit", ["1 ", "Tel: ", "@a", "a@", "( ", "+1", "x.com/", "[at] ", "a."])
def test_the_longest_block_takes_seconds_at_most(unit):
    block("Minister\nFax: +41 31 351 85 70")
    begun = time.perf_counter()
    block("\n".join([(unit * 2000)[:2000]] * 100), "PE")
    assert time.perf_counter() - begun < 10
