"""Reader of .xlsx: calamine for speed, behind the checks of `package` and `survey`; openpyxl row by row where
the dense range that calamine builds would be too large."""

import contextlib
import io
import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import openpyxl
from python_calamine import CalamineWorkbook

from .limits import Limits
from .package import Package
from .rejection import FileRejected, Reason
from .rows import collect, keep_places
from .sheets import Format, Sheet, Workbook
from .styles import MAIN, month_styles
from .survey import Survey, filled_area, survey

RELATIONSHIP = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class Part:
    """A worksheet as the list of sheets names it, and where its XML is."""

    title: str
    hidden: bool
    path: str


def read_xlsx(data: bytes, limits: Limits) -> Workbook:
    """All worksheets of an .xlsx. FileRejected when it is dangerous, damaged or too large."""
    with refusing():
        return _read(data, limits)


@contextlib.contextmanager
def refusing() -> Iterator[None]:
    """Whatever is raised inside over a damaged file becomes one FileRejected."""
    try:
        yield
    except FileRejected:
        raise
    except MemoryError as error:
        raise FileRejected(Reason.BOMB) from error
    except BaseException as error:
        # zipfile, the XML parser and both readers raise all sorts on damaged data; a panic inside calamine is not
        # even an Exception. None of their words reach the clerk.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise FileRejected(Reason.DAMAGED) from error
        raise


def _read(data: bytes, limits: Limits) -> Workbook:
    package = Package(data, limits)
    parts, dates_1904 = worksheets(package)
    months = month_styles(package.part("xl/styles.xml"))
    surveys = []
    for part in parts:
        surveys.append(survey(package, part.path, months, dates_1904, limits))
        if sum(seen.filled for seen in surveys) > limits.cells:
            raise FileRejected(Reason.TOO_MANY_CELLS, limit=limits.cells)
    _check_strings(package)
    return Workbook(Format.XLSX, list(_sheets(data, package, parts, surveys, limits)))


def worksheets(package: Package) -> tuple[list[Part], bool]:
    """The worksheets in their order (charts and dialogs left out), and whether days are counted from 1904."""
    workbook, relations = package.part("xl/workbook.xml"), package.part("xl/_rels/workbook.xml.rels")
    if workbook is None or relations is None:
        raise FileRejected(Reason.DAMAGED)
    targets = {
        relation.get("Id"): posixpath.normpath(posixpath.join("/xl", relation.get("Target", ""))).lstrip("/")
        for relation in relations
        if relation.get("Type", "").endswith("/worksheet")
    }
    parts = []
    for sheet in workbook.iter(f"{MAIN}sheet"):
        path = targets.get(sheet.get(RELATIONSHIP))
        if path is None:
            continue
        if not package.has(path):
            raise FileRejected(Reason.DAMAGED)
        parts.append(Part(sheet.get("name", ""), sheet.get("state", "visible") != "visible", path))
    properties = workbook.find(f"{MAIN}workbookPr")
    dates_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    return parts, dates_1904


def _check_strings(package: Package) -> None:
    """Unpack the table of texts once within bounds: its declared size is only a promise."""
    if package.has("xl/sharedStrings.xml"):
        for _ in package.chunks("xl/sharedStrings.xml"):
            pass


def _sheets(data: bytes, package: Package, parts: list[Part], surveys: list[Survey], limits: Limits) -> Iterator[Sheet]:
    fast = slow = None
    for part, seen in zip(parts, surveys, strict=True):
        if seen.regular and seen.area > limits.cells:
            seen.last_row, seen.last_column = filled_area(package, part.path)
        sheet = Sheet(part.title, part.hidden)
        if seen.regular and seen.area <= limits.cells:
            fast = fast or CalamineWorkbook.from_filelike(io.BytesIO(data))
            collect(sheet, _dense_rows(fast, part.title), limits, seen.replaced)
        else:
            slow = slow or openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            collect(sheet, lazy_rows(slow, part.title, limits), limits, seen.replaced)
        if sheet.stopped_after is not None and seen.regular and seen.last_row <= sheet.stopped_after:
            sheet.stopped_after = None
        keep_places(sheet, seen.merges, seen.hidden_rows)
        yield sheet


def _dense_rows(workbook: CalamineWorkbook, title: str) -> Iterable[list]:
    sheet = workbook.get_sheet_by_name(title)
    start = sheet.start
    if start is None:
        return
    before = [""] * start[1]  # calamine fills up the empty rows above the range, but not the columns left of it
    for cells in sheet.iter_rows():
        yield before + cells if before else cells


def lazy_rows(workbook: openpyxl.Workbook, title: str, limits: Limits, first: int = 1) -> Iterable[tuple]:
    """The rows of a sheet from row `first` on, one at a time, whatever its <dimension> says (WPS writes A1)."""
    sheet = workbook[title]
    sheet.reset_dimensions()
    return sheet.iter_rows(min_row=first, max_col=limits.columns, values_only=True)
