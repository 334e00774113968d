"""The copy to the embassy of the sender's country, and the sentence that goes with it."""

from uasocial.letters import addresses
from uasocial.letters.parts import CoveringNote, Sending
from uasocial.model import Facts
from uasocial.model.facts import Copy

__all__ = ["covering_note", "note_for", "recipients_of_copies"]

_SENTENCES = {
    "ar": "تجدون طيّه نسخة من رسالتي للاطلاع، وأرجو التكرم بإيصالها إلى الجهة الموجهة إليها.",
    "de": (
        "Zu Ihrer Kenntnis sende ich Ihnen eine Kopie meines Schreibens. Ich wäre Ihnen dankbar, "
        "wenn Sie sie der Person weiterleiten, an die es gerichtet ist."
    ),
    "en": (
        "Please find enclosed a copy of my letter for your information. I should be grateful if "
        "you would pass it on to the person to whom it is addressed."
    ),
    "es": (
        "Adjunto, para su conocimiento, una copia de mi carta. Le agradecería que la hiciera "
        "llegar a la persona a la que va dirigida."
    ),
    "fr": (
        "Veuillez trouver ci-joint, pour information, une copie de ma lettre. Je vous saurais gré "
        "de bien vouloir la transmettre à la personne à laquelle elle est adressée."
    ),
    "it": (
        "Allego, per conoscenza, una copia della mia lettera. Vi ringrazio se vorrete farla "
        "pervenire alla persona a cui è indirizzata."
    ),
}


def recipients_of_copies(facts: Facts, country: str | None) -> list[Copy]:
    """List who gets a copy of a letter from *country*; one embassy a country is the rule."""
    return [copy for copy in facts.copies if copy.sender_country == country]


def covering_note(facts: Facts, language: str, sending: Sending) -> CoveringNote | None:
    """Return what goes with the copy, its sentence in *language*, else in English."""
    found = recipients_of_copies(facts, sending.country)
    return note_for(facts, found[0], language, sending) if found else None


def note_for(facts: Facts, copy: Copy, language: str, sending: Sending) -> CoveringNote:
    """Return what goes with one copy."""
    return CoveringNote(
        id=copy.id,
        address=addresses.of_copy(facts, copy, language, sending),
        emails=copy.emails,
        text=_SENTENCES.get(language.partition("-")[0], _SENTENCES["en"]),
    )
