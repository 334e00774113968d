"""What `check` tells of a whole project: each thing once, in its place, and what is silenced."""

import pytest

from uasocial.errors import NotFound, SettingsError
from uasocial.rules import examples
from uasocial.settings import find_project
from uasocial.toolkit import Toolkit

# One case with twenty faults, each of another rule, by the line it adds or changes.
TWENTY = """\
folder: gate
media: [gate.jpg]
stray: [notes.yaml]
templates:
  en/apeal.j2: "{{ title }}"
action:
  number: UA 1/25
  index: AFR 46/1000/2026
  deadline_words: {en: Please write until 10 February.}
  preferred_languages: [es, fr]
  link: {en: null, es: "http://example.org/1/es?utm_source=x"}
  hashtags: {campaign: {es: abranlapuertaya}}
  mentions: {bluesky: [gates]}
  do_not_post: [Mill Road]
  copies:
    - {id: embassy, name: {en: Embassy}, sender_country: CH, address: [1 Example Way, Berne]}
holder: {confirmed_on: 2025-12-01, salutation: {es: null}}
person: {consents: [{use: name, given_on: 2026-01-11, expires_on: 2026-02-01}]}
en:
  body: null
  demands: [Open the gate, Withdraw every charge immediately]
  letter: {closing: null, paragraphs: [Open the gate of Mill Road Park and]}
  alt: {gate: A gate with a chain.}
es:
  lead: La puerta del parque está cerrada sin explica
  body: [Nadie dio una explicación.]
  update: Nada se mueve.
  posts:
    - {id: gate, text: "¡Abran la  puerta! https://example.org/1/es"}
"""
FOUND = {
    "C005", "C006", "C007", "C011", "C012", "C014", "C015", "C016", "C017", "C018", "C019",
    "C020", "C022", "C023", "C030", "L003", "L004", "L008", "L013", "L015", "L017", "P002",
    "P004", "P005",
}  # fmt: skip


def project(example: str, folder, settings: str = "") -> Toolkit:
    from datetime import datetime

    day = examples.write(example, folder)
    if settings:
        (folder / "uasocial.toml").write_text(settings, encoding="utf-8")
    now = datetime.fromisoformat(f"{day}T12:00+00:00")
    return Toolkit(find_project(str(folder)), now)


def report(kit: Toolkit, *, whole: bool = True):
    return kit.check(kit.action_ids(), kit.choose([]), whole=whole)


def test_a_case_with_many_faults_has_each_told_once_and_nothing_else(tmp_path):
    found = report(project(TWENTY, tmp_path)).findings
    assert len(FOUND) >= 20
    assert sorted(finding.code for finding in found) == sorted(FOUND)


def test_what_is_found_is_in_the_order_of_files_and_lines(tmp_path):
    found = report(project(TWENTY, tmp_path)).findings
    places = [(str(finding.place.path), finding.place.line) for finding in found]
    assert places == sorted(places)
    assert sum(line > 0 for _, line in places) > 15


def test_a_missing_link_is_one_line_however_many_templates_want_it(tmp_path):
    (finding,) = report(project("action: {link: {es: null}}", tmp_path)).findings
    assert finding.place.line > 1
    assert str(finding).endswith(
        f"action.yaml:{finding.place.line}: L003 there is no link in 'es'; "
        "add it to `link` in action.yaml"
    )
    assert finding.error


def test_a_missing_title_is_one_line_and_an_error_that_no_silence_hides(tmp_path):
    for settings in ("", SILENCE.replace("l004", "L005")):
        kit = project("es: {title: null}", tmp_path / f"p{len(settings)}", settings)
        found = [f for f in report(kit, whole=False).findings if f.code != "C008"]
        assert [(f.code, f.error) for f in found] == [("L005", True)]


def test_a_missing_lead_alone_is_a_warning(tmp_path):
    (finding,) = report(project("es: {lead: null}", tmp_path)).findings
    assert (finding.code, finding.error) == ("L005", False)


def test_a_case_without_words_lacks_words_and_no_letter(tmp_path):
    kit = project("{}", tmp_path)
    for language in ("en", "es"):
        (kit.project.actions / "gate" / f"{language}.yaml").unlink()
    assert [f.code for f in report(kit).findings] == ["C001"]


@pytest.mark.parametrize(
    ("lead", "count"),
    [
        ("It is closed. Nobody may go thr", 1),
        ("It is closed. Ask at example.org/gate", 0),
        ("See Mr. Torvane at U.N. Square", 0),
        ("The gate of the park", 0),
    ],
)
def test_a_paragraph_of_sentences_ends_with_one(tmp_path, lead, count):
    found = report(project(f"en: {{lead: {lead}}}", tmp_path)).findings
    assert [f.code for f in found] == ["C020"] * count


@pytest.mark.parametrize(("tag", "count"), [("openthegate", 1), ("gate", 0), ("samar", 0)])
def test_a_short_hashtag_is_taken_apart_by_the_words_of_its_case(tmp_path, tag, count):
    found = report(project(f"action: {{hashtags: {{campaign: {tag}}}}}", tmp_path)).findings
    assert [f.code for f in found] == ["C023"] * count


@pytest.mark.parametrize("name", ["Belkori, Samar", "#BelkoriSamar", "BELKORI Samar"])
def test_the_last_name_may_come_first(tmp_path, name):
    quiet = "person: {consents: []}, es: {body: null}"
    kit = project(f"{{{quiet}, en: {{body: null, title: 'For {name}'}}}}", tmp_path)
    assert [f.code for f in report(kit).findings] == ["P001"]


def test_an_initial_for_a_name_is_a_warning(tmp_path):
    quiet = "person: {consents: []}, es: {body: null}"
    kit = project(f"{{{quiet}, en: {{body: null, lead: It is about S. Belkori.}}}}", tmp_path)
    assert [f.code for f in report(kit).findings] == ["P003"]


def test_a_fault_of_several_templates_is_one_line(tmp_path):
    kit = project('templates: {en/update.j2: "{{ x }}", en/thanks.j2: "{{ x }}"}', tmp_path)
    (finding,) = report(kit).findings
    assert "(and so in" in finding.place.message


def test_a_draft_that_is_too_long_on_several_platforms_is_told_by_their_limits(tmp_path):
    text = "Open the gate, and keep it open. " * 14 + "https://example.org/1/en"
    found = report(project(f'en: {{posts: [{{id: gate, text: "{text}"}}]}}', tmp_path)).findings
    assert {finding.code for finding in found} == {"D001"}
    assert len({finding.place.message for finding in found}) == len(found) == 2


def test_a_language_that_cannot_be_read_hides_nothing_of_the_others(tmp_path):
    kit = project("{en: {colour: red}, es: {letter: {closing: null}, body: null}}", tmp_path)
    found = report(kit).findings
    assert [(finding.place.path.name, finding.code) for finding in found] == [
        ("en.yaml", "C001"),
        ("es.yaml", "L015"),
    ]


def test_no_rule_misses_a_language_that_could_not_be_read(tmp_path):
    changes = "{es: {colour: red}, en: {translated_from: {language: es}}}"
    assert [f.code for f in report(project(changes, tmp_path)).findings] == ["C001"]


def test_a_letter_alone_lacks_nothing(tmp_path):
    kit = project("{}", tmp_path)
    (kit.project.actions / "gate" / "qu.yaml").write_text(
        "letter: {salutation: Napaykullayki, paragraphs: [Punkuta kichaychik.], closing: Añay}\n"
    )
    assert report(kit).findings == []


def test_a_language_without_templates_is_one_line(tmp_path):
    kit = project("action: {link: {nl: 'https://example.org/1/nl'}}", tmp_path)
    case = kit.project.actions / "gate"
    text = (case / "en.yaml").read_text(encoding="utf-8")
    (case / "nl.yaml").write_text(text, encoding="utf-8")
    found = [f for f in report(kit).findings if f.code == "C003"]
    assert [f.place.message for f in found] == ["there are no templates for 'nl'"]


def test_a_name_without_consent_is_told_where_it_stands_and_not_of_each_draft(tmp_path):
    kit = project("{person: {consents: []}, en: {title: Samar Belkori wants in}}", tmp_path)
    found = report(kit).findings
    assert {f.code for f in found} == {"P001"}
    assert {f.place.path.name for f in found} == {"en.yaml", "es.yaml"}
    assert len(found) == 3


@pytest.mark.parametrize(
    ("where", "change"),
    [
        ("title", "en: {title: The gate of Samar Belkori}"),
        ("lead", "en: {lead: SAMAR BELKORI asked.}"),
        ("letter", "en: {letter: {paragraphs: [I ask you to open the gate for samar belkori.]}}"),
        ("outcome", "{en: {outcome: Samar Belkóri is free.}, es: {outcome: Bien.}}"),
        ("hashtag", "action: {hashtags: {campaign: {en: FreeSamarBelkori}}}"),
        ("link", 'action: {link: {en: "https://example.org/Samar%20Belkori"}}'),
        ("the file", "{media: [samar-belkori.pdf]}"),
        ("the case's folder", "folder: samar-belkori"),
    ],
)
def test_a_name_without_consent_is_found_everywhere(tmp_path, where, change):
    quiet = "{person: {consents: []}, en: {body: [Quiet.]}, es: {body: [Nada.]}}"
    base = tmp_path / "base"
    assert report(project(quiet, base)).findings == []
    example = "person: {consents: []}\n" + change.strip()
    if change.startswith("{"):
        example = f"{{person: {{consents: []}}, {change[1:]}"
    found = report(project(example, tmp_path / "named")).findings
    assert any(f.code == "P001" and f.place.message.startswith(where) for f in found)


# --- what the site would refuse, or leave out -------------------------------------------------


def _pictures(kit: Toolkit, data: bytes, name: str = "gate.jpg"):
    media = kit.project.actions / "gate" / "media"
    media.mkdir(exist_ok=True)
    (media / name).write_bytes(data)
    return report(kit).findings


ALTS = "{en: {alt: {gate: A gate with a chain.}}, es: {alt: {gate: Una puerta con cadena.}}}"


def _packed(kind: str, mode: str = "RGB") -> bytes:
    from io import BytesIO

    from PIL import Image

    file = BytesIO()
    Image.effect_noise((90, 60), 60).convert(mode).save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_that_is_cut_off_is_told_where_the_case_names_it(tmp_path, kind):
    data, kit = _packed(kind), project(ALTS, tmp_path)
    assert _pictures(kit, data) == []
    for length in (len(data) // 8, len(data) // 2, len(data) - 12):
        (finding,) = _pictures(kit, data[:length])
        assert (finding.code, finding.place.path.name, finding.error) == ("C033", "en.yaml", True)
        assert finding.place.line > 1
        assert finding.place.message.startswith("the picture media/gate.jpg: ")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is no picture"),
        (b"%PDF-1.7", "is no picture"),
        (_packed("PNG", "I;16"), "has 16 bits a pixel"),
    ],
)
def test_a_picture_that_nobody_takes_is_told_with_why(tmp_path, data, said):
    (finding,) = _pictures(project(ALTS, tmp_path), data)
    assert finding.code == "C033"
    assert said in finding.place.message


def test_a_picture_that_is_too_large_is_told(tmp_path):
    kit = project(f"{{media: [gate.jpg], {ALTS[1:]}", tmp_path)
    with (kit.project.actions / "gate" / "media" / "gate.jpg").open("r+b") as file:
        file.truncate(40_000_001)
    (finding,) = report(kit).findings
    assert finding.place.message.endswith("is larger than 40 MB: make it smaller")


def test_a_picture_that_unpacks_to_too_much_is_told_without_being_unpacked(tmp_path):
    import struct
    import zlib

    png = _packed("PNG")
    head = b"IHDR" + struct.pack(">II", 20_000, 20_000) + png[24:29]
    data = png[:12] + head + struct.pack(">I", zlib.crc32(head)) + png[33:]
    (finding,) = _pictures(project(ALTS, tmp_path), data)
    assert "more than 64 million pixels" in finding.place.message


def test_what_the_site_refuses_of_a_picture_check_has_told(tmp_path):
    from uasocial.outbox.pictures import PictureError, read_picture
    from uasocial.platforms.pictures import CAREFUL

    kit = project(ALTS, tmp_path)
    path = kit.project.actions / "gate" / "media" / "gate.jpg"
    (finding,) = _pictures(kit, _packed("JPEG")[:300])
    with pytest.raises(PictureError, match=r"gate\.jpg: "):
        read_picture(path, CAREFUL)
    assert finding.place.message.startswith("the picture media/gate.jpg: the picture is broken")


def test_a_picture_from_outside_the_project_is_told(tmp_path):
    kit = project(f"{{media: [gate.jpg], {ALTS[1:]}", tmp_path / "project")
    picture = kit.project.actions / "gate" / "media" / "gate.jpg"
    picture.rename(tmp_path / "gate.jpg")
    picture.symlink_to(tmp_path / "gate.jpg")
    (finding,) = report(kit).findings
    assert (finding.code, finding.place.path.name) == ("C028", "gate")
    assert finding.place.message.startswith("media/gate.jpg leads out of the project")
    (tmp_path / "gate.jpg").rename(tmp_path / "project" / "gate.jpg")
    picture.unlink()
    picture.symlink_to("../../../gate.jpg")
    assert report(kit).findings == []


def test_of_three_cases_with_one_number_two_are_told_but_not_one_that_was_withdrawn(tmp_path):
    kit = project("beside: {again: UA 1/26, gates: ua 1/26, gone: UA 1/26}", tmp_path)
    path = kit.project.actions / "gone" / "action.yaml"
    path.write_text(path.read_text() + "ended: {how: withdrawn, on: 2026-01-19}\n")
    found = [f for f in report(kit).findings if f.code == "C025"]
    assert [(f.action, f.place.path.name) for f in found] == [
        ("gate", "action.yaml"),
        ("gates", "action.yaml"),
    ]
    assert found[0].place.message == "states the number UA 1/26, as again does"
    assert report(kit, whole=False).findings != []


@pytest.mark.parametrize("name", ["gate.", "aux", "a:b", "50%"])
def test_a_folder_that_some_disk_does_not_take_is_told_of_the_cases_that_are_checked(
    tmp_path, name
):
    kit = project(f"folder: {name!r}\nbeside: {{other: UA 2/26}}", tmp_path)
    assert [(f.code, f.place.path.name) for f in report(kit).findings] == [("C026", name)]
    assert kit.check(["other"], kit.choose([])).findings == []


HIDDEN = "action: {do_not_post: [Mill Road]}\n"


@pytest.mark.parametrize(
    ("where", "change"),
    [
        ("targets", "target: {address: [1 Mill Road, Lima]}"),
        ("targets", "target: {id: mill-road}"),
        ("targets", "target: {emails: [mill.road@gates.example]}"),
        ("targets", "target: {office: {en: Minister of Mill Road}}"),
        ("targets", "holder: {name: Mill Road}"),
        ("posts", "en: {posts: [{id: mill-road, text: 'Open it: https://example.org/1'}]}"),
    ],
)
def test_what_takes_a_page_away_is_told_with_its_line(tmp_path, where, change):
    found = [f for f in report(project(HIDDEN + change, tmp_path)).findings if f.code[0] == "P"]
    assert {f.code for f in found} == {"P008"}
    assert all(f.place.line > 1 and f.error for f in found)
    assert found[0].place.message == f"`{where}` holds 'Mill Road', which is not to be posted"


def test_a_name_in_two_texts_that_a_page_shows_side_by_side_is_told(tmp_path):
    changes = (
        "{person: {consents: []}, en: {body: [Ask for Samar, Belkori knows.]}, es: {body: []}}"
    )
    found = [f for f in report(project(changes, tmp_path)).findings if f.code[0] == "P"]
    assert [(f.code, f.place.path.name) for f in found] == [("P008", "en.yaml")]
    assert "side by side names Samar Belkori" in found[0].place.message


# --- what is silenced ------------------------------------------------------------------------

SILENCE = '[[silence]]\nrule = "l004"\nreason = "The page has no body."\n'
NO_BODY = "es: {body: null}"


def test_a_warning_is_silenced_with_its_reason(tmp_path):
    told = report(project(NO_BODY, tmp_path, SILENCE))
    assert told.findings == []
    assert [(f.code, f.reason) for f in told.silenced] == [("L004", "The page has no body.")]


def test_a_silence_may_be_for_one_action(tmp_path):
    elsewhere = SILENCE + 'action = "gate"\n'
    assert report(project(NO_BODY, tmp_path / "a", elsewhere)).findings == []
    settings = SILENCE + 'action = "other"\n'
    codes = [f.code for f in report(project(NO_BODY, tmp_path / "b", settings)).findings]
    assert codes == ["L004", "C008"]


def test_a_silence_of_nothing_is_told_only_where_all_is_checked(tmp_path):
    kit = project("{}", tmp_path, f"# ours\n{SILENCE}")
    (finding,) = report(kit).findings
    assert (finding.code, finding.place.path.name, finding.place.line) == (
        "C008",
        "uasocial.toml",
        2,
    )
    assert report(kit, whole=False).findings == []


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (SILENCE.replace("l004", "D005"), "line 1: D005 cannot be silenced: it is an error"),
        (SILENCE.replace("l004", "L0044"), "there is no rule 'L0044'; did you mean 'L004'?"),
        (SILENCE.replace("The page has no body.", "  "), "say for what `reason`"),
        (SILENCE.replace("l004", "D006"), "line 1: D006 is told of a draft when it is handed out"),
    ],
)
def test_what_cannot_be_silenced_is_an_error_of_the_settings(tmp_path, settings, sentence):
    with pytest.raises(SettingsError, match=r"uasocial\.toml") as raised:
        report(project(NO_BODY, tmp_path, settings))
    assert sentence in str(raised.value)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ('[[silence]]\nrule = "L004"\n', "reason"),
        (SILENCE + 'acton = "a"\n', "line 4: unknown key 'acton'; did you mean 'action'?"),
        (SILENCE.replace("The page has no body.", ""), "length >= 1"),
    ],
)
def test_a_silence_that_is_not_whole_is_an_error_at_once(tmp_path, settings, sentence):
    (tmp_path / "uasocial.toml").write_text(settings, encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        find_project(str(tmp_path))
    assert sentence in str(raised.value)


# --- rules of plugins ------------------------------------------------------------------------

PLUGIN = """\
from uasocial.plugins import hookimpl
from uasocial.rules import Found, Remark, rule
@rule("{code}", "All is well.", fix="mend it", bad="{{}}", about="{about}")
def own(*given):
    {body}
@hookimpl
def register_rules():
    return [own]
"""


def installed(site, body: str, code: str = "ACME001", about: str = "case", name: str = "acme"):
    site.install(name, PLUGIN.format(code=code, about=about, body=body))


@pytest.fixture
def site(tmp_path, monkeypatch):
    import importlib
    import sys

    known = set(sys.modules)
    root = tmp_path / "site"
    root.mkdir()
    monkeypatch.syspath_prepend(root)

    class Site:
        def install(self, name: str, source: str) -> None:
            (root / f"{name}.py").write_text(source, encoding="utf-8")
            info = root / f"{name}-1.0.dist-info"
            info.mkdir()
            (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
            (info / "entry_points.txt").write_text(f"[uasocial]\n{name} = {name}\n")
            importlib.invalidate_caches()

    yield Site()
    for name in set(sys.modules) - known:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(root)):
            del sys.modules[name]


@pytest.mark.parametrize("about", ["case", "draft"])
@pytest.mark.parametrize("body", ["raise KeyError('me')", "return ['text']", "return 5", "exit(1)"])
def test_a_rule_that_fails_puts_its_plugin_out_and_changes_nothing_else(
    tmp_path, site, about, body
):
    installed(site, body, about=about)
    kit = project(NO_BODY, tmp_path / "p")
    assert [f.code for f in report(kit).findings] == ["L004"]
    (fault,) = kit.host.faults
    assert fault.name == "acme"
    assert "the rule ACME001 failed" in fault.error
    assert "ACME001" not in kit.rules


@pytest.mark.parametrize("code", ["L004", "C999", "acme001", "ACME1", "", "TOOLONGNAME001"])
def test_a_code_that_is_ours_or_none_is_its_plugin_s_fault(tmp_path, site, code):
    installed(site, "return []", code=code)
    kit = project("{}", tmp_path / "p")
    assert len(kit.rules) > 50
    (fault,) = kit.host.faults
    assert "must have a code of two capitals or more" in fault.error


def test_of_two_plugins_with_one_code_the_first_stays(tmp_path, site):
    installed(site, "return []", name="a_rules")
    installed(site, "return []", name="b_rules")
    kit = project("{}", tmp_path / "p")
    assert "ACME001" in kit.rules
    (fault,) = kit.host.faults
    assert (fault.name, "is there already" in fault.error) == ("b_rules", True)


def test_a_plugin_s_warning_can_be_silenced(tmp_path, site):
    installed(site, "yield Found('', (), 'is not well')")
    told = report(project("{}", tmp_path / "p", SILENCE.replace("l004", "acme001")))
    assert told.findings == []
    assert [f.code for f in told.silenced] == ["ACME001"]


def test_an_unknown_code_names_the_nearest(tmp_path):
    with pytest.raises(NotFound, match=r"no rule 'L0O4'; did you mean 'L0"):
        project("{}", tmp_path).rules.named("L0O4")
