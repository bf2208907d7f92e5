"""Of the npm packages only the allow-listed files are public."""

import pytest

from config import assets


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A node_modules folder with every allow-listed file, and one that is not listed."""
    for source in [*assets.ASSETS.values(), "bootstrap/package.json"]:
        (tmp_path / source).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / source).write_text(source)
    monkeypatch.setattr(assets, "NODE_MODULES", tmp_path)
    return tmp_path


def test_listed_file_is_found_under_vendor(installed):
    found = assets.AssetFinder().find("vendor/echarts/echarts.min.js")

    assert found == str(installed / "echarts/dist/echarts.min.js")


@pytest.mark.parametrize(
    "address",
    [
        "vendor/bootstrap/package.json",
        "echarts/echarts.min.js",
        "vendor/../package.json",
        "vendor/echarts/dist/echarts.min.js",
    ],
)
def test_anything_else_is_not_found(installed, address):
    assert assets.AssetFinder().find(address) == []


def test_collecting_yields_each_listed_file_with_its_content(installed):
    collected = {address: storage.open(address).read().decode() for address, storage in assets.AssetFinder().list([])}

    assert collected == {f"vendor/{address}": source for address, source in assets.ASSETS.items()}


def test_missing_files_are_a_warning_that_says_what_to_do(installed):
    (installed / "echarts/dist/echarts.min.js").unlink()

    (warning,) = assets.check_assets(None)

    assert (warning.id, warning.level) == ("config.W001", 30)
    assert warning.msg == "前端文件缺少 1 个（echarts/dist/echarts.min.js 等），页面将没有样式和图表。"
    assert "npm ci" in warning.hint


def test_nothing_missing_is_no_warning(installed):
    assert assets.check_assets(None) == []
