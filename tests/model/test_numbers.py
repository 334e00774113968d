"""Every written form of facts/urgent-actions.md is read, and nothing else."""

import pytest

from uasocial.model import ActionNumber, DocumentIndex


@pytest.mark.parametrize(
    ("written", "number", "year", "update"),
    [
        ("UA 119/21", "UA 119/21", 2021, 0),
        ("FI 104/19-5", "FI 104/19-5", 2019, 5),
        ("044/22", "UA 044/22", 2022, 0),
        ("UA: 170/10", "UA 170/10", 2010, 0),
        ("AU 59/10", "UA 59/10", 2010, 0),
        ("103.22", "UA 103/22", 2022, 0),
        ("First UA 24/20", "UA 24/20", 2020, 0),
        ("THIRD UA 60/16", "UA 60/16", 2016, 0),
        ("UA 219 /06", "UA 219/06", 2006, 0),
        ("First UA: 119/21", "UA 119/21", 2021, 0),
        ("  UA 119/21 ", "UA 119/21", 2021, 0),
        ("UA 1/73", "UA 1/73", 1973, 0),
        ("UA 1/99", "UA 1/99", 1999, 0),
        ("UA 1/72", "UA 1/72", 2072, 0),
    ],
)
def test_a_number_is_read_in_every_form(written, number, year, update):
    found = ActionNumber.parse(written)
    assert (found, found.year, found.update) == (number, year, update)


@pytest.mark.parametrize("text", ["", "UA", "119", "UA 119/2", "UA 119/21 x", "UB 1/21", "-1/21"])
def test_what_is_no_number_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="write it as 'UA 119/21'"):
        ActionNumber.parse(text)


@pytest.mark.parametrize(
    ("written", "index", "year", "language"),
    [
        ("AMR 46/5033/2021", "AMR 46/5033/2021", 2021, ""),
        ("AMR46/5033/2021", "AMR 46/5033/2021", 2021, ""),
        ("ACT 60/02/95/s", "ACT 60/02/1995/s", 1995, ""),
        ("AMR-37/012/10", "AMR 37/012/2010", 2010, ""),
        ("/en/documents/amr37/3776/2016/en/", "AMR 37/3776/2016", 2016, "en"),
        (
            "https://www.amnesty.org/es/documents/amr46/5033/2021/es/",
            "AMR 46/5033/2021",
            2021,
            "es",
        ),
        ("amr370062004es", "AMR 37/006/2004", 2004, "es"),
        ("amr370062004es.pdf", "AMR 37/006/2004", 2004, "es"),
    ],
)
def test_an_index_is_read_as_written_in_an_address_and_in_a_file_name(
    written, index, year, language
):
    found = DocumentIndex.parse(written)
    assert (found, found.year, found.language) == (index, year, language)


@pytest.mark.parametrize("region", "AFR AMR ASA EUR MDE ACT POL ORG FIN".split())
def test_every_class_of_index_is_known(region):
    assert DocumentIndex.parse(f"{region} 10/1234/2020").region == region


@pytest.mark.parametrize("text", ["", "AMR", "XYZ 46/5033/2021", "AMR 46/5033", "AMR 4/5033/2021"])
def test_what_is_no_index_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="write it as 'AMR 46/5033/2021'"):
        DocumentIndex.parse(text)
