"""Small workbooks for tests, written as an office would have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from math import cos, sin
from typing import Any

import xlsxwriter


def workbook(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """Return sheets of rows as XLSX; texts stay texts, numbers numbers."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, str):
                    sheet.write_string(row, column, cell)
                elif cell is not None:
                    sheet.write(row, column, cell)
    book.close()
    return stream.getvalue()


def five_hundred() -> dict[str, bytes]:
    """Return a regency's lists as an office keeps them: 500 stations in 125 villages of 12 districts.

    Titles above headings over two rows, numbering below them, leading zeros, decimal commas, districts
    written once, a total below each district, and the personnel with a column of duties.
    """
    rows: list[list[Any]] = [
        ["DAFTAR TPS PEMILIHAN BUPATI DAN WAKIL BUPATI"],
        ["KABUPATEN CONTOH"],
        [],
        [
            "No",
            "Kecamatan",
            "Desa/Kelurahan",
            "No. TPS",
            "Jumlah Pemilih",
            "",
            "",
            "Koordinat",
            "",
            "Kerawanan",
        ],
        ["", "", "", "", "L", "P", "Jumlah", "Lintang", "Bujur", ""],
        [f"({n})" for n in range(1, 11)],
    ]
    station = 0
    for district in range(12):
        first = len(rows)
        for village in range(district * 125 // 12, (district + 1) * 125 // 12):
            radius = 0.05 * (1 + district % 3)
            lat = -7.6 - radius * sin(district * 0.52) - village % 11 / 300
            lon = 110.6 + radius * cos(district * 0.52)
            for number in range(1, 5):
                men, women = 120 + station * 7 % 60, 125 + station * 11 % 55
                zone = "sangat rawan" if station % 61 == 0 else "rawan" if station % 9 == 0 else "aman"
                name = f"Kec. {district + 1:02d}" if len(rows) == first else ""
                where = (
                    f"{lat - number / 900:.5f}".replace(".", ","),
                    round(lon + number / 800 + village / 4000, 5),
                )
                station += 1
                rows.append(
                    [
                        station,
                        name,
                        f"Desa {village + 1}",
                        f"{number:03d}",
                        men,
                        women,
                        men + women,
                        *where,
                        zone,
                    ]
                )
        totals = [sum(row[at] for row in rows[first:]) for at in (4, 5, 6)]
        rows.append(["", "Jumlah", "", "", *totals, "", "", ""])
    personnel = [
        ["REKAPITULASI PERSONEL PENGAMANAN"],
        ["Satuan", "Penempatan", "Fungsi", "Jml Personel"],
        *(["Polres Contoh", f"Polsek {n + 1:02d}", "Pam TPS", 25] for n in range(12)),
        ["Polres Contoh", "Mapolres", "Dalmas", 180],
        ["Kodim Contoh", "Makodim", "Cadangan", 90],
        ["Satpol PP", "Kantor Bupati", "Patroli", 40],
        ["Linmas", "Desa", "Pam TPS", "1.100"],
        ["JUMLAH", "", "", 1710],
    ]
    return {
        "daftar-tps.xlsx": workbook({"Rekap": [["kosong"]], "TPS se-Kabupaten": rows}),
        "personel.xlsx": workbook({"Personel": personnel}),
    }
