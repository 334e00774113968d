"""What is checked: each rule with a code, a sentence and a way to mend it."""

from uasocial.rules.drafts import DraftRules
from uasocial.rules.handing_out import assert_open, refusal

__all__ = ["DraftRules", "assert_open", "refusal"]
