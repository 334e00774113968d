"""Each hook does what it says, and there is a test of that name for each."""

import inspect

import pytest
from msgspec.structs import replace

from uasocial.errors import DocumentError, TemplateError, UasocialError
from uasocial.model.notice import Notice
from uasocial.model.post import Delivery
from uasocial.plugins import Hooks, host
from uasocial.reading import choosing
from uasocial.reading.formats import open_document

IMPORTS = """\
from uasocial.model import Problem
from uasocial.platforms import Limits, Platform, share_address
from uasocial.plugins import hookimpl
from uasocial.words import Rendered
"""


def hooks():
    return [name for name, value in vars(Hooks).items() if inspect.isfunction(value)]


def test_every_hook_has_a_test_of_its_name():
    assert len(hooks()) >= 4
    assert [name for name in hooks() if f"test_hook_{name}" not in globals()] == []


def test_every_hook_says_what_it_is_for_and_has_types():
    for name in hooks():
        hook = getattr(Hooks, name)
        assert hook.__doc__
        assert "return" in hook.__annotations__


def test_hook_register_platforms(cases, here):
    cases.write()
    here.install(
        "board",
        f"""{IMPORTS}
@hookimpl
def register_platforms():
    def share(draft, instance):
        return share_address("https://board.example", t=draft.text)
    yield Platform("board", "Board", Limits(20, "code-points"), share)
""",
    )
    cases.template("en/appeal.board.j2", "{{ title }}")
    draft = cases.draft("board")
    assert (draft.length, draft.limit) == (13, 20)
    assert draft.share_url == "https://board.example?t=Open%20the%20gate"


def test_hook_prepare_environment(cases, here):
    cases.write()
    here.install(
        "loud",
        f"""{IMPORTS}
@hookimpl
def prepare_environment(environment, language):
    environment.filters["loud"] = lambda text: f"{{text.upper()}}! ({{language}})"
""",
    )
    cases.template("en/appeal.j2", "{{ title | loud }}")
    assert cases.draft("x").text == "OPEN THE GATE! (en)"


def test_hook_render_draft(cases, here):
    cases.write()
    here.install(
        "signed",
        f"""{IMPORTS}
@hookimpl(wrapper=True)
def render_draft(platform):
    rendered = yield
    return rendered._replace(text=f"{{rendered.text}} via {{platform.name}}")
""",
    )
    cases.template("en/appeal.j2", "{{ title }}")
    assert cases.draft("x").text == "Open the gate via x"


def test_what_a_plugin_made_of_a_draft_is_measured_and_checked(cases, here):
    cases.write()
    here.install(
        "long",
        f"""{IMPORTS}
@hookimpl(wrapper=True)
def render_draft():
    return (yield)._replace(text="a" * 300 + chr(0x202e))
""",
    )
    draft = cases.draft("x")
    assert not draft.fits
    assert [problem.code for problem in draft.errors()] == ["D001", "D002"]
    assert draft.share_url is None


def test_a_plugin_may_render_itself_and_none_leaves_it_to_others(cases, here):
    cases.write()
    here.install(
        "own",
        f"""{IMPORTS}
import datetime
@hookimpl
def render_draft(platform):
    if platform.name == "x":
        return Rendered("Mine", datetime.date(2026, 1, 20))
""",
    )
    cases.template("en/appeal.j2", "{{ title }}")
    assert cases.draft("x").text == "Mine"
    assert cases.draft("bluesky").text == "Open the gate"


def test_hook_check_draft(cases, here):
    cases.write()
    here.install(
        "polite",
        f"""{IMPORTS}
@hookimpl
def check_draft(draft):
    if "please" not in draft.text:
        yield Problem("P001", "is not polite: say please")
""",
    )
    cases.template("en/appeal.j2", "{{ title }}")
    draft = cases.draft("x")
    assert [problem.code for problem in draft.errors()] == ["P001"]
    assert draft.share_url is None


RULES = """\
from uasocial.plugins import hookimpl
from uasocial.rules import Found, Remark, rule

@rule(
    "ACME001", "A case has a note.", fix="write one under `notes`", bad="{}",
    good="action: {notes: [It was read.]}",
)
def without_note(case):
    if not case.facts.notes:
        yield Found("", (), "has no note")

@rule(
    "ACME002", "A post is polite.", fix="say please", about="draft", error=True,
    bad="{}", good="en: {posts: [{id: a, text: Please write}]}",
)
def impolite(draft, action, days):
    if "lease" not in draft.text:
        yield Remark("is not polite")

@hookimpl
def register_rules():
    return [without_note, impolite]
"""


def test_hook_register_rules(cases, here):
    cases.write()
    here.install("acme", RULES)
    cases.template("en/appeal.j2", "{{ title }} {{ action | link }}")
    kit = cases.kit()
    found = {f.code: f for f in kit.check(["gate"], [kit.platform("x")]).findings}
    assert str(found["ACME001"]).endswith("ACME001 has no note; write one under `notes`")
    assert found["ACME002"].error
    assert not found["ACME001"].error
    draft = cases.draft("x")
    assert [problem.code for problem in draft.errors()] == ["ACME002"]
    assert draft.share_url is None


SHEET = """\
from uasocial.plugins import hookimpl
from uasocial.reading import Doubt, Field, Match, Reading

def read(document):
    title, *rest = document.lines[1:]
    field = Field(("en", "title"), title.text, (title.number,))
    return Reading(document=document, layout="sheet", fields=(field,), unplaced=tuple(rest),
        doubts=(Doubt(title.number, "is short"),))

@hookimpl
def read_document(document):
    score = 0.9 if document.lines and document.lines[0].text == "SHEET" else 0.0
    yield Match("sheet", score, ("the word SHEET",), lambda: read(document))
"""


def read_text(cases, text):
    return choosing.read(cases.kit().host, open_document(text.encode(), "page.txt"))


def test_hook_read_document(cases, here):
    here.install("sheets", SHEET)
    reading = read_text(cases, "SHEET\nOpen the gate\nThe rest")
    assert reading.layout == "sheet"
    assert [(field.at, field.value) for field in reading.fields] == [
        (("en", "title"), "Open the gate")
    ]
    assert [line.text for line in reading.unplaced] == ["The rest"]
    assert reading.doubts == ((2, "is short"),)


def test_a_layout_that_does_not_fit_reads_nothing(cases, here):
    here.install("sheets", SHEET)
    with pytest.raises(DocumentError, match="is no urgent action"):
        read_text(cases, "LEAF\nOpen the gate")


def test_two_layouts_that_fit_equally_read_nothing(cases, here):
    here.install("sheets", SHEET)
    here.install("leaves", SHEET)
    with pytest.raises(DocumentError, match="equally"):
        read_text(cases, "SHEET\nOpen the gate")


FAILING = {
    "register_platforms": "def register_platforms():\n    raise {error}\n",
    "register_platforms, late": "def register_platforms():\n    yield None\n    raise {error}\n",
    "prepare_environment": "def prepare_environment(environment, language):\n    raise {error}\n",
    "render_draft": "def render_draft():\n    raise {error}\n",
    "render_draft, of no kind": "def render_draft():\n    return 'text'  # {error}\n",
    "register_rules": "def register_rules():\n    raise {error}\n",
    "register_rules, of no kind": "def register_rules():\n    return ['rule']  # {error}\n",
    "check_draft": "def check_draft(draft):\n    raise {error}\n",
    "check_draft, of no kind": "def check_draft(draft):\n    return ['bad']  # {error}\n",
    "check_draft, no list": "def check_draft(draft):\n    return 5  # {error}\n",
}


@pytest.mark.parametrize("error", ["KeyError('me')", "SystemExit(3)", "RecursionError()"])
@pytest.mark.parametrize("hook", FAILING)
def test_a_hook_that_fails_puts_its_plugin_out_and_changes_nothing_else(cases, here, hook, error):
    cases.write()
    alone = cases.kit()
    expected = list(alone.drafts(alone.action("gate"), ["en"], alone.choose([]), "appeal"))
    here.install("bad", f"{IMPORTS}\n@hookimpl\n{FAILING[hook].format(error=error)}")
    kit = cases.kit()
    assert list(kit.drafts(kit.action("gate"), ["en"], kit.choose([]), "appeal")) == expected
    (fault,) = kit.host.faults
    assert fault.name == "bad"
    assert fault.error


WRAPPERS = {
    "before": "    raise KeyError('me')\n    yield\n",
    "after": "    yield\n    raise KeyError('me')\n",
    "with nothing": "    yield\n",
}


@pytest.mark.parametrize("when", WRAPPERS)
def test_a_wrapper_that_fails_is_taken_off(cases, here, when):
    cases.write()
    expected = cases.draft("x")
    here.install(
        "bad", f"{IMPORTS}\n@hookimpl(wrapper=True)\ndef render_draft():\n{WRAPPERS[when]}"
    )
    kit = cases.kit()
    platforms = [kit.platform("x")]
    assert next(kit.drafts(kit.action("gate"), ["en"], platforms, "appeal")) == expected
    assert [fault.name for fault in kit.host.faults] == ["bad"]


def test_a_fault_of_a_case_is_no_plugin_s_even_under_its_wrapper(cases, here):
    cases.write()
    cases.template("en/appeal.j2", "{{ titel }}")
    here.install(
        "good", f"{IMPORTS}\n@hookimpl(wrapper=True)\ndef render_draft():\n    return (yield)\n"
    )
    kit = cases.kit()
    with pytest.raises(TemplateError, match="titel"):
        list(kit.drafts(kit.action("gate"), ["en"], [kit.platform("x")], "appeal"))
    assert kit.host.faults == []


def test_a_plugin_s_filter_that_fails_is_an_error_of_the_template(cases, here):
    cases.write()
    here.install(
        "bad",
        f"""{IMPORTS}
@hookimpl
def prepare_environment(environment, language):
    environment.filters["loud"] = lambda text: {{}}["x"]
""",
    )
    cases.template("en/appeal.j2", "{{ title | loud }}")
    with pytest.raises(TemplateError, match=r"appeal\.j2:1"):
        cases.draft("x")


def test_a_plugin_s_platform_whose_address_fails_has_none_and_says_why(cases, here):
    cases.write()
    here.install(
        "board",
        f"""{IMPORTS}
@hookimpl
def register_platforms():
    def share(draft, instance):
        raise KeyError("me")
    return [Platform("board", "Board", Limits(500, "utf-8"), share)]
""",
    )
    draft = cases.draft("board")
    assert draft.share_url is None
    assert "KeyError('me')" in draft.share_note


def test_our_own_rules_are_never_put_out(cases, monkeypatch):
    from uasocial.rules import drafts

    def broken(*_):
        raise KeyError("ours")

    monkeypatch.setattr(drafts, "too_long", replace(drafts.too_long, check=broken))
    cases.write()
    with pytest.raises(KeyError, match="ours"):
        cases.draft("x")


def test_hook_register_publishers(cases, here):
    from uasocial.accounts import account, open_account, publishers
    from uasocial.secrets import Keyring

    here.install(
        "wire",
        """\
from uasocial.platforms.publisher import Publisher, PublisherKind
from uasocial.plugins import hookimpl

class Wire(Publisher):
    promise = "neither"

    def __init__(self, settings, secrets):
        self.server = settings["server"]

    def create(self, prepared):
        raise NotImplementedError

    def check(self):
        return f"@samar@{self.server}"

@hookimpl
def register_publishers():
    yield PublisherKind("wire", "mastodon", Wire, settings=("server",))
""",
    )
    cases.settings(
        '[accounts.berlin]\nplatform = "mastodon"\nlanguage = "de"\nkind = "wire"\n'
        'settings = { server = "social.example" }\n'
    )
    kit = cases.kit()
    # Packages of ours may be installed beside.
    assert [name for name in publishers(kit) if name in {"console", "wire"}] == ["console", "wire"]
    opened = open_account(account(kit, "berlin"), Keyring())
    assert opened.check() == "@samar@social.example"


PUBLISHERS = {
    "PublisherKind('console', 'x', print)": "'console' is there already",
    "PublisherKind('a', 'mastodn', print)": "there is none; did you mean 'mastodon'?",
    "PublisherKind('A b', 'x', print)": "must have a name of small letters",
    "PublisherKind('a', 'x', None)": "no function that opens an account",
    "PublisherKind('a', 'x', print, 'token')": "must name its settings and secrets",
    "PublisherKind('a', 'x', print, ('T',))": "must name its settings and secrets",
    "PublisherKind('a', 'x', print, ('t',), ('t',))": "names 't' twice",
    "'a'": "gave 'str', which is no PublisherKind",
    "1 / 0": "register_publishers failed: ZeroDivisionError",
}


@pytest.mark.parametrize("kind", PUBLISHERS)
def test_a_malformed_publisher_puts_its_plugin_out(cases, here, kind):
    from uasocial.accounts import publishers

    before = list(publishers(cases.kit()))
    here.install(
        "bad",
        "from uasocial.platforms.publisher import PublisherKind\n"
        "from uasocial.plugins import hookimpl\n"
        f"@hookimpl\ndef register_publishers():\n    return [{kind}]\n",
    )
    kit = cases.kit()
    assert list(publishers(kit)) == before
    (fault,) = kit.host.faults
    assert PUBLISHERS[kind] in fault.error


def test_hook_delivery_changed(cases, here):
    """One that fails stays in service: what it reaches may only be away for a while."""
    here.install(
        "bell",
        """\
from pathlib import Path
from uasocial.plugins import hookimpl

@hookimpl
def delivery_changed(delivery, settings):
    if delivery.needs == "failed":
        raise RuntimeError("the bell is broken")
    Path(settings["file"]).write_text(f"{delivery.number} {delivery.state}")
""",
    )
    host = cases.kit().host
    file = cases.root / "bell.txt"
    delivery = Delivery(
        id="d1",
        number="UA 1/26",
        action="gate",
        language="en",
        platform="x",
        account="ours",
        state="review",
        needs="failed",
    )

    def tell(delivery):
        given = {"delivery": delivery, "settings": {"file": file}, "secrets": {}}
        return dict(host.tell("delivery_changed", **given))["bell"]

    assert host.hears("delivery_changed")
    assert str(tell(delivery)) == "the bell is broken"
    assert tell(replace(delivery, needs="review")) is None
    assert file.read_text() == "UA 1/26 review"
    assert host.faults == []


def test_hook_notice_due(cases, here, monkeypatch):
    """It is lost where nobody has taken it, and not where one of several has."""
    from uasocial.accounts import reminder

    # Packages of ours may be installed beside, and take it.
    found = host.entry_points
    ours = {"apprise"}
    monkeypatch.setattr(
        host, "entry_points", lambda **group: [e for e in found(**group) if e.name not in ours]
    )
    cases.settings('[notices]\nfile = "bell.txt"\n')
    here.install(
        "broken",
        "from uasocial.plugins import hookimpl\n"
        "@hookimpl\ndef notice_due(notice):\n    raise RuntimeError('the bell is broken')\n",
    )
    notice = Notice(kind="approval wanted", number="UA 1/26", action="gate", count=3)
    with pytest.raises(UasocialError, match="broken: RuntimeError"):
        reminder(cases.kit())(notice)
    here.install(
        "bell",
        """\
from pathlib import Path
from uasocial.plugins import hookimpl

@hookimpl
def notice_due(notice, settings, secrets):
    (Path(__file__).parent / settings["file"]).write_text(f"{notice.number} {notice.count}")
""",
    )
    kit = cases.kit()
    reminder(kit)(notice)
    (rung,) = cases.root.parent.rglob("bell.txt")
    assert rung.read_text() == "UA 1/26 3"
    assert kit.host.faults == []
