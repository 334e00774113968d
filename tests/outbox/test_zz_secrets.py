"""After all other tests of this room: no secret stands in anything that they wrote."""

from pathlib import Path

from uasocial.testing.network import SECRET, FakeNetwork
from uasocial.testing.publisher import FakePublisher


def written(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file() and not path.is_symlink()]


def holding(paths: list[Path]) -> list[Path]:
    return [path for path in paths if SECRET.encode() in path.read_bytes()]


def test_the_scan_finds_a_token(tmp_path, fake_network: FakeNetwork):
    (tmp_path / "log").write_bytes(b"\0" + fake_network.join("ours").encode())
    found = holding(written(tmp_path))
    (tmp_path / "log").unlink()
    assert [path.name for path in found] == ["log"]


def test_no_file_that_the_suite_wrote_holds_a_token(tmp_path_factory, request):
    """Ledgers, logs of workers, exports and backups; the server's tables, log and journal."""
    server = request.getfixturevalue("postgres")
    # What is only in memory yet comes to the disk; one that runs takes files away meanwhile.
    server.stop()
    try:
        folders = [tmp_path_factory.getbasetemp(), server.home]
        found = holding([path for folder in folders for path in written(folder)])
    finally:
        server.start()
    assert found == []


def test_what_a_network_received_is_kept_without_its_tokens(fake_network, fault_proxy):
    publisher = FakePublisher(fault_proxy().url, fake_network.join("ours"))
    assert publisher.check() == "ours"
    assert SECRET not in repr(fake_network.received)
    assert SECRET not in repr(publisher)
