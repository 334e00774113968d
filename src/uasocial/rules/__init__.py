"""What is checked: each rule with a code, a sentence and a way to mend it."""

from uasocial.rules.drafts import DraftRules
from uasocial.rules.handing_out import refusal

__all__ = ["DraftRules", "refusal"]
