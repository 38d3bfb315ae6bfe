"""A list of personnel from a spreadsheet: how many people of which agency, at which base, doing what.

Names and service numbers of persons are never read: the program knows units, not individuals.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from kontijensi.authoring import cells
from kontijensi.authoring.headings import Headings, find_headings, is_example, is_numbering
from kontijensi.authoring.sheets import Sheet
from kontijensi.scenario.problems import Problem, did_you_mean, in_order
from kontijensi.scenario.schema.force import Agency
from kontijensi.vocabulary.words import _, shown

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "agency": (
        "instansi", "satuan", "kesatuan", "unsur", "asal satuan", "asal", "institusi", "satker", "dinas",
    ),
    "base": (
        "pangkalan", "penempatan", "markas", "pos", "lokasi", "polsek", "asal polsek", "tempat tugas",
        "kantor",
    ),
    "duty": (
        "fungsi", "tugas", "jenis", "satgas", "peran", "jenis satuan", "ploting", "plotting", "kekuatan",
    ),
    "people": (
        "jumlah", "jumlah personel", "jml", "jml personel", "personel", "personil", "jumlah personil",
        "jumlah orang", "orang", "total", "kuat pers",
    ),
}  # fmt: skip
"""What each column may be called, besides its own name."""

AGENCIES: Mapping[Agency, tuple[str, ...]] = {
    Agency.POLICE: ("polri", "polisi", "polres", "polsek", "kepolisian", "samapta", "police", "polda"),
    Agency.BRIMOB: ("brimob", "brimobda", "sat brimob", "satbrimob", "kompi brimob"),
    Agency.TNI: ("tni", "kodim", "koramil", "tni ad", "babinsa", "army"),
    Agency.SATPOL_PP: ("satpol pp", "satpolpp", "pol pp", "satuan polisi pamong praja", "satpol"),
    Agency.TRANSPORT: ("dishub", "dinas perhubungan", "perhubungan", "transport"),
    Agency.LINMAS: ("linmas", "satlinmas", "hansip", "perlindungan masyarakat"),
    Agency.ON_LOAN: ("bko", "bko polda", "perbantuan", "bko polres", "on loan"),
    Agency.FIRE: ("damkar", "pemadam kebakaran", "pemadam", "fire"),
    Agency.HEALTH: ("dinkes", "dinas kesehatan", "dokkes", "puskesmas", "rsud", "kesehatan", "pmi", "health"),
    Agency.COMMITTEE: ("kpps", "ppk", "pps", "kpu", "panwascam", "bawaslu", "panitia"),
    Agency.COMMUNITY: ("tokoh masyarakat", "tomas", "toga", "kst", "relawan", "ormas", "community"),
}
"""Agencies, and the words that lists have for them."""
_TOTALS = re.compile(r"\b(jumlah|total|rekap(itulasi)?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """People of one agency at one base with one duty; base and duty are None where the list says none."""

    agency: Agency
    base: str | None
    duty: str | None
    people: int


@dataclass(frozen=True, slots=True)
class Personnel:
    """What a list held: who there is, and what is wrong with the list."""

    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]
    headings: Headings | None

    def roll(self) -> dict[Agency, int]:
        """Return the people there are, by agency."""
        total: Counter[Agency] = Counter()
        for line in self.lines:
            total[line.agency] += line.people
        return {agency: total[agency] for agency in Agency if total[agency]}


def read_personnel(sheet: Sheet) -> Personnel:
    """Read a list of personnel, a row a group or a row a person; problems are in the result."""
    headings = find_headings(sheet, COLUMNS, needed=1)
    if headings is None or "agency" not in headings.columns:
        fix = _("One row names the columns, such as Instansi, Penempatan, Fungsi, Jumlah.")
        row = 0 if headings is None else headings.row
        problem = sheet.problem(row, 0, _("no column names the agencies"), fix=fix)
        return Personnel((), (problem,), headings)
    found: Counter[tuple[Agency, str | None, str | None]] = Counter()
    problems: list[Problem] = []
    agency_words = ""
    for row in range(headings.row + 1, len(sheet.rows)):
        words = [cells.text(cell) for cell in sheet.rows[row]]
        if not any(words) or is_numbering(words) or is_example(words):
            continue
        if any(_TOTALS.search(word) for word in words):
            continue
        own = _text(sheet, headings, row, "agency")
        agency_words = own or agency_words
        agency = _agency(agency_words)
        people, fault = _people(sheet, headings, row)
        if fault is not None:
            problems.append(fault)
        if agency is None:
            problems.append(_unknown(sheet, row, headings.columns["agency"], agency_words))
        elif people is not None:
            base, duty = (_text(sheet, headings, row, name) or None for name in ("base", "duty"))
            found[agency, base, duty] += people
    if not found and not problems:
        problems.append(sheet.problem(headings.row, 0, _("nobody stands below the headings")))
    lines = tuple(Line(*key, people) for key, people in found.items())
    return Personnel(lines, in_order(problems), headings)


def _text(sheet: Sheet, headings: Headings, row: int, name: str) -> str:
    column = headings.columns.get(name)
    return "" if column is None else cells.text(sheet.cell(row, column))


def _people(sheet: Sheet, headings: Headings, row: int) -> tuple[int | None, Problem | None]:
    """Return the people of a row; a list without a column for them has one person a row."""
    column = headings.columns.get("people")
    if column is None:
        return 1, None
    try:
        return cells.whole(sheet.cell(row, column)) or 0, None
    except ValueError as error:
        return None, sheet.problem(row, column, str(error))


def _agency(words: str) -> Agency | None:
    """Return the agency a cell names, by its first words: `Polsek Wedi` are police."""
    plain = " ".join(re.sub(r"[^0-9a-z]+", " ", words.casefold()).split())
    best: tuple[int, Agency] | None = None
    for agency, names in AGENCIES.items():
        for name in (agency.value.replace("_", " "), *names):
            if (plain == name or plain.startswith(f"{name} ")) and (best is None or len(name) > best[0]):
                best = (len(name), agency)
    return None if best is None else best[1]


def _unknown(sheet: Sheet, row: int, column: int, words: str) -> Problem:
    names = {name: agency for agency, every in AGENCIES.items() for name in every}
    guess = did_you_mean(words, names)
    fix = _("Choose from {choices}.").format(choices=", ".join(every[0] for every in AGENCIES.values()))
    if guess is not None:
        fix = _("Did you mean {guess}?").format(guess=shown(guess))
    message = _("{value}: no such agency").format(value=shown(words)) if words else _("no agency is named")
    return sheet.problem(row, column, message, fix=fix)
