"""Rules for pictures: each has an alt text that says what is in it."""

import re
from collections.abc import Iterator

from uasocial.outbox.pictures import fault_of_picture
from uasocial.rules.case import PICTURES, Case
from uasocial.rules.rule import Found, rule

__all__ = ["alt_of_no_picture", "broken_picture", "missing_alt", "poor_alt"]


@rule(
    "C030",
    "Each picture has an alt text in each language that has posts.",
    fix="write it under `alt`, by the file's name without its ending",
    why="Who cannot see the picture is told what is in it, or is left out.",
    error=True,
    bad="media: [gate.jpg]",
    good="{media: [gate.jpg], en: {alt: {gate: A gate with a chain.}}, "
    "es: {alt: {gate: Una puerta con cadena.}}}",
)
def missing_alt(case: Case) -> Iterator[Found]:
    for path in case.pictures:
        for language, words in case.action.words.items():
            if words.posts and path.stem not in words.alt:
                said = f"the picture media/{path.name} has no alt text"
                yield Found(language, ("alt",), said)


# What a form puts there by itself, or a person in haste; folded.
_EMPTY = frozenset(
    """
    alt bild bilder foto fotos grafik image images imagen img imagem immagine logo photo photos
    picture screenshot untitled изображение картинка фото صورة تصویر תמונה
    """.split()
)
_FILE_NAME = re.compile(r"\S*\.(?:jpe?g|png|webp|gif)|(?:img|dsc|pxl|image|foto|photo)[\W_]*\d+")
MIN_LETTERS = 3


@rule(
    "C031",
    "An alt text says what is in the picture.",
    fix="say in a sentence what a person sees there",
    why="A file's name, or the word `picture`, is read out and tells nothing.",
    bad="{media: [gate.jpg], en: {alt: {gate: IMG_2034.jpg}}, "
    "es: {alt: {gate: Una puerta con cadena.}}}",
    good="{media: [gate.jpg], en: {alt: {gate: A gate with a chain.}}, "
    "es: {alt: {gate: Una puerta con cadena.}}}",
)
def poor_alt(case: Case) -> Iterator[Found]:
    for language, words in case.action.words.items():
        for name, text in words.alt.items():
            if _is_poor(" ".join(text.casefold().split()), name):
                said = f"the alt text of {name!r} is {text!r}, which says nothing"
                yield Found(language, ("alt", name), said)


def _is_poor(text: str, name: str) -> bool:
    if _FILE_NAME.fullmatch(text) or text.rstrip(".") in _EMPTY:
        return True
    return text == name or sum(map(str.isalpha, text)) < MIN_LETTERS


@rule(
    "C032",
    "An alt text belongs to a picture in `media`.",
    fix="put the picture there, name it like the alt text, or take the alt text out",
    why="No site is built of a case whose picture is missing.",
    error=True,
    bad="{en: {alt: {gate: A gate with a chain.}}, es: {alt: {gate: Una puerta con cadena.}}}",
    good="{media: [gate.png], en: {alt: {gate: A gate with a chain.}}, "
    "es: {alt: {gate: Una puerta con cadena.}}}",
)
def alt_of_no_picture(case: Case) -> Iterator[Found]:
    known = {path.stem for path in case.pictures}
    kinds = ", ".join(sorted(PICTURES))
    for language, words in case.action.words.items():
        for name in words.alt:
            if name not in known:
                said = f"there is no picture media/{name} ({kinds})"
                yield Found(language, ("alt", name), said)


@rule(
    "C033",
    "A picture with an alt text is whole, and none too large to be sent.",
    fix="put another file in its place",
    why="No post, guide or site is made with one that is broken.",
    error=True,
    bad="{broken: [gate.jpg], en: {alt: {gate: A gate with a chain.}}, "
    "es: {alt: {gate: Una puerta con cadena.}}}",
    good="{media: [gate.jpg], en: {alt: {gate: A gate with a chain.}}, "
    "es: {alt: {gate: Una puerta con cadena.}}}",
)
def broken_picture(case: Case) -> Iterator[Found]:
    for path in case.pictures:
        words = case.action.words.items()
        named = next((language for language, one in words if path.stem in one.alt), None)
        fault = fault_of_picture(path) if named else ""
        if named and fault:
            yield Found(named, ("alt", path.stem), f"the picture media/{path.name}: {fault}")
