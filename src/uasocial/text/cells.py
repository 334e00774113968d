"""Texts in the cells of a spreadsheet: none of them is taken for a formula, and none is changed."""

__all__ = ["bare", "guarded"]

# What a spreadsheet takes for the beginning of a formula, its full-width twins too:
# https://owasp.org/www-community/attacks/CSV_Injection
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# What keeps it from that, in front; a text that begins with one gets a second.
GUARD = "'"


def guarded(text: str) -> str:
    """Return *text* as it may stand in a cell."""
    return f"{GUARD}{text}" if _needs_guard(text) else text


def bare(cell: str) -> str:
    """Return what `guarded` made a cell of; a text without a guard is as it is."""
    rest = cell.removeprefix(GUARD)
    return rest if rest != cell and _needs_guard(rest) else cell


def _needs_guard(text: str) -> bool:
    return text.startswith((*FORMULA, GUARD)) or text.lstrip().startswith(FORMULA)
