"""A name is found however it is written, and ordinary text is left in peace."""

from datetime import date
from pathlib import Path

import pytest

from uasocial.model import read_action
from uasocial.text.names import holds
from uasocial.text.spelling import resembles, shortens

ACTIONS = Path(__file__).parents[2] / "actions"
NAME = "Samar Belkori"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("for Samar Belkori.", NAME),
        ("SAMAR  BELKÓRI", NAME),
        ("Ｓａｍａｒ\nＢｅｌｋｏｒｉ", NAME),
        ("#FreeSamarBelkori now", NAME),
        ("#freesamarbelkori", NAME),
        ("samar-belkori", NAME),
        ("s\u200da\u200dmar bel\u00adkori", NAME),
        ("https://example.org/?q=Samar%20Belkori", NAME),
        ("https://example.org/%D8%B3%D9%85%D8%B1", "سمر"),
        ("سَمَر بَلْكُوري", "سمر بلكوري"),
        ("Владимира нет; Владимир Оран здесь", "Vladimir Oran"),
        ("Vladimir Oran", "Владимир Оран"),
        ("Łukasz Wałowski", "Lukasz Walowski"),
        ("王小明在这里", "Wang Xiaoming"),
        ("Sаmаr Belkоri", NAME),  # with Cyrillic а and о
        ("for Ali.", "Ali"),
        ("#FreeAnaLi", "Ana Li"),
        ("on Mill Road 5", "Mill Road"),
        ("call 031 351 85 70", "0313518570"),
        ("https://example.org/Samar%2520Belkori", NAME),
        ("Rosas Haus", "Rosa"),
        ("Jean Luc", "Jean-Luc"),
        ("R-o-s_a", "Rosa"),
        ("to a_b@gates.io.", "a_b@gates.io"),
        ("#freerosa", "Rosa"),
        ("https://example.org/freerosa/1", "Rosa"),
        ("Омар здесь", "Omar"),
        ("राम शर्मा से", "राम शर्मा"),
        ("Li Na is gone. #FreeLiNa", "李娜"),
    ],
)
def test_a_name_is_found(text, name):
    assert holds(text, name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Samar asked Belkori", NAME),
        ("Miller Street", "Mill Road"),
        ("alive", "Ali"),
        ("the banality of it", "Ana Li"),
        ("Ana lies", "Ana Li"),
        ("#analisis", "Ana Li"),
        ("a prosaic text; Rosalind", "Rosa"),
        ("um barco no mar e o mar", "Omar"),
        ("in North Carolina", "李娜"),
        ("रोम", "राम"),
        ("هو لي", "علي"),
        ("", NAME),
    ],
)
def test_what_is_another_word_is_no_name(text, name):
    assert not holds(text, name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("سأل إدريس بلكوري عن السبب", "Idris Belkori"),
        ("السيد إدريس البلكوري", "Idris Al-Belkori"),
        ("Idriss Belkouri asked", "إدريس بلكوري"),
        ("Мухаммад Салех", "Mohamed Saleh"),
        ("with Muhammed Salih", "Mohamed Saleh"),
        ("محمد صالح", "Mohamed Saleh"),
        ("Iskandar Quzni", "Iskander Kuzny"),
        ("with Maria Ivanova", "Мария Иванова"),
        ("и Мария Иванова", "Maria Ivanova"),
        ("Mohammad Reza", "محمد رضا"),
        ("محمد رضا", "Mohamed Reza"),
        ("η Σαμάρ Μπελκόρι", NAME),
        ("राम शर्मा", "Ram Sharma"),
    ],
)
def test_another_spelling_of_a_name_resembles_it(text, name):
    assert resembles(text, name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Idris Belmara", "Idris Belkori"),
        ("A. Idrismat, Belkori", "Idris Belkori"),
        ("Idris", "Idris"),
        ("only a lie", "Ana Li"),
        ("", "Idris Belkori"),
    ],
)
def test_other_words_do_not(text, name):
    assert not resembles(text, name)


@pytest.mark.parametrize(
    "text", ["for S. Belkori", "S Belkóri.", "Samar Fatima Belkori", "С. Белкори"]
)
def test_an_initial_or_a_name_between_shortens_nothing_away(text):
    assert shortens(text, NAME)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("T. Belkori", NAME),
        ("news Belkori", NAME),
        ("Samar\nasked\nBelkori", NAME),
        ("s Belkori", "Belkori"),
        ("a Li", "Ana Li"),
        ("", NAME),
    ],
)
def test_another_initial_is_another_name(text, name):
    assert not shortens(text, name)


# Invented, of many languages; the last are as near to common words as two words can be.
NAMES = """\
Maria Santos|Juan Perez|Ali Hassan|Mohamed Salah|Ana Maria Lopez|Pierre Martin|Jean Dupont
Anna Schmidt|Peter Meier|Omar Haddad|Ivan Petrov|Olga Ivanova|Fatima Zahra|Ahmed Nasser
Leila Mansour|John Smith|Mary Jones|Carlos Garcia|Luisa Fernandez|Marta Diaz|Abdul Rahman
Sara Noor|Tomas Novak|Eva Horvat|Amina Diallo|Kofi Mensah|Grace Okoro|Rosa Torres|Lina Saleh
Karim Said|Rami Sabri|Ines Ruiz|Paula Costa|Teresa Mendes|Noah Stein|Lea Roth|Max Stern
Otto Kern|Nina Hahn|Sofia Conde|Pablo Neira|Celia Prado|Marina Sols|Daniel Tapia|Elena Dato
إدريس بلكوري|محمد صالح|Мухаммад Салех|王小明"""


def test_no_name_resembles_the_words_of_the_samples():
    texts = {}
    for case in ("ua-119-21", "school-in-the-hills"):
        for language, words in read_action(ACTIONS, case, date(2026, 1, 20)).words.items():
            parts = (words.title, words.lead, *words.body, *words.demands)
            letter = words.letter.paragraphs
            posts = [post.text or post.template for post in words.posts]
            texts[case, language] = "\n".join((*parts, *letter, *posts))
    assert len(texts) == 6
    names = [name for line in NAMES.splitlines() for name in line.split("|")]
    found = [(at, n) for at, text in texts.items() for n in names if resembles(text, n)]
    assert found == []


def test_long_texts_take_time_in_proportion():
    text = "a " * 200_000 + "x" * 200_000
    assert not holds(text, "Ana Li")
    assert not holds(text, NAME)
    assert not resembles(text, NAME)
    assert not shortens("Samar " * 50_000, NAME)
    assert not holds("r-o-" * 50_000, "Rosa")
    assert not holds("-" * 200_000, "@rosa")
