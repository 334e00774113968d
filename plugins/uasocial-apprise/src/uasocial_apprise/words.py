"""The words of a notice: number, language, platform, what is needed, and the command for it."""

from typing import NamedTuple

from uasocial.model.notice import Notice, NoticeKind
from uasocial.model.post import Delivery, Need

__all__ = ["LANGUAGES", "Words", "needed", "reminded"]

# As `uasocial queue` shows the id of a delivery.
SHORT = 8

NEEDS: dict[str, dict[Need, str]] = {
    "en": {
        "by hand": "is due: post it by hand",
        "failed": "was refused",
        "unknown": "may be live or not",
        "review": "waits for your decision",
        "handle changed": "mentions a handle that is gone or is somebody else's",
        "token ending": "the access of its account ends on {day}",
    },
    "de": {
        "by hand": "ist fällig: bitte von Hand posten",
        "failed": "wurde abgelehnt",
        "unknown": "ist vielleicht online, vielleicht nicht",
        "review": "wartet auf eine Entscheidung",
        "handle changed": "erwähnt ein Konto, das es nicht mehr gibt oder jemand anderem gehört",
        "token ending": "der Zugang des Kontos endet am {day}",
    },
    "fr": {
        "by hand": "est à publier à la main maintenant",
        "failed": "a été refusé",
        "unknown": "est peut-être en ligne, peut-être pas",
        "review": "attend une décision",
        "handle changed": "mentionne un compte qui a disparu ou changé de main",
        "token ending": "l’accès du compte prend fin le {day}",
    },
    "es": {
        "by hand": "debe publicarse a mano ahora",
        "failed": "fue rechazado",
        "unknown": "puede estar publicado o no",
        "review": "espera una decisión",
        "handle changed": "menciona una cuenta que ya no existe o es de otra persona",
        "token ending": "el acceso de la cuenta termina el {day}",
    },
    "it": {
        "by hand": "va pubblicato a mano ora",
        "failed": "è stato rifiutato",
        "unknown": "forse è online, forse no",
        "review": "attende una decisione",
        "handle changed": "menziona un account che non esiste più o è di altri",
        "token ending": "l’accesso dell’account scade il {day}",
    },
}
LANGUAGES = tuple(NEEDS)

REMINDERS: dict[str, dict[NoticeKind, str]] = {
    "en": {
        "approval wanted": "waiting for approval: {count}; the first is for {day}",
        "plan with gaps": "accounts that the plan leaves silent from now on: {count}",
        "nothing planned": "nothing is planned, and the last day to act is {day}",
        "holder not confirmed": "holders of an office not confirmed for 30 days: {count}",
    },
    "de": {
        "approval wanted": "warten auf Freigabe: {count}; der erste Post ist für den {day}",
        "plan with gaps": "Konten, für die der Plan nichts mehr hat: {count}",
        "nothing planned": "nichts ist geplant, und der letzte Tag zum Handeln ist der {day}",
        "holder not confirmed": "Amtsinhaber*innen, seit 30 Tagen nicht bestätigt: {count}",
    },
    "fr": {
        "approval wanted": "à valider : {count} ; la première publication est pour le {day}",
        "plan with gaps": "comptes pour lesquels le plan n’a plus rien : {count}",
        "nothing planned": "rien n’est prévu, et le dernier jour pour agir est le {day}",
        "holder not confirmed": "titulaires non confirmés depuis 30 jours : {count}",
    },
    "es": {
        "approval wanted": "a la espera de aprobación: {count}; la primera es para el {day}",
        "plan with gaps": "cuentas para las que el plan ya no tiene nada: {count}",
        "nothing planned": "no hay nada previsto, y el último día para actuar es el {day}",
        "holder not confirmed": "titulares sin confirmar desde hace 30 días: {count}",
    },
    "it": {
        "approval wanted": "in attesa di approvazione: {count}; il primo è per il {day}",
        "plan with gaps": "account per cui il piano non ha più nulla: {count}",
        "nothing planned": "nulla è pianificato, e l’ultimo giorno per agire è il {day}",
        "holder not confirmed": "titolari non confermati da 30 giorni: {count}",
    },
}
COMMANDS: dict[NoticeKind, str] = {
    "approval wanted": "uasocial approve --action {action}",
    "plan with gaps": "uasocial plan {action}",
    "nothing planned": "uasocial plan {action}",
    "holder not confirmed": "uasocial target {action}",
}


class Words(NamedTuple):
    """What a notice says."""

    title: str
    body: str


def reminded(notice: Notice, language: str) -> Words:
    """Return the words of a reminder, in English for a language without words."""
    words = REMINDERS.get(language.partition("-")[0].lower(), REMINDERS["en"])
    # A kind of a later version: what it is called.
    what = words.get(notice.kind, notice.kind).format(count=notice.count, day=notice.day)
    which = " · ".join(filter(None, (notice.number, notice.language, ", ".join(notice.platforms))))
    how = COMMANDS.get(notice.kind, "uasocial notices").format(action=notice.action)
    return Words(f"uasocial: {notice.number}", f"{which}: {what}\n{how}")


def needed(delivery: Delivery, language: str) -> Words:
    """Return the words of what needs a person, in English for a language without words."""
    needs = NEEDS.get(language.partition("-")[0].lower(), NEEDS["en"])
    day = f"{delivery.ends_at:%Y-%m-%d}" if delivery.ends_at else "?"
    # A need of a later version: what it is called.
    what = needs.get(delivery.needs, delivery.needs).format(day=day)
    which = f"{delivery.number} · {delivery.language} · {delivery.platform}"
    return Words(f"uasocial: {delivery.number}", f"{which}: {what}\n{_command(delivery)}")


def _command(delivery: Delivery) -> str:
    if delivery.needs == "token ending":
        return f"uasocial accounts check {delivery.account}"
    if delivery.needs == "by hand":
        return f"uasocial posted {delivery.id[:SHORT]}"
    return f"uasocial review {delivery.id[:SHORT]}"
