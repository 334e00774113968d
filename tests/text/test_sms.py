"""Messages that a text takes as SMS."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uasocial.text.sms import Segments, segments

any_text = st.text(st.characters(codec=None, categories=None))


def test_every_vector_has_its_encoding_units_and_segments(vectors):
    wrong = []
    for vector in vectors("sms")["vectors"]:
        got = segments(vector["text"])
        if got[:3] != (vector["encoding"], vector["units"], vector["segments"]):
            wrong.append((vector, got))
    assert not wrong


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Segments("GSM-7", 0, 0, 160)),
        # The escape of a pair at the end of a segment moves on with its second half.
        ("a" * 152 + "€" + "a" * 151, Segments("GSM-7", 305, 2, 160)),
        ("a" * 152 + "€" + "a" * 152, Segments("GSM-7", 306, 3, 160)),
        ("é" * 66 + "ж", Segments("UCS-2", 67, 1, 70)),
        ("ж" * 66 + "😀" + "ж" * 65, Segments("UCS-2", 133, 2, 70)),
        ("ж" * 66 + "😀" + "ж" * 66, Segments("UCS-2", 134, 3, 70)),
        ("\x1b", Segments("UCS-2", 1, 1, 70)),
        ("\ud800", Segments("UCS-2", 1, 1, 70)),
    ],
)
def test_a_pair_stays_within_one_segment(text, expected):
    assert segments(text) == expected


@given(any_text)
def test_any_text_fits_into_its_segments(text):
    got = segments(text)
    room = {160: 153, 70: 67}[got.limit]
    if got.units <= got.limit:
        assert got.segments == min(got.units, 1)
    else:
        assert got.units <= got.segments * room < got.units + room + got.segments
