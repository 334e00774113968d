"""Publish urgent actions on Nostr: signed with a key of one's own, through any number of relays."""

from collections.abc import Mapping

from uasocial.platforms.publisher import Dialogue, Publisher, PublisherKind, Secrets
from uasocial.plugins import hookimpl

UASOCIAL_API = 1


def open_account(settings: Mapping[str, str], secrets: Secrets) -> Publisher:
    from uasocial_nostr.publisher import Nostr  # noqa: PLC0415 - only who publishes

    return Nostr(settings, secrets)


def authorize(settings: Mapping[str, str], dialogue: Dialogue) -> Mapping[str, str]:
    """Take the key of an account that there is, or make a new one."""
    from uasocial_nostr.signing import Signer, new_key  # noqa: PLC0415 - only who publishes

    del settings
    asked = "The nsec of the account, or nothing for a new one"
    nsec = dialogue.ask(asked, secret=True).strip() or new_key()
    dialogue.show(f"The account is {Signer(nsec).npub}: tell people that name.")
    dialogue.show("Keep a copy of its nsec: nobody can make another, and nobody can revoke it.")
    return {"nsec": nsec}


@hookimpl
def register_publishers() -> list[PublisherKind]:
    return [
        PublisherKind(
            "nostr",
            "nostr",
            open_account,
            settings=("relays",),
            secrets=("nsec",),
            can_delete=True,
            can_thread=True,
            # An event holds text; a picture would need a host of its own.
            media=0,
            authorize=authorize,
        )
    ]
