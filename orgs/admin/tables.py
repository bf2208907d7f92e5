"""The files of the admin's exports and templates, by the safe writer."""

from orgs.exporting import Column, SheetSpec, template_xlsx, write_csv, write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


def table_file(file_format: str, title: str, titles: list[str], rows: list) -> tuple[bytes, str]:
    """The bytes and media type of a table in one of the formats xlsx and csv."""
    if file_format == "csv":
        return write_csv(titles, rows), CSV
    columns = [Column(each, width=22) for each in titles]
    return write_xlsx([SheetSpec(title, columns, rows)]), XLSX


def template_file(title: str, columns: list[Column], instructions: list[str], example: list[str]) -> tuple[bytes, str]:
    """The bytes and media type of an empty form that an import takes back."""
    return template_xlsx(title, columns, instructions, example), XLSX
