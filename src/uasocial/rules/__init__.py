"""What is checked: each rule with a code, a sentence and a way to mend it."""

from uasocial.rules.cases import case_problems
from uasocial.rules.drafts import Days, DraftRules
from uasocial.rules.handing_out import refusal, untrue, withheld

__all__ = ["Days", "DraftRules", "case_problems", "refusal", "untrue", "withheld"]
