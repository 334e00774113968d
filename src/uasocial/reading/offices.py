"""What in an address is an office, and what a person, by the words they begin with and hold."""

import re
from typing import NamedTuple

from uasocial.languages.reading import identify, read_country

__all__ = [
    "Titled",
    "has_honorific",
    "is_institution",
    "is_office",
    "is_person",
    "language_of_office",
    "titled",
]

# Words of offices, per language: those of persons (roles), and those of houses (institutions).
_ROLES = {
    "en": """
        minister ministers president ambassador prosecutor governor director secretary chairman
        chairwoman chairperson commissioner commander judge mayor speaker superintendent inspector
        warden ombudsman ombudsperson chancellor premier vice-president deputy consul attorney
        general leader chief head king queen emir sultan registrar administrator representative
    """,
    "es": """
        ministro ministra presidente presidenta embajador embajadora fiscal gobernador gobernadora
        director directora secretario secretaria procurador procuradora defensor defensora alcalde
        alcaldesa juez jueza jefe jefa comandante cónsul canciller comisario comisaria general
        vicepresidente vicepresidenta viceministro viceministra rey
    """,
    "fr": """
        ministre président présidente ambassadeur ambassadrice procureur procureure gouverneur
        gouverneure directeur directrice secrétaire commissaire juge roi chef cheffe maire consul
        consule préfet préfète général générale garde vice-président vice-présidente médiateur
    """,
    "de": """
        minister ministerin präsident präsidentin botschafter botschafterin staatsanwalt
        staatsanwältin gouverneur gouverneurin direktor direktorin kanzler kanzlerin richter
        richterin bürgermeister bürgermeisterin könig sekretär sekretärin leiter leiterin konsul
        konsulin beauftragter beauftragte kommandant
    """,
}
_INSTITUTIONS = {
    "en": """
        embassy ministry office court parliament department directorate commission council consulate
        mission government police prison secretariat bureau agency committee tribunal congress
        senate presidency assembly commissariat
    """,
    "es": """
        embajada ministerio oficina corte tribunal congreso fiscalía procuraduría secretaría
        consulado gobierno dirección comisión presidencia defensoría policía cancillería senado
        alcaldía asamblea
    """,
    "fr": """
        ambassade ministère bureau cour tribunal parquet parlement consulat présidence gouvernement
        direction commission assemblée police cabinet mission préfecture secrétariat
    """,
    "de": """
        botschaft ministerium büro gericht parlament konsulat regierung behörde kommission
        staatsanwaltschaft polizei präsidium sekretariat
    """,
}
# German writes them in one word: Justizminister, Oberlandesgericht.
_COMPOUND_ROLE = re.compile(
    r"\w{2,30}(?:minister(?:in)?|präsident(?:in)?|anwalt|anwältin|sekretär(?:in)?|kanzler(?:in)?"
    r"|botschafter(?:in)?|direktor(?:in)?)"
)
_COMPOUND_INSTITUTION = re.compile(
    r"\w{2,30}(?:ministerium|anwaltschaft|gericht|botschaft|behörde|kommission)"
)
_HONORIFICS = frozenset(
    """
    h.e he hon honourable honorable the rt right dr prof mr mrs ms sir dame lt col gen maj brig sr
    sra srta s.e se excmo excma exmo exma ilmo d don doña dña lic ing m mme mlle mm me maître
    monsieur madame son excellence herr herrn frau exz exzellenz s.e.m s.e.mme sheikh sheikha shaikh
    sayyid hadj his her excellency señor señora su excelencia
    """.split()
)
_PARTICLES = frozenset(
    """
    de da do dos das del della di du des la le las los van von der den ten ter zu zum bin ibn bint
    ben al el ul y e i af av abu umm
    """.split()
)
_STREETS = frozenset(
    """
    street st avenue av avda ave road rd blvd boulevard lane square plaza place platz allee strasse
    straße str rue chemin quai calle jirón jr carretera paseo via viale piazza box p.o po bp b.p
    apartado casilla postfach floor piso étage building edificio palacio palais palace palast tower
    torre cercado ciudad city distrito district colonia barrio sector km drive dr. highway bulevar
    """.split()
)
_STREET_ENDS = ("strasse", "straße", "platz", "gasse", "weg", "allee")
# Also capitalized, and in no name of a person: what ministries are for, and how one says so.
_MATTERS = frozenset(
    """
    affairs foreign justice interior home defence defense security rights human health education
    republic state nation national federal internal external international public supreme
    constitutional relaciones exteriores justicia defensa república étrangères intérieur défense
    extraordinary plenipotentiary of for the and pour für para
    """.split()
)
_WORD = re.compile(r"[^\s,;()]+")
MAX_NAME_WORDS = 8
CERTAIN = 0.7

_WORDS = {
    language: frozenset(f"{_ROLES[language]} {_INSTITUTIONS[language]}".split())
    for language in _ROLES
}
_EVERY_ROLE = frozenset(" ".join(_ROLES.values()).split())
_EVERY_INSTITUTION = frozenset(" ".join(_INSTITUTIONS.values()).split())


class Titled(NamedTuple):
    """A name with the office before it: `Ambassador Jane Doe`."""

    office: str
    name: str


def is_office(text: str) -> bool:
    """Tell whether a line of an address names an office and not a street or a person."""
    words = _words(text)
    return (
        any(map(_is_office_word, words))
        and not any(map(_is_street, words))
        and titled(text) is None
    )


def is_institution(text: str) -> bool:
    """Tell whether an office is a house, such as an embassy, and nobody's role."""
    first = next(filter(_is_office_word, _words(text)), "")
    return is_office(text) and not _is_role(first)


def is_person(text: str) -> bool:
    """Tell whether a line looks like the name of a person, with honorifics or a role before it."""
    found = titled(text)
    return _is_name(found.name if found else text)


def has_honorific(text: str) -> bool:
    """Tell whether a line begins as a person is addressed: `H.E.`, `Mme`."""
    words = _words(text)
    return bool(words) and words[0] in _HONORIFICS


def titled(text: str) -> Titled | None:
    """Part `Ambassador Jane Doe` into its role and a name; None where it is not both."""
    found = list(_WORD.finditer(text))[: 2 * MAX_NAME_WORDS]
    roles = [at for at, word in enumerate(found) if _is_role(_plain(word[0]))]
    if not roles or roles[-1] + 1 >= len(found):
        return None
    start = found[roles[-1] + 1].start()
    office, name = text[:start].strip(" ,"), text[start:]
    if "," in text[:start] or not _is_name(name) or _plain(found[roles[-1] + 1][0]) in _PARTICLES:
        return None
    return Titled(office, name)


def language_of_office(text: str) -> str | None:
    """Return the language in which an office is named, where its words tell."""
    words = _words(text)
    known = [language for language in _ROLES if any(_is_of(language, word) for word in words)]
    if len(known) == 1:
        return known[0]
    language, certainty = identify(text, known or tuple(_ROLES))
    return language if certainty >= CERTAIN else None


def _is_of(language: str, word: str) -> bool:
    """Tell whether *word* is an office in that language; compounds are German."""
    if language == "de" and _COMPOUND_ROLE.fullmatch(word):
        return True
    return word in _WORDS[language]


def _is_name(text: str) -> bool:
    words = _words(text)
    if not 0 < len(words) <= MAX_NAME_WORDS or any(
        char in ",;:@/" or char.isdigit() for char in text
    ):
        return False
    if any(_is_office_word(w) or _is_street(w) or w in _MATTERS for w in words):
        return False
    bare = [word for word in text.split() if _plain(word) not in _HONORIFICS]
    capitals = [word for word in bare if _plain(word) not in _PARTICLES]
    enough = 1 if len(bare) < len(words) else 2
    return (
        len(bare) >= enough
        and bool(capitals)
        and all(map(_begins_high, capitals))
        and read_country(text) is None
    )


def _begins_high(word: str) -> bool:
    """Tell whether a word has a capital where names have one: `Oscar`, `al-Sisi`, `d'Arc`."""
    return any(part[:1].isupper() for part in re.split(r"['’(\"“«-]", word))


def _words(text: str) -> list[str]:
    return [_plain(word) for word in _WORD.findall(text[:1000])]


def _plain(word: str) -> str:
    return word.casefold().strip(".'’\"“”«»*•·-–:")


def _is_office_word(word: str) -> bool:
    return (
        _is_role(word)
        or word in _EVERY_INSTITUTION
        or _COMPOUND_INSTITUTION.fullmatch(word) is not None
    )


def _is_role(word: str) -> bool:
    return word in _EVERY_ROLE or _COMPOUND_ROLE.fullmatch(word) is not None


def _is_street(word: str) -> bool:
    return word in _STREETS or word.endswith(_STREET_ENDS)
