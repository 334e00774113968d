"""What is checked: each rule with a code, a sentence, a way to mend it, and two examples."""

from uasocial.rules.handing_out import named_in, refusal, spread, unsayable, untrue, withheld
from uasocial.rules.own import OwnRules
from uasocial.rules.registry import Registry
from uasocial.rules.rule import Days, Found, Remark, Rule, rule

__all__ = [
    "Days",
    "Found",
    "OwnRules",
    "Registry",
    "Remark",
    "Rule",
    "named_in",
    "refusal",
    "rule",
    "spread",
    "unsayable",
    "untrue",
    "withheld",
]
