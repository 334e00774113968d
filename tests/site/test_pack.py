"""The offline pack: one folder, the same bytes for the same files, and names that all take."""

import io
import zipfile

import pytest

from uasocial.errors import UasocialError
from uasocial.site.case.packing import pack
from uasocial.text.file_names import fault_of_name, first_pair

FILES = {"READ-ME.txt": b"read", "a/gate/en/index.html": b"<p>" * 1000, "سلام.txt": b"hello"}


def opened(data: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(data))


def test_all_files_lie_below_one_folder_in_the_order_given():
    with opened(pack("gate", FILES)) as archive:
        assert archive.namelist() == [f"gate/{name}" for name in FILES]
        assert [archive.read(name) for name in archive.namelist()] == list(FILES.values())


def test_the_same_files_are_the_same_pack():
    assert pack("gate", FILES) == pack("gate", dict(FILES))
    assert pack("gate", FILES) != pack("gate", {**FILES, "READ-ME.txt": b"other"})


def test_nothing_in_a_pack_tells_when_or_where_it_was_made():
    with opened(pack("gate", FILES)) as archive:
        for entry in archive.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert entry.create_system == 3
            assert entry.external_attr >> 16 == 0o644


def test_what_is_packed_already_is_not_packed_again():
    with opened(pack("gate", {"a.txt": b"a" * 999, "a.png": b"a" * 999})) as archive:
        text, picture = archive.infolist()
    assert (text.compress_type, picture.compress_type) == (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED)


@pytest.mark.parametrize("name", ["ua-119-21", "Ação 3", "ua 1_26", "قضية", "v1.2", "console"])
def test_a_name_in_any_script_may_be_that_of_a_file(name):
    assert fault_of_name(name) == ""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("con", "device"),
        ("Aux.txt", "device"),
        ("lpt¹", "device"),
        ("a:b", "holds :"),
        ("a\\b", "holds \\"),
        ("a?b", "holds ?"),
        ("a#b", "holds #"),
        ("50%", "holds %"),
        ("a\nb", "nobody sees"),
        ("a\u202eb", "nobody sees"),
        ("\udcff", "nobody sees"),
        ("a.", "a space or a dot"),
        (" a", "a space or a dot"),
        ("", "a space or a dot"),
    ],
)
def test_a_name_that_some_system_does_not_take_is_told_with_the_reason(name, said):
    assert said in fault_of_name(name)
    with pytest.raises(UasocialError, match="give it another name"):
        pack("gate", {f"a/{name}/index.html": b""})


def test_a_pack_leads_nowhere_but_into_its_folder():
    for name in ("../out.txt", "/etc/passwd", "a/../../out.txt"):
        with pytest.raises(UasocialError):
            pack("gate", {name: b""})


def test_two_names_that_are_one_file_on_some_disk_are_told():
    assert first_pair(["Gate", "other", "gate"]) == ("Gate", "gate")
    # One letter with an accent, and a letter and an accent.
    assert first_pair(["a\u0301", "\u00e1"]) == ("a\u0301", "\u00e1")
    assert first_pair(["gate", "gates"]) is None
    with pytest.raises(UasocialError, match=r"A\.txt and a\.txt are one file"):
        pack("gate", {"A.txt": b"", "a.txt": b""})
