"""Small plugins, installed as their authors would install them."""

from pathlib import Path

import pytest


class Site:
    """A folder of installed distributions: put on PYTHONPATH, it is as good as site-packages."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def install(self, name: str, source: str, module: str = "") -> None:
        """Install a distribution of one module with one entry point, both named *name*."""
        module = module or name
        self.root.joinpath(f"{module}.py").write_text(source, encoding="utf-8")
        info = self.root / f"dist_{name}-1.0.dist-info"
        info.mkdir()
        info.joinpath("METADATA").write_text(
            f"Metadata-Version: 2.1\nName: dist-{name}\nVersion: 1.0\n", encoding="utf-8"
        )
        info.joinpath("entry_points.txt").write_text(
            f"[uasocial]\n{name} = {module}\n", encoding="utf-8"
        )


@pytest.fixture
def site(tmp_path, monkeypatch) -> Site:
    root = tmp_path / "site"
    root.mkdir()
    monkeypatch.setenv("PYTHONPATH", str(root))
    return Site(root)


@pytest.fixture
def here(site, monkeypatch):
    """The same, in this process: what is installed is seen by the next toolkit."""
    import importlib
    import sys

    known = set(sys.modules)
    monkeypatch.syspath_prepend(site.root)
    importlib.invalidate_caches()
    yield site
    for name in set(sys.modules) - known:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(site.root)):
            del sys.modules[name]
