"""What is left out of a case is said once, however many pages and platforms it is missing on."""

from tests.site.gates import WORDS, facts_of

from uasocial.site.contents import Site


def test_a_wording_with_one_fault_on_all_platforms_is_told_once(cases):
    words = WORDS.replace("Open the gate! {{", "Open Kolinara! {{")
    cases.write("gate", facts_of() + "do_not_post: [Kolinara]\n", en=words)
    cases.settings('[site]\nplatforms = ["x", "mastodon", "whatsapp"]')
    site = Site(cases.kit(), "")
    card = site.look_at("gate").card
    for one in site.of_case(card):
        one.make()
    assert site.left_out == [
        "gate: en, gate, x, mastodon, whatsapp: D004; `uasocial check gate` says what it is"
    ]
