"""Tables as files whose texts stay texts."""

import csv
import io

import xlsxwriter


def table_file(file_format, title, headers, rows):
    if file_format == "csv":
        out = io.StringIO()
        csv.writer(out).writerows([headers, *rows])
        return out.getvalue().encode("utf-8-sig"), "text/csv"
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(title)
    text = book.add_format({"num_format": "@"})
    for index, row in enumerate([headers, *rows]):
        for column, value in enumerate(row):
            sheet.write_string(index, column, str(value), text)
    book.close()
    return buffer.getvalue(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
