"""The control: a worker that takes every lost answer for a refusal; run as a program."""

import hurried

from uasocial.platforms.discreet import Discreet
from uasocial.platforms.publisher import OutcomeUnknown, Prepared, Transient


def main() -> None:
    create = Discreet.create

    def rash(self: Discreet, prepared: Prepared):
        try:
            return create(self, prepared)
        except OutcomeUnknown as error:
            raise Transient(f"surely not taken: {error}") from None

    Discreet.create = rash
    hurried.main()


if __name__ == "__main__":
    main()
