"""Front-end files from npm, served under `vendor/`: an allow-list, so that nothing else of a package goes public."""

from pathlib import Path

from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.checks import Warning
from django.core.files.storage import FileSystemStorage

NODE_MODULES = Path(__file__).resolve().parent / "assets" / "node_modules"

# Address below `vendor/` → file below node_modules. collectstatic follows sourceMappingURL, hence the maps.
ASSETS = {
    "bootstrap/css/bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap/css/bootstrap.min.css.map": "bootstrap/dist/css/bootstrap.min.css.map",
    "bootstrap/js/bootstrap.bundle.min.js": "bootstrap/dist/js/bootstrap.bundle.min.js",
    "bootstrap/js/bootstrap.bundle.min.js.map": "bootstrap/dist/js/bootstrap.bundle.min.js.map",
    "bootstrap-icons/bootstrap-icons.css": "bootstrap-icons/font/bootstrap-icons.css",
    "bootstrap-icons/fonts/bootstrap-icons.woff": "bootstrap-icons/font/fonts/bootstrap-icons.woff",
    "bootstrap-icons/fonts/bootstrap-icons.woff2": "bootstrap-icons/font/fonts/bootstrap-icons.woff2",
    "echarts/echarts.min.js": "echarts/dist/echarts.min.js",
    "echarts/i18n/langZH.js": "echarts/i18n/langZH.js",
}
PREFIX = "vendor/"


class AssetFinder(BaseFinder):
    """Finds the allow-listed files in node_modules; a file that is not installed is simply not found."""

    def find(self, path, find_all=False, **kwargs):
        """Return the absolute path of the static file `path` (a list of it with `find_all`), or an empty list."""
        source = ASSETS.get(path.removeprefix(PREFIX)) if path.startswith(PREFIX) else None
        if source is None or not (NODE_MODULES / source).is_file():
            return []
        return [str(NODE_MODULES / source)] if find_all else str(NODE_MODULES / source)

    def list(self, ignore_patterns):
        """Yield (address, storage) of every installed file, as collectstatic expects."""
        for address, source in ASSETS.items():
            if (NODE_MODULES / source).is_file() and not matches_patterns(address, ignore_patterns or []):
                yield PREFIX + address, AssetStorage()


class AssetStorage(FileSystemStorage):
    """node_modules, read by the address instead of the package's own path."""

    def __init__(self):
        super().__init__(location=NODE_MODULES)

    def path(self, name):
        return super().path(ASSETS[name.removeprefix(PREFIX)])


def check_assets(app_configs, **kwargs):
    """Django check: one warning with the way out when files of the allow-list are missing."""
    missing = [source for source in ASSETS.values() if not (NODE_MODULES / source).is_file()]
    if not missing:
        return []
    return [
        Warning(
            f"前端文件缺少 {len(missing)} 个（{missing[0]} 等），页面将没有样式和图表。",
            hint="在 config/assets 目录运行 npm ci；没有 Node 时运行 python3 config/bootstrap.py，会自动取得。",
            id="config.W001",
        )
    ]
