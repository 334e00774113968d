"""What a letter says, to whom, and what its sender should know first."""

import pytest

from uasocial import letters
from uasocial.errors import CaseError, NotFound, UasocialError
from uasocial.letters import as_text

UA = "ua-119-21"
MARKS = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def test_the_letter_is_dated_in_its_language(sample):
    assert sample(UA, "es").date_line == "1 de diciembre de 2021"
    assert sample(UA, "fr").date_line == "1er décembre 2021"


def test_the_subject_is_the_title_without_a_number_unless_the_organisation_is_named(composed):
    assert composed().subject == "Open the gate"


def test_the_subject_has_the_number_where_the_organisation_may_be_named(composed, facts):
    assert composed(facts=facts + "name_organisation: true\n").subject == "Open the gate (UA 1/26)"


def test_a_language_without_a_title_takes_that_of_another_and_says_so(cases, facts, words):
    letter = words.partition("lead: The gate is closed.\n")[2]
    cases.write("other", facts=facts, en=words, es=letter)
    action = cases.kit().action("other")
    target = action.facts.targets[0]
    made = letters.compose(action, "es", target, letters.Sending(), cases.kit().now.date())
    assert made.subject == "Open the gate"
    assert "there is no title in 'es'" in " ".join(made.notes)


# The salutation


def test_the_first_target_is_addressed_as_the_letter_does(composed):
    letter = composed()
    assert letter.salutation == "Dear Minister Torvane,"
    assert letter.notes == ()


def test_another_target_is_addressed_by_its_holder_s_salutation_with_the_letter_s_comma(composed):
    assert composed(target="mayor").salutation == "Dear Mayor,"


def test_a_salutation_that_has_its_mark_gets_no_second_one(composed, facts):
    facts = facts.replace("{en: Dear Mayor}", '{en: "Dear Mayor:"}')
    assert composed(target="mayor", facts=facts).salutation == "Dear Mayor:"


def test_a_missing_salutation_is_told_with_its_place(composed, facts):
    facts = facts.replace(", salutation: {en: Dear Mayor}", "")
    line = facts[: facts.index("Haron")].count("\n") + 1
    with pytest.raises(CaseError) as caught:
        composed(target="mayor", facts=facts)
    (place,) = caught.value.places
    assert (place.path.name, place.line) == ("action.yaml", line)
    assert "Haron Velsi has no `salutation` in 'en': add it here" in place.message


def test_another_target_without_a_holder_is_told_with_its_place(composed, facts):
    facts = facts.replace("name: Haron Velsi", "name: Haron Velsi, until: 2026-01-12")
    with pytest.raises(CaseError, match="mayor has no holder on this day"):
        composed(target="mayor", facts=facts)


def test_a_letter_to_who_held_the_office_before_is_warned_of(composed, words):
    letter = composed(words=words.replace("Torvane", "Belkori"))
    (note,) = letter.notes
    assert note.startswith("the letter addresses Ana Belkori, who is not minister on 2026-01-20: ")
    assert note.endswith("mend `letter` in en.yaml")


def test_on_a_day_of_the_former_holder_the_letter_is_right(composed, words):
    letter = composed(words=words.replace("Torvane", "Belkori"), today="2026-01-12")
    assert (letter.address[0], letter.notes) == ("Ana Belkori", ())


def test_a_name_that_both_holders_bear_warns_of_nothing(composed, facts):
    facts = facts.replace("Ana Belkori", "Ana de Torvane")
    assert composed(facts=facts).notes == ()


def test_a_closing_meant_for_the_first_target_is_warned_of_in_a_letter_to_another(composed, words):
    words = words.replace("Yours sincerely,", "I remain, Madam Minister, yours sincerely,")
    (note,) = composed(target="mayor", words=words).notes
    assert (
        note == "the letter says 'Madam Minister', which is meant for minister: change it by hand"
    )


# The copy


def test_the_embassy_in_the_sender_s_country_gets_a_copy_with_a_favour_asked(sample):
    copy = sample(UA, "es", "CH").copy
    assert copy.id == "embassy-berne"
    assert copy.address == ("Embajada del Perú", "Thunstrasse 36", "3005 Berne")
    assert copy.text.startswith("Adjunto, para su conocimiento, una copia de mi carta.")


@pytest.mark.parametrize("country", ["GB", None])
def test_from_elsewhere_or_nowhere_there_is_no_copy(sample, country):
    letter = sample(UA, "es", country)
    assert letter.copy is None
    said = "no embassy in GB is on record: there is no copy" in letter.notes
    assert said is (country == "GB")


def test_within_the_target_s_country_no_embassy_is_missed(sample):
    assert not any("embassy" in note for note in sample(UA, "es", "PE").notes)


def test_an_embassy_abroad_has_its_country_on_the_last_line(composed, facts):
    facts = facts.replace("sender_country: CH", "sender_country: LI")
    assert composed("LI", facts=facts).copy.address[-1] == "SWITZERLAND"


def test_a_second_recipient_of_a_copy_is_not_forgotten(composed, facts):
    facts = facts + "  - {id: mission, name: {en: Mission}, sender_country: CH}\n"
    assert "mission is on record for a copy too" in " ".join(composed("CH", facts=facts).notes)


def test_the_favour_is_asked_in_six_languages_and_else_in_english(composed, sample):
    texts = {sample(UA, tag, "CH").copy.text for tag in ("en", "es", "de", "fr")}
    texts |= {sample("school-in-the-hills", "ar", "CH").copy.text}
    texts |= {composed("CH", language="it").copy.text}
    assert len(texts) == 6


def test_the_favour_is_asked_in_english_where_we_have_no_other_words(composed):
    assert composed("CH", language="pt-BR").copy.text.startswith("Please find enclosed")


# Notes


def test_advice_comes_first_and_only_that_of_the_channel(sample):
    name = "school-in-the-hills"
    by_letter, by_email = sample(name, "en"), sample(name, "en", channel="email")
    assert by_letter.notes[0] == by_email.notes[0]
    assert by_letter.notes[0].startswith("Do you have ties to Orvania")
    assert by_letter.notes[1].startswith("Instead of your full name")
    assert by_email.notes[1].startswith("An e-mail shows your address")
    assert len(by_email.notes) == 2


def test_advice_in_no_fitting_language_is_given_in_english_rather_than_not(composed, facts):
    facts = facts + "safety: [{country: PE, text: {es: Cuidado., en: Take care.}}]\n"
    assert composed(language="it", facts=facts).notes[0] == "Take care."


def test_delivery_and_postage_have_their_day_and_their_source(sample):
    delivery, postage = sample(UA, "en", "CH").notes[-2:]
    assert delivery.endswith(
        "(as of 2021-11-30; Page of the urgent action, general information on letter delivery)"
    )
    assert postage == (
        "Postage from CH to PE: CHF 2.50 "
        "(valid from 2024-01-01; Facts on urgent actions: outside Europe, from 2024)"
    )


def test_postage_is_that_from_the_sender_s_country_to_the_target_s_as_it_is_today(composed, facts):
    postage = [
        '{from: CH, to: PE, amount: "2.00", currency: CHF, valid_from: 2020-01-01}',
        '{from: CH, to: PE, amount: "2.50", currency: CHF, valid_from: 2024-01-01}',
        '{from: CH, to: PE, amount: "3.00", currency: CHF, valid_from: 2027-01-01}',
        '{from: CH, to: BR, amount: "4.00", currency: CHF}',
        '{from: CH, to: outside Europe, amount: "5.00", currency: CHF}',
        '{from: GB, to: PE, amount: "6.00", currency: GBP}',
    ]
    notes = composed("CH", facts=f"{facts}postage: [{', '.join(postage)}]\n").notes
    amounts = [note.partition("CHF ")[2][:4] for note in notes]
    assert amounts == ["2.50", "3.00", "5.00"]


def test_a_delivery_note_to_another_country_is_left_out(composed, facts):
    facts = facts + "delivery: [{to: BR, text: {en: Slow.}}, {to: PE, text: {en: Quick.}}]\n"
    assert composed(facts=facts).notes == ("Quick.",)


# As text


def test_the_text_is_a_page_and_behind_a_page_break_a_second_for_the_embassy(composed):
    page, copy = as_text(composed("CH"), ["Samar B.", "Geneva"]).split("\f\n")
    assert page == (
        "Samar B.\nGeneva\n\n"
        "Rosa Torvane\nMinister of Gates\n1 Gate Road\nLima\nPÉROU\n\n"
        "20 January 2026\n\nOpen the gate\n\nDear Minister Torvane,\n\n"
        "The gate is closed.\n\nPlease open it.\n\nYours sincerely,\n\n\n\nSamar B.\n"
    )
    assert copy.startswith("Samar B.\nGeneva\n\nEmbassy of Peru\n3 Gate Road\n3005 Berne\n\n20 Jan")
    assert copy.endswith("to whom it is addressed.\n\n\n\nSamar B.\n")


def test_without_a_sender_there_is_room_for_one_above_and_below(composed):
    text = as_text(composed())
    assert text.startswith("\n\n\n\nRosa Torvane\n")
    assert text.endswith("Yours sincerely,\n\n\n\n")


def test_a_letter_without_a_closing_ends_with_its_last_paragraph(composed, words):
    letter = composed(words=words.replace("  closing: Yours sincerely,\n", ""))
    assert letters.body(letter).endswith("\n\nPlease open it.")


def test_arabic_stays_in_logical_order_without_marks_of_direction(sample, sample_kit):
    letter = sample("school-in-the-hills", "ar", "CH")
    text = as_text(letter)
    words = sample_kit.action("school-in-the-hills").words["ar"].letter
    assert letter.salutation == words.salutation
    assert all(paragraph.strip() in text for paragraph in words.paragraphs)
    assert "\n1 ديسمبر 2021\n" in text
    assert not set(MARKS) & set(text)


# Which letter


def test_the_language_is_one_that_the_target_reads_if_there_is_a_letter_in_it(sample_kit):
    assert letters.language_for(sample_kit.action(UA), None) == "es"
    assert letters.language_for(sample_kit.action(UA), "de") == "de"


def test_without_a_letter_in_a_preferred_language_the_first_one_is_taken(cases, facts, words):
    cases.write(facts=facts, de=words, en=words, es="title: La puerta\nlead: Cerrada.\n")
    action = cases.kit().action("gate")
    assert letters.language_for(action, None) == "de"
    with pytest.raises(UasocialError, match="no letter in 'es'; there is one in de, en"):
        letters.language_for(action, "es")


def test_a_case_without_any_letter_says_where_to_write_it(cases):
    cases.write()
    with pytest.raises(UasocialError, match=r"^gate: .* write `letter` into en\.yaml"):
        letters.language_for(cases.kit().action("gate"), None)


def test_on_paper_all_targets_are_written_to_and_one_may_be_named(cases, facts, words):
    cases.write(facts=facts, en=words)
    action = cases.kit().action("gate")
    assert [t.id for t in letters.recipients(action, None, by_email=False)] == ["minister", "mayor"]
    assert [t.id for t in letters.recipients(action, "mayor", by_email=False)] == ["mayor"]
    with pytest.raises(NotFound, match="no target 'mayr'; did you mean 'mayor'"):
        letters.recipients(action, "mayr", by_email=False)


def test_by_e_mail_the_one_target_that_has_an_address_is_written_to(cases, facts, words):
    cases.write(facts=facts, en=words)
    action = cases.kit().action("gate")
    assert [t.id for t in letters.recipients(action, None, by_email=True)] == ["minister"]
    with pytest.raises(UasocialError, match=r"no e-mail address of mayor; .* --format txt"):
        letters.recipients(action, "mayor", by_email=True)
