"""What is written is read back as it was meant, and what stands there already stays as it is."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from uasocial.errors import CaseError, UasocialError
from uasocial.model import dialect, folders, tree, writing

ROOT = Path(__file__).parents[2]
SAMPLES = sorted((ROOT / "actions").glob("*/*.yaml"))
PATH = Path("case.yaml")

quick = settings(
    deadline=None, max_examples=200, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
PIECES = (
    "\u00a0,\x85,\n\n, \n,word,null,true,12,1.5,~,|,>,{,],&a,*a,!,%,@,\",',\\,---,...,? ,=,<<,"
    "0x1f,é,\ufe0f,  ,#, #,: ,:,- ,\t,\n,{{ title }},2022-01-03,🕊️,👩‍🏫,أورفانيا"
).split(",")
pieces = st.sampled_from([*PIECES, " ", ",", "long" * 40])
words = st.sampled_from("a word and wörter #tag it's -".split())
texts = st.one_of(
    st.lists(pieces, min_size=1, max_size=60).map("".join),
    st.lists(words, min_size=1, max_size=90).map(" ".join),
    st.text(min_size=1, max_size=60),
).filter(lambda text: not dialect.forbidden(text))
keys = st.one_of(texts.filter(lambda key: len(key) < 60), st.sampled_from(["no", "on", "12", "es"]))
leaves = texts | st.booleans() | st.integers(-999, 10**12)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4)
        | st.dictionaries(keys, inner, min_size=1, max_size=4)
    ),
    max_leaves=12,
)
trees = st.dictionaries(st.sampled_from(["title", "lead", "body", "posts"]) | keys, values)


def read(text: str):
    return tree.parse(text, PATH).value


@settings(quick, max_examples=500)
@given(texts, st.sampled_from(["title", "text", "template"]))
def test_every_text_is_read_back_as_it_was_written(text, key):
    wanted = {key: text, "body": [text, text], "letter": {"paragraphs": [text], key: text}}
    assert read(writing.dump(wanted)) == wanted


@quick
@given(trees)
def test_every_structure_is_read_back_as_it_was_written(content):
    if content:
        assert read(writing.dump(content)) == content


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_samples_are_written_in_lines_of_a_hundred_but_for_posts(path):
    content = tree.read(path).value
    text = writing.dump(content)
    assert read(text) == content
    long = [line.strip() for line in text.splitlines() if len(line) > 100]
    posts = [post.get("text", post.get("template")) for post in content.get("posts", [])]
    assert [line for line in long if line not in posts] == []


def test_keys_come_in_the_order_of_the_model_and_nothing_empty_is_written():
    words = {
        "posts": [{"platforms": ["x"], "text": "One line", "id": "a"}],
        "lead": "A lead.",
        "update": None,
        "demands": [],
        "title": "A title",
        "body": ["One more", "", "Two"],
    }
    assert writing.dump(words) == (
        "title: A title\nlead: A lead.\nbody:\n  - One more\n  - Two\nposts:\n  - id: a\n"
        "    text: |-\n      One line\n    platforms: [x]\n"
    )


def test_days_are_plain_and_what_would_be_no_text_is_in_quotes():
    facts = {"deadline": "2022-01-03", "number": "UA 1/22", "countries": ["NO"], "notes": ["1.5"]}
    facts |= {"own_language": False, "counter": {"value": 10, "source": "null"}}
    assert writing.dump(facts) == (
        "number: UA 1/22\ncountries: [NO]\ndeadline: 2022-01-03\nown_language: false\n"
        'counter:\n  value: 10\n  source: "null"\nnotes: ["1.5"]\n'
    )


def test_an_empty_list_that_means_more_than_none_is_written():
    words = {"title": "T", "posts": [{"id": "a", "text": "T", "platforms": []}]}
    assert read(writing.dump(words)) == words


@pytest.mark.parametrize("bad", ["\x07", "\r", "\u202e", "\u2028", "\ufeff", "\ud800"])
def test_a_character_that_no_file_may_hold_is_refused_with_its_place(bad):
    with pytest.raises(CaseError, match=rf"title: .*letter.salutation .*U\+{ord(bad):04X}"):
        writing.dump({"letter": {"salutation": f"Dear{bad}"}}, Path("title"))


COMMENTED = """\
# The file's own heading.

number: UA 1/22   # as on the sheet
deadline: 2022-01-03
# Who can end the danger:
targets:
  - id: 'minister'  # an office
    office: {en: "Minister"}
    # the first line of the address
    address:
    - One street
    - "A town"
  # the second
  - id: governor
    office:
        en: Governor
notes: [one,
  two]
"""


def test_what_is_said_already_stays_byte_by_byte():
    content = read(COMMENTED)
    assert writing.revise(COMMENTED, content, PATH) == COMMENTED
    changed = writing.revise(COMMENTED, {**content, "deadline": "2022-02-03"}, PATH)
    assert changed == COMMENTED.replace("2022-01-03", "2022-02-03")


def test_line_ends_and_a_mark_at_the_beginning_stay():
    theirs = "\ufeff" + COMMENTED.replace("\n", "\r\n")
    changed = writing.revise(theirs, {**read(COMMENTED), "deadline": "2022-02-03"}, PATH)
    assert changed == theirs.replace("2022-01-03", "2022-02-03")


def test_a_new_key_goes_to_its_place_and_a_deleted_one_takes_its_comments_along():
    content = read(COMMENTED)
    index = writing.revise(COMMENTED, {**content, "index": "AMR 46/5033/2021"}, PATH)
    assert index == COMMENTED.replace("deadline:", "index: AMR 46/5033/2021\ndeadline:")
    del content["targets"]
    gone = writing.revise(COMMENTED, content, PATH)
    assert gone == COMMENTED.partition("# Who")[0] + "notes: [one,\n  two]\n"


def test_a_change_deep_in_a_value_keeps_the_comments_around_it():
    content = read(COMMENTED)
    content["targets"][0]["address"][1] = "Another town"
    content["targets"][1]["country"] = "PE"
    content["targets"].append({"id": "third", "office": {"en": "Third"}})
    changed = writing.revise(COMMENTED, content, PATH)
    assert read(changed) == content
    for kept in ("# an office", "# the first line", "# the second", "id: 'minister'", 'en: "Min'):
        assert kept in changed
    assert changed.startswith(COMMENTED.partition("targets")[0])
    assert changed.endswith("notes: [one,\n  two]\n")


def test_a_text_with_a_comment_behind_it_may_become_a_long_one():
    text = "title: Short # ours\nlead: A lead.\n"
    changed = writing.revise(text, {"title": "long words " * 20 + "end", "lead": "A lead."}, PATH)
    assert "# ours" in changed
    assert read(changed)["title"].endswith("words end")


@settings(quick, max_examples=100)
@given(trees, trees)
def test_whatever_a_file_says_it_says_what_is_wanted_after_a_revision(before, after):
    if not before or not after:
        return
    text = writing.dump(before)
    commented = "# heading\n" + text.replace("\n- ", "\n# why\n- ")
    if read(commented) == before:
        text = commented
    kind = set(before) & {"title", "lead", "body", "posts"}
    revised = writing.revise(text, after, PATH)
    assert read(revised) == after
    assert revised.startswith("# heading") or not kind or "# heading" not in text


def test_edit_sets_and_deletes_keys_and_keeps_the_permissions(tmp_path):
    path = tmp_path / "action.yaml"
    path.write_text(COMMENTED, encoding="utf-8")
    path.chmod(0o640)
    writing.edit(path, {"deadline": "2022-02-03", "notes": None})
    expected = COMMENTED.replace("2022-01-03", "2022-02-03").split("notes")[0]
    assert path.read_text(encoding="utf-8") == expected
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_edit_leaves_a_file_that_it_cannot_read_or_write(tmp_path):
    path = tmp_path / "en.yaml"
    for before, changes in (("title: [a\n", {"title": "b"}), ("title: a\n", {"lead": "\u202e"})):
        path.write_text(before, encoding="utf-8")
        with pytest.raises(CaseError):
            writing.edit(path, changes)
        assert path.read_text(encoding="utf-8") == before
    assert list(tmp_path.iterdir()) == [path]


# --- the folder --------------------------------------------------------------------------------


def state(folder: Path) -> dict[str, str]:
    """Everything beneath *folder*, hidden things too."""
    return {
        str(path.relative_to(folder)): path.read_text() if path.is_file() else ""
        for path in folder.rglob("*")
    }


@pytest.fixture
def actions(tmp_path):
    folder = tmp_path / "actions"
    case = folder / "gate"
    (case / "media").mkdir(parents=True)
    (case / "media" / "a.jpg").write_text("picture")
    (case / "action.yaml").write_text("old facts")
    (case / "en.yaml").write_text("old words")
    return folder


NEW = {"action.yaml": "new facts", "es.yaml": "new words"}


def test_a_new_case_is_whole_and_never_over_another(actions):
    folders.write_case(actions, "door", NEW)
    assert state(actions / "door") == NEW
    before = state(actions)
    with pytest.raises(UasocialError, match="exists already"):
        folders.write_case(actions, "gate", NEW)
    assert state(actions) == before


def test_an_updated_case_keeps_its_other_files(actions):
    (actions / "gate" / "action.yaml").chmod(0o640)
    folders.replace_case(actions, "gate", NEW)
    assert state(actions) == {
        "gate": "",
        "gate/media": "",
        "gate/media/a.jpg": "picture",
        "gate/en.yaml": "old words",
        **{f"gate/{name}": text for name, text in NEW.items()},
    }
    assert (actions / "gate" / "action.yaml").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("moves", [0, 1])
def test_an_update_that_fails_midway_leaves_the_old_state_and_no_litter(
    actions, monkeypatch, moves
):
    before, rename, left = state(actions), Path.rename, [moves]

    def full(self, target):
        if not left[0]:
            left[0] = -1
            raise OSError(28, "No space left on device")
        left[0] -= 1
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(UasocialError, match="No space left"):
        folders.replace_case(actions, "gate", NEW)
    assert state(actions) == before


def test_the_next_run_puts_back_what_a_cut_off_run_moved_away(actions):
    before = state(actions)
    (actions / "gate").rename(actions / f"{folders.OLD}gate")
    (actions / f"{folders.NEW}gate-x").mkdir()
    folders.mend(actions)
    assert state(actions) == before


def test_a_long_text_that_comes_into_brackets_is_not_folded_there():
    text = "title: a\nbody: [a, b]\nalt: {g: x}\n"
    long = "many words, " * 12 + "and an end"
    content = {"title": "a", "body": ["a", long, "b"], "alt": {"g": long, "h": long}}
    found = tree.parse(writing.revise(text, content, Path("en.yaml")), Path("en.yaml"))
    assert found.value == content
