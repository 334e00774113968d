"""A broken, misspelt, clashing or outdated plugin is listed with its error and disturbs nothing."""

import pytest

HEAD = "from uasocial.plugins import hookimpl\nfrom uasocial.platforms import Limits, Platform\n"
RULE = "@hookimpl\ndef check_draft(draft):\n    return []\n"
BOARD = """\
@hookimpl
def register_platforms():
    return [Platform({name!r}, 'B', Limits(9, 'utf-8'))]
"""

FAULTY = {
    "raises": ("raise RuntimeError('not today')", "RuntimeError: not today"),
    "has a syntax error": ("def (:", "SyntaxError"),
    "exits": ("import sys; sys.exit('bye')", "SystemExit: bye"),
    "imports what is not there": ("import not_there_at_all", "ModuleNotFoundError"),
    "has no hook": (HEAD, "implements no hook"),
    "misspells a hook": (
        f"{HEAD}@hookimpl\ndef check_drafts(draft):\n    return []\n",
        "there is no hook 'check_drafts'; did you mean 'check_draft'?",
    ),
    "asks for too much": (
        f"{HEAD}@hookimpl\ndef check_draft(draft, weather):\n    return []\n",
        "weather",
    ),
    "is outdated": (f"{HEAD}UASOCIAL_API = 0\n{RULE}", "version 0 of the hooks"),
    "is of the future": (f"{HEAD}UASOCIAL_API = 2\n{RULE}", "version 2 of the hooks"),
    "takes our platform": (HEAD + BOARD.format(name="x"), "'x' is there already"),
    "gives what is no platform": (
        f"{HEAD}@hookimpl\ndef register_platforms():\n    return ['x']\n",
        "which is no Platform",
    ),
    "knows no such unit": (
        HEAD + BOARD.format(name="b").replace("utf-8", "letters"),
        "no counting rule 'letters'",
    ),
    "takes the name of all": (HEAD + BOARD.format(name="all"), "and not `all`"),
    "has a limit that is no number": (
        HEAD + BOARD.format(name="b").replace("9,", "'140',"),
        "has limits that are none",
    ),
    "has no label": (HEAD + BOARD.format(name="b").replace("'B'", "None"), "must have texts"),
    "wraps what gathers": (
        f"{HEAD}@hookimpl(wrapper=True)\ndef check_draft(draft):\n    return (yield)\n",
        "do not wrap it",
    ),
}


@pytest.mark.parametrize("what", FAULTY)
def test_a_faulty_plugin_is_listed_with_its_error_on_one_line(cases, here, what):
    source, sentence = FAULTY[what]
    here.install("bad", source)
    kit = cases.kit()
    assert "x" in kit.platforms
    (fault,) = kit.host.faults
    assert (fault.name, fault.source, fault.version) == ("bad", "dist-bad", "1.0")
    assert sentence in fault.error
    assert "\n" not in fault.error


def test_faulty_plugins_change_no_output_of_share(uasocial, site):
    asked = ("share", "ua-119-21", "--as-of", "2021-12-01", "--json")
    alone = uasocial(*asked)
    for number, (source, _) in enumerate(FAULTY.values()):
        site.install(f"bad{number}", source)
    crowded = uasocial(*asked)
    assert alone.err == ""
    assert (crowded.status, crowded.out) == (0, alone.out)
    assert len(crowded.err.splitlines()) == len(FAULTY)
    assert "Traceback" not in crowded.err


def test_plugins_lists_the_good_and_the_bad_with_their_distributions(uasocial, site):
    site.install("good", HEAD + BOARD.format(name="board"))
    site.install("bad", "raise RuntimeError('not today')")
    listed = uasocial("plugins")
    assert listed.status == 0
    lines = {line.split()[0]: line for line in listed.out.splitlines()}
    assert lines["good"].split()[1:] == ["dist-good", "1.0", "ok"]
    assert lines["bad"].endswith("RuntimeError: not today")
    assert lines["uasocial.platforms"].endswith("ok")


def test_of_two_plugins_that_clash_the_first_stays(cases, here):
    here.install("a_board", HEAD + BOARD.format(name="board"))
    here.install("b_board", HEAD + BOARD.format(name="board"))
    kit = cases.kit()
    assert "board" in kit.platforms
    (fault,) = kit.host.faults
    assert fault.name == "b_board"
    assert "give it another name" in fault.error


def test_a_plugin_out_of_service_leaves_none_of_its_platforms(cases, here):
    both = BOARD.format(name="board").replace("]", ", Platform('x', 'B', Limits(9, 'utf-8'))]")
    here.install("both", HEAD + both.replace("@hookimpl", "@hookimpl(trylast=True)"))
    kit = cases.kit()
    assert "board" not in kit.platforms
    assert kit.platform("x").label == "X"


def test_an_odd_name_cannot_disturb_the_terminal(cases, here):
    here.install("bad", "raise RuntimeError('\\x1b[31m red \\u202e')")
    (fault,) = cases.kit().host.faults
    assert fault.error == r"RuntimeError: \x1b[31m red \u202e"


@pytest.mark.parametrize(
    ("share", "said"),
    [
        ("lambda draft, instance: 42", "its address is no text but int"),
        ("lambda draft: draft.text", "its address cannot be made: TypeError"),
        ("lambda draft, instance: exit('bye')", "its address cannot be made: SystemExit"),
    ],
)
def test_a_platform_that_makes_no_address_says_so_in_its_place(cases, here, share, said):
    board = BOARD.format(name="board").replace("'utf-8')", f"'utf-8'), {share}")
    here.install("bad", HEAD + board.replace("9,", "900,"))
    cases.write()
    draft = cases.draft("board")
    assert draft.share_url is None
    assert draft.share_note.startswith(said)
