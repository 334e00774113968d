"""The publishing tour, by commands alone, on a real Bluesky server and a fake Mastodon."""

import json
import os
import re
import signal
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from uasocial.accounts import accounts
from uasocial_apprise.testing import Room
from uasocial_bluesky.testing import Member, Pds
from uasocial_mastodon.testing import FakeMastodon
from uasocial_mastodon.testing.records import Status

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "docs" / "publishing.md", *sorted(ROOT.glob("plugins/*/README.md"))]
CASE = "bridge"
FACTS = """\
number: UA 905/26
example: true
countries: [ZZ]
active_since: today-5
deadline: today+20
time_zone: Etc/UTC
link: {{en: "https://example.org/905/en", ar: "https://example.org/905/ar"}}
hashtags:
  country: {{en: Orvania, ar: أورفانيا}}
  campaign: {{en: OpenTheBridge, ar: افتحوا_الجسر}}
targets:
  - id: minister
    office: {{en: Minister of Bridges, ar: وزيرة الجسور}}
    country: ZZ
    holders:
      - name: Ilin Sarova
        confirmed_on: today-3
        handles:
          mastodon: "minister@elsewhere.example"
          bluesky: {office}
"""
WORDS = {
    "en": """\
title: Open the bridge of Belmara
lead: The only bridge to the market has been closed.
demands: [Open the bridge]
content_warning: A closed border
alt: {chain: A chain across the bridge 🌉}
posts:
  - id: bridge
    template: |-
      {{ country | hashtag }}: The bridge is closed. {{ target | mention }}, please open it! \
{{ campaign | hashtag }} {{ action | link }}
  - id: market
    template: |-
      Nobody reaches the market any more. {{ action | link }}
  - id: ferry
    template: |-
      And the ferry rests in winter. {{ action | link }}
""",
    "ar": """\
title: افتحوا جسر بلمارا
lead: أُغلق الجسر الوحيد إلى السوق.
demands: [فتح الجسر]
alt: {chain: سلسلة على الجسر 🌉}
posts:
  - id: bridge
    template: |-
      {{ country | hashtag }}: الجسر مغلق. {{ target | mention }}، نرجو فتحه! \
{{ campaign | hashtag }} {{ action | link }}
  - id: market
    template: |-
      لا أحد يصل إلى السوق. {{ action | link }}
  - id: ferry
    template: |-
      والعبّارة متوقفة شتاءً. {{ action | link }}
""",
}
SETTINGS = """\
[accounts.ours-en]
platform = "mastodon"
language = "en"
gap = "{gap}"
settings = {{instance = "{mastodon}"}}

[accounts.ours-ar]
platform = "bluesky"
language = "ar"
settings = {{handle = "{handle}", service = "{pds}"}}
"""
BOTH = ("--account", "ours-en", "--account", "ours-ar")
THREAD = ("--wording", "bridge", "--then", "market", "--then", "ferry")
SAID = "#Orvania: The bridge is closed. @minister@elsewhere.example, please open it!"


@pytest.fixture(scope="module")
def office(pds) -> Member:
    """The minister on Bluesky."""
    return pds.join("bridges-of-orvania")


class Tour:
    """A project with an account on both networks, its commands, and all that they have said."""

    def __init__(self, cases: Any, run: Any, pds: Pds, office: Member) -> None:
        self.cases, self._run, self.pds = cases, run, pds
        self.mastodon = FakeMastodon()
        self.mastodon.join("ours")
        self.minister = self.mastodon.join("minister@elsewhere.example", known=False)
        self.office, self.member = office, pds.join()
        self.environment = {
            "UASOCIAL_NAME": "Noor Sahel",
            "UASOCIAL_CONFIG": str(cases.root / "config"),
            "UASOCIAL_OURS_EN_ACCESS_TOKEN": self.mastodon.grant("ours"),
            "UASOCIAL_OURS_AR_APP_PASSWORD": pds.app_password(self.member),
        }
        self.outputs: list[str] = []
        cases.write(CASE, FACTS.format(office=office.handle), **WORDS)
        self.picture = cases.root / "actions" / CASE / "media" / "chain.jpg"
        self.picture.parent.mkdir()
        self.picture.write_bytes(photo())
        self.set_gap("0s")

    def set_gap(self, gap: str) -> None:
        self.cases.settings(
            SETTINGS.format(
                gap=gap,
                mastodon=self.mastodon.url,
                handle=self.member.handle,
                pds=self.pds.url,
            )
        )

    def __call__(self, *typed: str, status: int = 0) -> str:
        """Run a command that is to end with *status*; return what it says."""
        done = self._run(*typed, cwd=self.cases.root, **self.environment)
        self.outputs += [done.out, done.err]
        assert done.status == status, done.out + done.err
        assert "Traceback" not in done.err
        return done.out + done.err

    def json(self, *typed: str, status: int = 0) -> Any:
        done = self._run(*typed, "--json", cwd=self.cases.root, **self.environment)
        self.outputs += [done.out, done.err]
        assert done.status == status, done.out + done.err
        return json.loads(done.out)

    def published(self, *typed: str) -> list[str]:
        """Publish, and return the ids of the deliveries."""
        done = self.json("publish", CASE, *typed, "--yes")["deliveries"]
        return [one["id"] for one in done]

    def worker(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [
                sys.executable,
                "-u",
                "-c",
                "from uasocial.cli import main; main()",
                "worker",
                "--poll",
                "0.1",
            ],
            cwd=self.cases.root,
            env={**os.environ, "PYTHONUTF8": "1", **self.environment},
            text=True,
            encoding="utf-8",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def edit(self, language: str, old: str, new: str) -> None:
        file = self.cases.root / "actions" / CASE / f"{language}.yaml"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    @property
    def statuses(self) -> list[Status]:
        """What Mastodon holds, oldest first."""
        return self.mastodon.statuses

    @property
    def records(self) -> list[dict[str, Any]]:
        """What Bluesky holds, oldest first."""
        return [one["value"] for one in self.pds.posts(self.member.did)]

    def close(self) -> None:
        self.mastodon.close()

    def assert_discreet(self) -> None:
        """No token stands in what was said, nor in a file of the project."""
        secrets = [value for name, value in self.environment.items() if "_OURS_" in name]
        assert len(secrets) == 2
        files = [path for path in self.cases.root.rglob("*") if path.is_file()]
        written = [path.read_bytes() for path in files]
        for secret in secrets:
            assert not [said for said in self.outputs if secret in said]
            assert not any(secret.encode() in data for data in written)


def photo() -> bytes:
    """Return a picture that says where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = "Old Mill Road"
    out = BytesIO()
    Image.new("RGB", (64, 48), "navy").save(out, "JPEG", exif=exif)
    return out.getvalue()


def spoken(record: dict[str, Any], facet: dict[str, Any]) -> str:
    """Return the words of a post that a facet is about, as Bluesky counts: in bytes."""
    index = facet["index"]
    return record["text"].encode()[index["byteStart"] : index["byteEnd"]].decode()


@pytest.fixture
def tour(cases, uasocial, pds, office):
    made = Tour(cases, uasocial, pds, office)
    yield made
    made.close()
    made.assert_discreet()


@pytest.fixture
def room(tour):
    """Where the notices of the project go."""
    with Room() as made:
        tour.environment["UASOCIAL_NOTICES_URLS"] = made.address()
        yield made


# --- before anything is said -------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_accounts_that_a_page_shows_are_such_as_their_publishers_take(page, cases):
    text = page.read_text(encoding="utf-8")
    examples = re.findall(r"^```toml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    shown = []
    for example in examples:
        cases.settings(example)
        shown += accounts(cases.kit())
    assert shown


def test_the_accounts_say_whose_they_are_and_their_servers_what_they_take(tour):
    said = tour("accounts", "check")
    assert re.search(r"^ok    ours-ar: .*" + re.escape(tour.member.handle), said, re.MULTILINE)
    assert re.search(r"^ok    ours-en: .*@ours", said, re.MULTILINE)
    assert "takes 500 characters" in said
    learned = json.loads((tour.cases.root / "limits.json").read_text(encoding="utf-8"))
    (server,) = learned["servers"].values()
    assert (server["length"], server["url_length"]) == (500, 23)


def test_the_ids_that_stay_are_written_beside_the_handles(tour):
    assert "2 written into action.yaml" in tour("handles", CASE, "--write")
    facts = (tour.cases.root / "actions" / CASE / "action.yaml").read_text(encoding="utf-8")
    assert tour.minister.uri in facts
    assert tour.office.did in facts
    assert tour("handles", CASE).count("the same account as on record") == 2


def test_a_preview_shows_all_and_says_nothing_to_the_networks(tour):
    said = tour("publish", CASE, *BOTH, *THREAD, "--media", str(tour.picture), status=1)
    assert "nothing is published: say --yes" in said
    for shown in ("  1/3", "  3/3", "[content warning: A closed border]", "سلسلة على الجسر 🌉"):
        assert shown in said
    assert tour.statuses == tour.records == []


# --- said --------------------------------------------------------------------------------------


def test_a_case_in_two_languages_goes_out_with_its_picture(tour):
    tour("handles", CASE, "--write")
    said = tour(
        "publish", CASE, *BOTH, "--wording", "bridge", "--media", str(tour.picture), "--yes"
    )
    (status,), (record,) = tour.statuses, tour.records

    assert f"{tour.mastodon.url}/@ours/{status.id}" in said
    assert status.text == f"{SAID} #OpenTheBridge https://example.org/905/en"
    assert (status.language, status.warning) == ("en", "A closed border")
    (upload,) = status.uploads
    assert upload.alt == "A chain across the bridge 🌉"
    assert not Image.open(BytesIO(upload.data)).getexif()

    assert f"https://bsky.app/profile/{tour.member.did}/post/" in said
    assert record["langs"] == ["ar"]
    facets = {
        one["features"][0]["$type"].rpartition("#")[2]: (one, spoken(record, one))
        for one in record["facets"]
    }
    assert facets["mention"][1] == f"@{tour.office.handle}"
    assert facets["mention"][0]["features"][0]["did"] == tour.office.did
    assert facets["link"][1] == "https://example.org/905/ar"
    tags = {spoken(record, one) for one in record["facets"] if "tag" in one["features"][0]}
    assert tags == {"#أورفانيا", "#افتحوا_الجسر"}
    (image,) = record["embed"]["images"]
    assert image["alt"] == "سلسلة على الجسر 🌉"
    assert image["aspectRatio"] == {"width": 64, "height": 48}
    blob = tour.pds.blob(tour.member.did, image["image"]["ref"]["$link"])
    assert not Image.open(BytesIO(blob)).getexif()


def test_the_same_words_are_not_said_twice(tour):
    tour.published(*BOTH, "--wording", "bridge")
    assert "says these very words already" in tour(
        "publish", CASE, *BOTH, "--wording", "bridge", "--yes", status=1
    )
    assert (len(tour.statuses), len(tour.records)) == (1, 1)


def test_each_post_of_a_thread_answers_the_one_before(tour):
    assert len(tour.published(*BOTH, *THREAD, "--media", str(tour.picture))) == 6
    first, second, third = tour.statuses
    assert [first.answers, second.answers, third.answers] == [None, first.id, second.id]
    assert [len(one.uploads) for one in tour.statuses] == [1, 0, 0]
    assert {one.warning for one in tour.statuses} == {"A closed border"}

    posts = tour.pds.posts(tour.member.did)
    known = [{"uri": one["uri"], "cid": one["cid"]} for one in posts]
    assert [one["value"].get("reply") for one in posts] == [
        None,
        {"root": known[0], "parent": known[0]},
        {"root": known[0], "parent": known[1]},
    ]


# --- stopped -----------------------------------------------------------------------------------


def test_a_stop_in_the_middle_of_a_thread_lets_nothing_more_out(tour):
    tour.set_gap("1h")
    done = tour.json("publish", CASE, "--account", "ours-en", *THREAD, "--yes")["deliveries"]
    assert [one["state"] for one in done] == ["sent", "planned", "planned"]
    worker = tour.worker()
    assert "begins" in worker.stdout.readline()

    said = tour("stop", CASE, "--why", "The family asks us to be silent")
    assert f"{CASE}: stopped; " in said
    assert f"{tour.mastodon.url}/@ours/{tour.statuses[0].id}" in said

    worker.send_signal(signal.SIGTERM)
    told, _ = worker.communicate(timeout=30)
    tour.outputs.append(told)
    assert worker.returncode == 0
    assert told.rstrip().endswith("ends")
    assert len(tour.statuses) == 1
    # Either of the two may have been first: the worker reads the files too.
    ledger = tour.json("ledger", CASE)["posts"]
    assert [one["state"] for one in ledger] == ["sent", "cancelled", "cancelled"]
    assert "was stopped on" in tour(
        "publish", CASE, *BOTH, "--wording", "market", "--yes", status=1
    )


def test_after_a_stop_what_is_live_is_taken_back(tour):
    tour.published(*BOTH, "--wording", "bridge")
    tour("stop", CASE, "--why", "It would do harm", "--delete-live")
    assert tour.statuses == tour.records == []


# --- corrected ---------------------------------------------------------------------------------


def test_what_is_live_is_edited_where_the_network_can_and_said_where_it_cannot(tour):
    english, arabic = tour.published(*BOTH, "--wording", "bridge", "--media", str(tour.picture))
    tour.edit("en", "The bridge is closed", "The bridge was closed in May")
    tour.edit("ar", "الجسر مغلق", "أُغلق الجسر في أيار")

    shown = tour("correct", english, status=1)
    assert "  - #Orvania: The bridge is closed." in shown
    assert "  + #Orvania: The bridge was closed in May." in shown
    assert "edited" in tour("correct", english, "--yes")
    (status,) = tour.statuses
    assert "was closed in May" in status.text
    assert [len(status.edits), len(status.uploads)] == [2, 1]
    assert status.uploads[0].alt == "A chain across the bridge 🌉"
    assert status.warning == "A closed border"

    said = tour("correct", arabic, "--yes", status=1)
    assert "CANNOT BE EDITED" in said
    assert "الجسر مغلق" in tour.records[0]["text"]


def test_what_is_live_is_taken_back_on_record(tour):
    ids = tour.published(*BOTH, "--wording", "bridge")
    why = ("--why", "The day was wrong")
    assert "nothing is deleted" in tour("correct", *ids, "--delete", *why, status=1)
    assert (len(tour.statuses), len(tour.records)) == (1, 1)
    tour("correct", *ids, "--delete", *why, "--yes")
    assert tour.statuses == tour.records == []
    assert tour("ledger", CASE).count(" deleted ") == 2
    assert "delete asked The day was wrong" in tour("review", ids[0])


# --- on record ---------------------------------------------------------------------------------


def test_the_ledger_tells_the_tour_and_can_be_given_away_without_a_word_of_it(tour):
    ids = tour.published(*BOTH, "--wording", "bridge", "--media", str(tour.picture))
    tour.edit("en", "is closed", "was closed in May")
    tour("correct", ids[0], "--yes")
    tour("correct", ids[1], "--delete", "--why", "The day was wrong", "--yes")

    edited, deleted = tour.json("ledger", CASE)["posts"]
    (status,) = tour.statuses
    assert edited["permalink"] == f"{tour.mastodon.url}/@ours/{status.id}"
    assert edited["text"] == status.text
    assert "was closed in May" in status.text
    assert (edited["deleted_at"], bool(deleted["deleted_at"])) == (None, True)
    assert {one["asked_by"] for one in (edited, deleted)} == {"Noor Sahel"}

    assert "all as they were written" in tour("ledger", "verify")
    tour("ledger", "export", "ledger.jsonl")
    assert "all as they were written" in tour("ledger", "verify", "ledger.jsonl")
    exported = (tour.cases.root / "ledger.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line)["row"] for line in exported.splitlines()]
    kinds = {row["record"]["kind"] for row in rows if row["kind"] == "record"}
    assert {"sent", "edited", "deletion"} <= kinds
    assert "closed" not in exported
    assert "الجسر" not in exported


# --- a handle that is not what it was ----------------------------------------------------------


def test_a_handle_that_is_gone_sends_the_post_to_a_person_and_tells_the_one_on_duty(tour, room):
    tour("handles", CASE, "--write")
    tour.minister.suspended = True
    said = tour("publish", CASE, "--account", "ours-en", "--wording", "bridge", "--yes", status=1)
    assert "review: the handle @minister@elsewhere.example is gone" in said
    assert tour.statuses == []
    assert "GONE: nobody has it" in tour("handles", CASE, status=1)

    tour("worker", "--once")
    (notice,) = room.taken
    number, language, platform = "UA 905/26", "en", "mastodon"
    assert notice["title"] == f"uasocial: {number}"
    assert notice["message"].startswith(f"{number} · {language} · {platform}: mentions a handle")
    assert "uasocial review " in notice["message"]
    assert "minister" not in notice["message"]
    assert "Sarova" not in notice["message"]


def test_what_was_readied_without_the_handle_goes_out_instead(tour):
    tour("handles", CASE, "--write")
    tour.minister.suspended = True
    tour(
        "publish", CASE, "--account", "ours-en", "--wording", "bridge", "--without-handle", "--yes"
    )
    (status,) = tour.statuses
    assert "Ilin Sarova" in status.text
    assert "@minister" not in status.text
