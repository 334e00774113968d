"""The nouns of the house: an action with its facts and words, a draft with its measure."""

from uasocial.model.days import Day, latest_today
from uasocial.model.draft import OCCASIONS, Draft, Measure, Occasion, Problem
from uasocial.model.facts import Facts, Holder, Person, Target
from uasocial.model.files import Action, action_ids, read_action, read_faults
from uasocial.model.numbers import ActionNumber, DocumentIndex
from uasocial.model.wording import Letter, Post, Words

__all__ = [
    "OCCASIONS",
    "Action",
    "ActionNumber",
    "Day",
    "DocumentIndex",
    "Draft",
    "Facts",
    "Holder",
    "Letter",
    "Measure",
    "Occasion",
    "Person",
    "Post",
    "Problem",
    "Target",
    "Words",
    "action_ids",
    "latest_today",
    "read_action",
    "read_faults",
]
