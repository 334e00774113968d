"""The words of a case in one language: what `<language>.yaml` holds."""

from typing import Annotated

from msgspec import Meta, Struct

from uasocial.model.kinds import MAX_ITEMS, Id, Language, Name, PlatformName, Text

__all__ = ["Letter", "Post", "Translated", "Words"]


class Letter(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A model letter."""

    salutation: Name
    paragraphs: tuple[Text, ...]
    closing: Name | None = None


class Post(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One wording of the appeal: a `text` to the letter, or a `template`.

    Without `platforms` a template serves every platform; so does a text, but one that mentions a
    handle stays on the platforms on which the case has that handle.
    """

    id: Id
    text: Text | None = None
    template: Text | None = None
    platforms: tuple[PlatformName, ...] | None = None

    def __post_init__(self) -> None:
        if (self.text is None) == (self.template is None):
            raise ValueError(f"post {self.id!r} must have either `text` or `template`")


class Translated(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a translation was made from: the language, and a digest of each of its parts then."""

    language: Language
    digests: dict[str, Annotated[str, Meta(pattern=r"^[0-9a-f]{12}$", title="digest")]] = {}


class Words(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`<language>.yaml`: an urgent action in the words of one language.

    A page may bring a letter in a language and nothing else; one language has title and lead.
    """

    title: Name | None = None
    lead: Text | None = None
    body: tuple[Text, ...] = ()
    demands: Annotated[tuple[Text, ...], Meta(max_length=MAX_ITEMS)] = ()
    letter: Letter | None = None
    alt: dict[Id, Text] = {}
    update: Text | None = None
    outcome: Text | None = None
    content_warning: Name | None = None
    posts: Annotated[tuple[Post, ...], Meta(max_length=MAX_ITEMS)] = ()
    translated_from: Translated | None = None

    def __post_init__(self) -> None:
        ids = [post.id for post in self.posts]
        twice = next((name for name in ids if ids.count(name) > 1), None)
        if twice:
            raise ValueError(f"two posts have the id {twice!r}; give one of them another")
