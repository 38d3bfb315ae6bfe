"""Every kind of bad input: one clear message each, with file, line, column and path, and all at once."""

# ruff: noqa: E501 - a scenario's line and its message are read best in one piece

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kontijensi.scenario.document import load, load_text
from kontijensi.scenario.problems import ScenarioError, Severity
from tests.scenario.base_scenario import BASE, MARK, errors_of, one, problems_of, said, with_fault

LONG = "x" * 5000

# What is written, what is written instead (the mark shows where the problem must be), and path and message.
ERRORS = {
    "no length of time": (
        "horizon: 1 d",
        f"horizon: {MARK}0",
        "horizon: 0: the horizon must be above 0 and at most 400 days",
    ),
    "a crowd tick too long": (
        "horizon: 1 d",
        f"horizon: 1 d\ncrowd_tick: {MARK}5 min",
        "crowd_tick: '5 min': the crowd tick must be between 1 s and 60 s",
    ),
    "a key that YAML cannot hold": (
        "    polres: {kind: polres,",
        f"    {MARK}{'p' * 5000}: {{kind: polres,",
        "this key is too long: YAML reads at most 1024 characters",
    ),
    "a name of two lines": (
        "name: Kota kecil",
        f'name: {MARK}"Kota\\nkecil"',
        "a name stands on one line, without line breaks or tabs",
    ),
    # -- YAML -----------------------------------------------------------------------------------------------
    "duplicate key": (
        "horizon: 1 d",
        f"horizon: 1 d\n{MARK}horizon: 2 d",
        "horizon: the key 'horizon' stands twice: in line 4 and again in line 5",
    ),
    "merge key": ("  camps: {a:", f"  camps: {{{MARK}<<: {{}}, a:", "merge keys ('<<')"),
    "self-reference": ("{hoax: {}}", f"&x {{hoax: {MARK}*x}}", "names the value it stands in"),
    "clock time as a duration": (
        "within: 30 min",
        f"within: {MARK}10:30",
        "standards.cepat.within: '10:30': that is a clock time; write 10 h 30 min or 10 min 30 s",
    ),
    "octal": ("count: 2", f"count: {MARK}010", "units.regu.count: '010' begins with a zero"),
    "no as a name": ("name: Kota kecil", f"name: {MARK}no", "name: 'no' is read as true or false by some"),
    "not a number": (
        "share: 0.5}, b",
        f"share: {MARK}.nan}}, b",
        "community.camps.a.share: '.nan': only finite",
    ),
    "infinity": (
        "length_km: 2",
        f"length_km: {MARK}.inf",
        "area.roads.edges[0].length_km: '.inf': only finite",
    ),
    "python tag": ("name: Kota kecil", f"name: {MARK}!!python/name:os.system x", "name: tags ('!...')"),
    "huge integer": (
        "count: 2",
        f"count: {MARK}{'9' * 10_000}",
        "a whole number of 10000 digits is too large",
    ),
    "unknown key": (
        "base: polres, count",
        f"base: polres, {MARK}cuont: 3, count",
        "units.regu.cuont: 'cuont': no such key; did you mean 'count'?",
    ),
    "unknown key at the top": (
        "roll: {",
        f"{MARK}include: ../../etc/passwd\nroll: {{",
        "include: 'include': no such key; choose from kontijensi, name,",
    ),
    "true for a number": (
        "voters: 300",
        f"voters: {MARK}true",
        "area.places.tps-1.voters: true: a whole number is needed",
    ),
    "true for a decimal": (
        "share: 0.5}, b",
        f"share: {MARK}true}}, b",
        "camps.a.share: true: a number is needed",
    ),
    "text for a number": ("count: 2", f"count: {MARK}'2'", "units.regu.count: '2': a whole number is needed"),
    "number for text": (
        "name: Kota kecil",
        f"name: {MARK}33.10",
        "name: 33.1: this is text: put it in quotes",
    ),
    "number for a code": (
        "district: Utara",
        f"district: {MARK}33.10",
        "district: 33.1: an id is text: put it in",
    ),
    "text for truth": (
        "voters: 300",
        f"enclosed: {MARK}'true'",
        "area.places.tps-1.enclosed: 'true': true or false is needed",
    ),
    "text for a list": ("phases: [hitung]", f"phases: {MARK}hitung", "'hitung': a list is needed here"),
    "list for a mapping": (
        "roll: {police: 100}",
        f"roll: {MARK}[police]",
        "roll: a list of 1: keys and values are",
    ),
    "list for a section": (
        "{risk: 3}",
        f"{MARK}[3]",
        "area.zones.merah: a list of 1: keys and values are needed",
    ),
    "unknown word": (
        "agency: police",
        f"agency: {MARK}polisi",
        "unit_types.dalmas.agency: 'polisi': did you mean 'police'? (choose from police, brimob, tni,",
    ),
    "unknown key that is a word": (
        "roll: {police:",
        f"roll: {{{MARK}polis:",
        "roll.polis: 'polis': did you mean",
    ),
    "unknown effect": (
        "do: gather_crowd",
        f"do: {MARK}gather_crowds",
        "triggers.protes.effects[0].do: 'gather_crowds': did you mean 'gather_crowd'? (choose from raise_tension",
    ),
    "unknown distribution": (
        "stays: 1 h",
        f"stays: {{dist: {MARK}normal, mean: 1 h}}",
        "triggers.protes.effects[0].stays.dist: 'normal': did you mean 'lognormal'?",
    ),
    "list for a distribution": (
        "stays: 1 h",
        f"stays: {MARK}[1 h]",
        "effects[0].stays: a list of 1: keys and",
    ),
    "wrong version": ("kontijensi: 1", f"kontijensi: {MARK}2", "kontijensi: 2: only 1 is possible here"),
    "no effects": (
        "effects:\n      - {do: gather_crowd, size: 100, stays: 1 h}",
        f"effects: {MARK}[]",
        "at least 1",
    ),
    # -- domain ---------------------------------------------------------------------------------------------
    "zero rate": ("rate: 1/d", f"rate: {MARK}0/d", "triggers.protes.rate: '0/d': a rate must be above zero"),
    "negative rate": (
        "rate: 2/h",
        f"rate: {MARK}-2/h",
        "calls.patroli.rate: '-2/h': a rate cannot be negative",
    ),
    "rate without a unit": (
        "rate: 2/h",
        f"rate: {MARK}2",
        "calls.patroli.rate: 2: write how often, for example 2/h",
    ),
    "never by the hour": (
        "rate: 2/h",
        f"rate: {MARK}{{by_hour: [0/h]}}",
        "calls.patroli.rate: some hour needs",
    ),
    "hour with a number": (
        "rate: 2/h",
        f"rate: {{by_hour: [{MARK}2]}}",
        "calls.patroli.rate.by_hour[0]: 2: write",
    ),
    "far too many people": (
        "size: 100",
        f"size: {MARK}1e12",
        "triggers.protes.effects[0].size: 1000000000000.0: must be at most 200000",
    ),
    "half a unit": ("count: 2", f"count: {MARK}1.5", "units.regu.count: 1.5: a whole number is needed"),
    "capacity zero": (
        "  authorities: {kap",
        f"  operators: {MARK}0\n  authorities: {{kap",
        "command.operators: 0: must be at least 1",
    ),
    "negative road": (
        "length_km: 2",
        f"length_km: {MARK}-2",
        "area.roads.edges[0].length_km: -2: must be at least 0",
    ),
    "negative road time": ("length_km: 2", f"time: {MARK}-2 min", "'-2 min': a duration cannot be negative"),
    "phase runs backwards": (
        "hitung: {kind: counting, start: 2023-07-05 13:00",
        f"hitung: {MARK}{{kind: counting, start: 2023-07-05 21:00",
        "phases.hitung: ends at 2023-07-05 20:00, which is not after its start 2023-07-05 21:00",
    ),
    "phases overlap": (
        "start: 2023-07-05 13:00",
        f"start: {MARK}2023-07-05 12:00",
        "phases.hitung.start: begins at 2023-07-05 12:00, before 'pungut' ends at 2023-07-05 13:00: the phases overlap",
    ),
    "phases out of order": (
        "start: 2023-07-05 13:00",
        f"start: {MARK}2023-07-05 06:30",
        "phases.hitung.start: begins at 2023-07-05 06:30, but stands after 'pungut', which ends at",
    ),
    "phase after the end": (
        "  hitung: {kind: counting, start: 2023-07-05 13:00, end: 2023-07-05 20:00, exposes: [tps]}",
        "  hitung: {kind: counting, start: 2023-07-05 13:00, end: 2023-07-05 20:00, exposes: [tps]}\n"
        f"  {MARK}rekap: {{kind: tabulation, start: 2023-07-08 13:00, end: 2023-07-09 20:00}}",
        "phases.rekap: the phase lies outside the rehearsal: the rehearsal lasts from 2023-07-05 06:00 to",
    ),
    "shifts overlap": (
        "{start: '18:00', end: '06:00'}",
        f"{MARK}{{start: '17:00', end: '06:00'}}",
        "units.regu.shifts[1]: the shift 17:00-06:00 overlaps the shift 06:00-18:00 (number 1)",
    ),
    "ids that differ by case": (
        "zones: {merah: {risk: 3}}",
        f"zones: {{merah: {{risk: 3}}, {MARK}Merah: {{}}}}",
        "area.zones.Merah: 'Merah' and 'merah' differ only by case or Unicode form",
    ),
    "ids that differ by Unicode form": (
        "zones: {merah: {risk: 3}}",
        f"zones: {{merah: {{risk: 3}}, {MARK}\uff4d\uff45\uff52\uff41\uff48: {{}}}}",
        "differ only by case or Unicode form",
    ),
    "latitude and longitude swapped": (
        "lat: -7.71, lon: 110.61",
        f"lat: {MARK}110.61, lon: -7.71",
        "area.places.tps-1.lat: latitude 110.61 and longitude -7.71 are swapped",
    ),
    "latitude beyond the pole": (
        "lat: -7.71",
        f"lat: {MARK}-771",
        "area.places.tps-1.lat: -771: must be at least -90",
    ),
    "latitude without longitude": (
        "tps-1: {kind: tps, lat: -7.71, lon: 110.61,",
        f"{MARK}tps-1: {{kind: tps, lat: -7.71,",
        "area.places.tps-1: `lon` is missing: give both or neither",
    ),
    "place no road reaches": (
        "  roads:\n",
        f"    {MARK}pulau: {{kind: tps, lat: -7.72, lon: 110.62}}\n  roads:\n",
        "area.places.pulau: no road reaches this place from any base",
    ),
    "invented roads without a position": (
        "  roads:\n    edges:",
        f"    {MARK}pulau: {{kind: tps}}\n  roads:\n    synthetic: {{}}\n    edges:",
        "area.places.pulau: roads are to be invented, but the place has no `lat` and `lon`",
    ),
    "no such place": (
        "base: polres",
        f"base: {MARK}polrez",
        "units.regu.base: 'polrez': no such place; did you mean",
    ),
    "no such unit type": (
        "{type: dalmas, base",
        f"{{type: {MARK}sabhara, base",
        "units.regu.type: 'sabhara': no such",
    ),
    "no such zone": (
        "zone: merah",
        f"zone: {MARK}kuning",
        "area.places.tps-1.zone: 'kuning': no such zone; choose",
    ),
    "no such phase": (
        "phases: [hitung]",
        f"phases: [{MARK}hitungan]",
        "triggers.protes.phases[0]: 'hitungan': no such phase; did you mean 'hitung'?",
    ),
    "no such camp": (
        "size: 100,",
        f"size: 100, camps: {{c: {MARK}1}},",
        "effects[0].camps.c: 'c': no such camp",
    ),
    "no such channel": (
        "- {do: gather_crowd",
        f"- {{do: raise_tension, channel: {MARK}hoaks, by: 0.1}}\n      - {{do: gather_crowd",
        "triggers.protes.effects[0].channel: 'hoaks': no such tension channel; did you mean 'hoax'?",
    ),
    "no such authority": (
        "authority: kapolres",
        f"authority: {MARK}kapolda",
        "mutual_aid.bantuan.authority: 'kapolda': no such authority; did you mean 'kapolres'?",
    ),
    "no such trigger": (
        "rate: 1/d",
        f"after: {MARK}protest",
        "triggers.protes.after: 'protest': no such trigger; did",
    ),
    "no such district": (
        "{kinds: [tps]}",
        f"{{districts: [{MARK}Selatan]}}",
        "posts.jaga.places.districts[0]: 'Selatan': no such district; choose from Utara",
    ),
    "condition that cannot hold": (
        "rate: 1/d",
        f"when: {MARK}tension_hoax > 1.5",
        "triggers.protes.when: the condition can never hold",
    ),
    "moment outside the phases": (
        "rate: 1/d",
        f"at: [{MARK}2023-07-05 09:00]",
        "triggers.protes.at[0]: 2023-07-05 09:00: outside the rehearsal, or outside the trigger's phases",
    ),
    "trigger without a phase": (
        "phases: [hitung]",
        f"phases: {MARK}[]",
        "triggers.protes.phases: no phase is named",
    ),
    "trigger without a place": (
        "rate: 1/d",
        f"rate: 1/d\n    places: {MARK}{{kinds: [hospital]}}",
        "triggers.protes.places: no place is meant by this choice",
    ),
    "trigger that waits for itself": (
        "rate: 1/d",
        f"after: {MARK}protes",
        "waits for itself: protes < protes",
    ),
    "an authority of no letters": (
        "authority: kapolres",
        f"authority: {MARK}''",
        "mutual_aid.bantuan.authority: '': an id begins with a letter or digit",
    ),
    "aid without authority": (
        "bantuan: {type: dalmas, count: 1, arrives_at: polres, authority: kapolres,",
        f"{MARK}bantuan: {{type: dalmas, count: 1, arrives_at: polres,",
        "mutual_aid.bantuan: no authority is named, so this help can never be asked for",
    ),
    "more posted than on the roll": (
        "roll: {police: 100}",
        f"roll: {{police: {MARK}60}}",
        "roll.police: more posted than on the roll: 8 at posts + 60 in units = 68, 60 on the roll, 8 too many",
    ),
    "nobody has the capability": (
        "needs: {presence: 1}",
        f"needs: {{water: {MARK}1}}",
        "calls.patroli.needs.water: no unit type can do 'water'",
    ),
    "force by those who use none": (
        "dalmas: {agency: police",
        f"dalmas: {MARK}{{agency: linmas",
        "unit_types.dalmas: linmas never uses force; remove arrest",
    ),
    "shares of harm above one": (
        "command:",
        f"crowd: {MARK}{{moderate_share: 0.8, severe_share: 0.5}}\ncommand:",
        "crowd: moderate_share + severe_share = 1.3: shares of one whole; at most 1",
    ),
    "densities out of order": (
        "command:",
        f"crowd: {MARK}{{quiet_pm2: 5}}\ncommand:",
        "crowd: quiet_pm2 5, active_pm2 3.5, max_pm2 7: must not fall from left to right",
    ),
    "parameter out of its range": (
        "command:",
        f"crowd: {{k: {MARK}30}}\ncommand:",
        "crowd.k: 30: must be at most 20",
    ),
    # -- security -------------------------------------------------------------------------------------------
    "condition with an attribute": (
        "rate: 1/d",
        f"when: {MARK}hour.__class__ > 1",
        "triggers.protes.when: 'hour.__class__ > 1': 'hour.__class__' has no place in a condition",
    ),
    "condition with a call": (
        "rate: 1/d",
        f"when: {MARK}open('x') > 1",
        "'open('x')' has no place in a condition",
    ),
    "condition with a power": (
        "rate: 1/d",
        f"when: {MARK}9**9**9 > 1",
        "'9 ** 9 ** 9' has no place in a condition",
    ),
    "condition that is long": (
        "rate: 1/d",
        f"when: {MARK}hour > 1{' and hour > 1' * 60}",
        "at most 500 characters",
    ),
    "condition with an unknown name": (
        "rate: 1/d",
        f"when: {MARK}tension_hoaks > 1",
        "did you mean 'tension_hoax'?",
    ),
    "id with markup": (
        "zones: {merah",
        f"zones: {{{MARK}<script>: {{}}, merah",
        "an id begins with a letter or digit",
    ),
    "id that is a formula": (
        "zones: {merah",
        f"zones: {{{MARK}'=cmd|x': {{}}, merah",
        "an id begins with a letter",
    ),
    "id with a slash": (
        "zones: {merah",
        f"zones: {{{MARK}a/b: {{}}, merah",
        "'a/b': an id begins with a letter",
    ),
    "id that is a device": (
        "zones: {merah",
        f"zones: {{{MARK}CON: {{}}, merah",
        "reserved by Windows for devices",
    ),
    "id that is long": (
        "zones: {merah",
        f"zones: {{? {MARK}{LONG} : {{}}, merah",
        "at most 64 characters; this one has 5000",
    ),
    "name that is long": (
        "name: Kota kecil",
        f"name: {MARK}{LONG}",
        "at most 2000 characters; this one has 5000",
    ),
    "name with a terminal's escape": ("name: Kota kecil", f'name: {MARK}"\\x1b[31mKota"', "name: "),
    "file above the folder": (
        "  zones:",
        f"  places_file: {MARK}../../etc/passwd\n  zones:",
        "area.places_file: '../../etc/passwd': '..' leads out of the scenario's folder",
    ),
    "file by its full path": (
        "  zones:",
        f"  places_file: {MARK}/etc/passwd\n  zones:",
        "area.places_file: '/etc/passwd': only files in the scenario's own folder are read",
    ),
    "file on another drive": (
        "  zones:",
        f"  outlines: {MARK}C:\\peta.geojson\n  zones:",
        "only files in the scenario's own folder are read",
    ),
    "file that is not there": (
        "  zones:",
        f"  places_file: {MARK}tps.csv\n  zones:",
        "area.places_file: 'tps.csv': no such file beside the scenario",
    ),
}


def batched(parts: tuple[str, ...], n: int) -> list[tuple[str, ...]]:
    return [parts[i : i + n] for i in range(0, len(parts), n)]


def test_the_scenario_all_faults_are_put_into_has_none() -> None:
    assert [p for p in problems_of(BASE) if p.severity is not Severity.NOTE] == []


@pytest.mark.parametrize("name", ERRORS)
def test_one_fault_gives_one_message_at_its_place(name: str) -> None:
    old, new, expected = ERRORS[name]
    text, line, column = with_fault(old, new)
    problem = one(errors_of(text))
    assert (problem.file, problem.line, problem.column) == ("kota.yaml", line, column), str(problem)
    assert expected in said(problem)
    assert "\x1b" not in str(problem)
    assert len(problem.message) < 700


# -- faults whose place is not that of one value ----------------------------------------------------------------


def test_a_missing_key_is_shown_at_what_lacks_it() -> None:
    text = BASE.replace("type: dalmas, base: polres, count: 2", "type: dalmas, count: 2")
    problem = one(errors_of(text))
    assert said(problem) == "units.regu.base: this is needed, and missing"
    assert (problem.line, problem.column) == (30, 3)


def test_an_effect_without_a_kind_is_shown_at_the_effect() -> None:
    text = BASE.replace("{do: gather_crowd, size: 100, stays: 1 h}", "{size: 100, stays: 1 h}")
    problem = one(errors_of(text))
    assert said(problem).startswith(
        "triggers.protes.effects[0].do: this is needed, and missing; choose from raise"
    )
    assert problem.line == 26


def test_shares_that_do_not_add_up_are_shown_with_their_sum() -> None:
    problem = one(errors_of(BASE.replace("b: {share: 0.5}", "b: {share: 0.6}")))
    assert said(problem) == "community: the camps' shares add up to 1.1, not 1"
    assert problem.line == 17


def test_a_trigger_with_two_causes_names_both() -> None:
    problem = one(errors_of(BASE.replace("rate: 1/d", "rate: 1/d\n    at: [2023-07-05 14:00]")))
    assert said(problem).endswith(
        "a trigger has one cause: `at`, `rate`, `when`, `after` or `inject`; found at, rate"
    )


def test_a_condition_nested_too_deep_is_refused() -> None:
    problem = one(errors_of(BASE.replace("rate: 1/d", f"when: '{'-' * 400}hour > 1'")))
    assert said(problem).startswith("triggers.protes.when: '-------")
    assert said(problem).endswith("the condition is nested more than 24 deep")


# -- texts that cannot be read at all --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", "the file is empty"),
        (b"# nothing yet\n", "the file is empty"),
        (BASE.encode() + b"---\nkontijensi: 1\n", "a second document begins here"),
        (BASE.encode("utf-16"), "the file is in UTF-16, not UTF-8"),
        (b"name: \xff\xfe", "not UTF-8"),
        (b"name: a\x00b", "character"),
        ("name: a\ud800b", "not UTF-8"),
        (b"a: " + b"[" * 3000, "more than 64 deep"),
        (b"a: [1, 2\nb: 3", "the list opened with '[' in line 1 is not closed"),
        (b"- 1\n- 2\n", "a scenario is keys and values"),
        (b"word", "a scenario is keys and values"),
    ],
    ids=[
        "empty",
        "comment",
        "two documents",
        "UTF-16",
        "no UTF-8",
        "NUL",
        "surrogate",
        "deep",
        "bracket",
        "list",
        "word",
    ],
)
def test_a_text_that_is_no_scenario_gives_one_message(text: str | bytes, expected: str) -> None:
    problem = one(errors_of(text))
    assert expected in problem.message
    assert problem.file == "kota.yaml"


def test_bombs_of_aliases_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    problems = errors_of("\n".join(lines))
    assert [p.message for p in problems if "aliases write the document out" in p.message]


def test_a_mark_of_utf8_at_the_start_is_no_fault() -> None:
    assert errors_of(b"\xef\xbb\xbf" + BASE.encode()) == []


# -- all at once -----------------------------------------------------------------------------------------------


def test_six_mistakes_give_six_messages_in_the_order_of_the_text() -> None:
    text = (
        BASE.replace("horizon: 1 d", "horizon: 24:00")
        .replace("zone: merah", "zone: merha")
        .replace("channels: {hoax: {}}", "channel: {hoax: {}}")
        .replace("size: 100", "size: -1")
        .replace("base: polres", "base: polrez")
        .replace("count: 2", "count: 010")
    )
    problems = errors_of(text)
    assert [said(p).split(": ")[0] for p in problems] == [
        "horizon",
        "area.places.tps-1.zone",
        "community.channel",
        "triggers.protes.effects[0].size",
        "units.regu.base",
        "units.regu.count",
    ]
    assert [p.line for p in problems] == [4, 9, 17, 26, 30, 30]


def test_the_error_lists_every_problem_with_file_line_and_column() -> None:
    text = BASE.replace("base: polres", "base: polrez").replace("roll: {police: 100}", "roll: {polis: 1}")
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "kota.yaml", language="en")
    lines = str(caught.value).splitlines()
    assert lines[0].startswith("kota.yaml:30:30: units.regu.base: 'polrez': no such place")
    assert lines[1].startswith("kota.yaml:33:8: roll.polis: 'polis': did you mean 'police'?")


def test_what_an_entry_set_aside_would_have_named_is_not_missed_elsewhere() -> None:
    # The unit type is wrong, but it is there: the roster's reference to it is no second fault.
    problem = one(errors_of(BASE.replace("personnel: 30", "personnel: many")))
    assert said(problem).startswith("unit_types.dalmas.personnel")


def test_messages_come_in_the_scenarios_own_language_unless_another_is_asked_for() -> None:
    broken = BASE.replace("base: polres", "base: polrez")

    def message(text: str, language: str | None) -> str:
        with pytest.raises(ScenarioError) as caught:
            load_text(text, language=language)
        return str(caught.value)

    english = message(broken, "en")
    assert "no such place" in english
    assert message(broken, None) != english
    assert message("language: en\n" + broken, None).replace(":31:", ":30:") == english
    assert message("language: en\n" + broken, "id") != message("language: en\n" + broken, None)


# -- warnings: a scenario that loads, and what is odd about it ---------------------------------------------------


WARNINGS = {
    "a standard that nobody can meet": (
        "capability: line",
        f"capability: {MARK}water",
        None,
        "standards.cepat.capability: nobody on the roster can do 'water'",
        "",
    ),
    "a gathering larger than the ground": (
        "size: 100",
        f"size: {MARK}20000",
        (
            "places:\n    polres: {kind: polres,",
            "places:\n    polres: {kind: polres, width_m: 400, depth_m: 400,",
        ),
        "triggers.protes.effects[0].size: up to 20,000 people may gather, and the ground at 1 place of 2 holds",
        "12,600 at 'tps-1'",
    ),
    "a second road between two ends": (
        "- {between: [polres, tps-1], length_km: 2}",
        f"- {{between: [polres, tps-1], length_km: 2}}\n      - {{between: {MARK}[tps-1, polres], length_km: 3}}",
        None,
        "area.roads.edges[1].between: another road joins 'tps-1' and 'polres' already (number 1 of `edges`)",
        "",
    ),
    "units in no number": (
        "capability: line",
        f"capability: {MARK}water",
        (
            "arrest], personnel: 30",
            "arrest, water], personnel: 30",
            "type: dalmas, base: polres, count: 2,",
            "type: polisi, base: polres, count: 2,",
            "units:\n  regu:",
            "  polisi: {agency: police, capabilities: [presence, dialogue, line, arrest], personnel: 30, turn_out: 5 min}\nunits:\n  awc: {type: dalmas, base: polres, count: 0}\n  regu:",
            "type: dalmas, count: 1, arrives_at",
            "type: polisi, count: 1, arrives_at",
        ),
        "standards.cepat.capability: nobody on the roster can do 'water'",
        "",
    ),
    "a march that goes nowhere": (
        "stays: 1 h}",
        f"stays: 1 h}}\n      - {{do: march, to: {MARK}tps-1, after: 1 h}}",
        None,
        "triggers.protes.effects[1].to: 'tps-1': the march may start where it is going",
        "",
    ),
    "nobody on shift": (
        "  hitung: {kind: counting",
        f"  {MARK}hitung: {{kind: counting",
        (", {start: '18:00', end: '06:00'}", ""),
        "phases.hitung: nobody who can do",
        "is on duty from 2023-07-05 18:00 to 2023-07-05 20:00",
    ),
    "a unit no place needs": (
        "units:\n  regu:",
        f"  ambulans: {{agency: health, capabilities: [medical], personnel: 3, turn_out: 1 min}}\nunits:\n"
        f"  {MARK}ambulans: {{type: ambulans, base: polres}}\n  regu:",
        ("roll: {police: 100}", "roll: {police: 100, health: 3}"),
        "units.ambulans: no place needs this unit: nothing asks for medical",
        "",
    ),
    "legitimacy so high that nobody can act": (
        "a: {share: 0.5}",
        f"a: {{share: 0.5, legitimacy: {MARK}0.9}}",
        None,
        "community.camps.a.legitimacy: legitimacy 0.9 is so high that nobody of this camp can ever act",
        "",
    ),
    "enclosed site without a way out": (
        "voters: 300,",
        f"voters: 300, enclosed: true, exits: {MARK}0,",
        None,
        "area.places.tps-1.exits: walls all around and no way out",
        "",
    ),
    "means without a stock": (
        "  regu:",
        f"  {MARK}regu:",
        ("line, arrest]", "line, arrest, water]"),
        "units.regu: no unit that can use 'water' carries any: regu, bantuan",
        "",
    ),
    "enclosed site with irritant": (
        "voters: 300,",
        f"voters: 300, enclosed: {MARK}true,",
        ("line, arrest]", "line, arrest, irritant], stock: {irritant: 20}"),
        "area.places.tps-1.enclosed: irritant may be used between walls: tps-1 (units: regu, bantuan)",
        "",
    ),
    "probability 0": (
        "rate: 1/d",
        f"rate: 1/d\n    probability: {MARK}0",
        None,
        "triggers.protes.probability: the probability is 0",
        "",
    ),
    "a standard out of reach": (
        "  cepat: {capability: line, within: 30 min}",
        f"  {MARK}cepat: {{capability: line, within: 5 min}}",
        None,
        "standards.cepat: 1 place of 2 is out of reach within 5 minutes even if every unit is free: tps-1",
        "",
    ),
    "a place far from the rest": (
        "lat: -7.71, lon: 110.61",
        f"lat: {MARK}-5.71, lon: 110.61",
        (
            "  roads:\n",
            "    kpu: {kind: kpu, lat: -7.7, lon: 110.6, no_road: true}\n  roads:\n",
            "within: 30",
            "within: 300",
        ),
        "area.places.tps-1.lat: lies",
        "km from the middle of the other places",
    ),
    "nobody to notice": (
        "community:",
        f"{MARK}community:",
        ("  observers:\n    warga: {kind: citizen, report_delay: 5 min}\n", ""),
        "community.observers: crowds gather, but nobody is there to notice",
        "",
    ),
    "a mistyped policy": (
        "command:",
        f"command:\n  dispatch: {MARK}nearst",
        None,
        "command.dispatch: 'nearst': none of the policies that come with the program; did you mean 'nearest'?",
        "",
    ),
    "evidence for nothing": (
        "roll: {police",
        f"evidence:\n  {MARK}units.regu.cuont: {{grade: assumed, low: 1, high: 2}}\nroll: {{police",
        None,
        "'cuont': no such key; did you mean 'count'?",
        "",
    ),
}


@pytest.mark.parametrize("name", WARNINGS)
def test_what_is_odd_is_told_at_its_place_with_a_reason(name: str) -> None:
    old, new, also, *expected = WARNINGS[name]
    base = BASE
    for part, instead in batched(also or (), 2):
        base = base.replace(part, instead)
    text, line, column = with_fault(old, new, base)
    problem = one([p for p in problems_of(text) if p.severity is not Severity.NOTE])
    assert problem.severity is Severity.WARNING
    assert (problem.line, problem.column) == (line, column), str(problem)
    assert all(part in said(problem) for part in expected), said(problem)
    assert problem.why or problem.fix


@pytest.mark.parametrize(
    ("hours", "never"),
    [
        ("shifts: [{start: '20:00', end: '21:00'}]", True),
        ("shifts: [{start: '05:00', end: '06:01'}]", False),
        ("shifts: [{start: '22:00', end: '06:00'}]", True),
        ("shifts: [{start: '07:59', end: '08:00'}]", False),
        ("shifts: [{start: '08:00', end: '06:00'}]", True),
        ("phases: [hitung]", True),
        ("phases: [pungut]", False),
    ],
)
def test_units_that_are_never_on_duty_are_told(hours: str, never: bool) -> None:
    # From 06:00 to 08:00; the counting begins when the rehearsal has ended.
    text = BASE.replace("horizon: 1 d", "horizon: 2 h").replace(
        "units:\n  regu:", f"units:\n  malam: {{type: dalmas, base: polres, {hours}}}\n  regu:"
    )
    told = [said(problem) for problem in problems_of(text) if "ever on duty" in problem.message]
    words = (
        "units.malam: nobody of these units is ever on duty between the start of the rehearsal and its end"
    )
    assert told == ([words] if never else [])


def test_two_oneway_roads_in_opposite_directions_are_no_fault() -> None:
    pair = "- {between: [polres, tps-1], length_km: 2, oneway: true}"
    back = pair.replace("polres, tps-1", "tps-1, polres")
    text = BASE.replace("- {between: [polres, tps-1], length_km: 2}", f"{pair}\n      {back}")
    assert not [problem for problem in problems_of(text) if "another road" in problem.message]
    assert [problem for problem in problems_of(text.replace(back, pair)) if "another road" in problem.message]


def test_a_place_without_a_road_is_no_fault_when_the_scenario_says_so() -> None:
    text = BASE.replace("  roads:\n", "    pulau: {kind: tps, no_road: true}\n  roads:\n")
    assert errors_of(text) == []


def test_people_on_the_roll_without_a_task_are_counted() -> None:
    notes = [p for p in problems_of(BASE) if p.path == ("roll", "police")]
    assert said(one(notes)) == "roll.police: 100 on the roll - 8 at posts - 60 in units: 32 have no task here"


def test_values_that_nobody_has_measured_are_named() -> None:
    notes = [p for p in problems_of(BASE) if p.path == ("crowd",)]
    assert "crowd.social_proof" in one(notes).message


# -- tables ----------------------------------------------------------------------------------------------------

TABLE = "id,kind,lat,lon,voters,village,name\n"
WITH_TABLE = BASE.replace("  zones:", "  places_file: tps.csv\n  zones:").replace(
    "edges:", "synthetic: {}\n    edges:"
)


def table_errors(table: str | bytes) -> list[str]:
    return [f"{p.file}:{p.line}:{p.column}: {p.message}" for p in errors_of(WITH_TABLE, {"tps.csv": table})]


def test_places_of_a_table_join_those_of_the_scenario() -> None:
    rows = "\ufeff" + TABLE + '0021,tps,-7.71,110.62,290,Desa,"Balai ""A"", timur"\n,,,,,,\n'
    document = load_text(WITH_TABLE, "kota.yaml", {"tps.csv": rows}, language="en")
    place = document.file.area.places["0021"]
    assert (place.lat, place.voters, place.name) == (-7.71, 290, 'Balai "A", timur')
    assert list(document.file.area.places) == ["polres", "tps-1", "0021"]
    assert set(document.texts) == {"kota.yaml", "tps.csv"}


def test_semicolons_and_decimal_commas_of_an_indonesian_spreadsheet_are_read() -> None:
    rows = TABLE.replace(",", ";") + "0021;tps;-7,71;110,62;290;;\n"
    place = load_text(WITH_TABLE, "kota.yaml", {"tps.csv": rows}).file.area.places["0021"]
    assert (place.lat, place.lon, place.village) == (-7.71, 110.62, None)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            TABLE + "a,tps,-7.7,110.6,12.5,,\n",
            ["tps.csv:2:5: column voters: '12.5': a whole number is needed, in digits alone"],
        ),
        (
            TABLE + 'a,tps,"-7,7",110.6,12,,\n',
            ["tps.csv:2:3: column lat: '-7,7': a decimal comma; write -7.7, with a point"],
        ),
        (TABLE + "a,tps,-7.7,110.6,-5,,\n", ["tps.csv:2:5: column voters: -5: must be at least 0"]),
        (
            TABLE + "a,tps,110.6,-7.7,5,,\n",
            ["tps.csv:2:3: column lat: latitude 110.6 and longitude -7.7 are swapped"],
        ),
        (
            TABLE + "a,tpss,-7.7,110.6,5,,\n",
            ["tps.csv:2:2: column kind: 'tpss': did you mean 'tps'? (choose from tps"],
        ),
        (TABLE + "a,tps,-7.7,110.6\n", ["tps.csv:2:5: 4 cells where the header has 7"]),
        (TABLE + ",tps,-7.7,110.6,5,,\n", ["tps.csv:2:1: column id: the place has no id"]),
        (
            TABLE + "a,tps,-7.7,110.6,5,,\na,tps,-7.7,110.6,5,,\n",
            ["tps.csv:3:1: the id 'a' stands twice: in line 2"],
        ),
        (
            TABLE + "a,tps,-7.7,110.6,5,,\nA,tps,-7.7,110.6,5,,\n",
            ["tps.csv:3:1: 'A' and 'a' differ only by case"],
        ),
        (TABLE + "a/b,tps,-7.7,110.6,5,,\n", ["tps.csv:2:1: 'a/b': an id begins with a letter or digit"]),
        (TABLE + 'a,tps,-7.7,110.6,5,,"open\n', ["tps.csv:2:1: a quotation mark is not closed"]),
        ("id,lat,lan\n", ["tps.csv:1:3: 'lan': no such column; did you mean 'lon'?"]),
        ("kind,lat\ntps,1\n", ["tps.csv:1:1: the column 'id' is missing"]),
        ("", ["tps.csv:1:1: the file is empty"]),
        (TABLE.encode("utf-16"), ["tps.csv:1:1: the file is in UTF-16"]),
        (TABLE + "a,tps,-7.7,110.6,5,,\x1b[31m\n", ["tps.csv:2:21: a control character (U+001B)"]),
    ],
)
def test_a_fault_in_a_table_is_told_by_its_cell(table: str | bytes, expected: list[str]) -> None:
    found = table_errors(table)
    assert len(found) == len(expected), found
    assert all(message.startswith(start) for message, start in zip(found, expected, strict=True)), found


def test_every_wrong_cell_of_a_table_is_told_at_once() -> None:
    rows = TABLE + "a,tps,x,110.6,5,,\nb,tps,-7.7,y,5,,\nc,tps,-7.7,110.6,z,,\n"
    assert [message.split(" column ")[1].split(":")[0] for message in table_errors(rows)] == [
        "lat",
        "lon",
        "voters",
    ]


def test_a_place_in_the_table_and_in_the_scenario_is_told_with_both_places() -> None:
    problem = one(errors_of(WITH_TABLE, {"tps.csv": TABLE + "tps-1,tps,-7.7,110.6,5,,\n"}))
    assert said(problem) == "area.places.tps-1: the place 'tps-1' stands in tps.csv, line 2, too"
    assert problem.line == 10


# -- outlines --------------------------------------------------------------------------------------------------

WITH_OUTLINES = BASE.replace("  zones:", "  outlines: peta.geojson\n  zones:")
FEATURE = '{"type": "Feature", "properties": {"name": "Utara"}, "geometry": %s}'


def test_outlines_are_read() -> None:
    ring = "[[110.5, -7.7], [110.6, -7.7], [110.6, -7.8], [110.5, -7.7]]"
    text = FEATURE % f'{{"type": "Polygon", "coordinates": [{ring}]}}'
    outline = load_text(WITH_OUTLINES, "kota.yaml", {"peta.geojson": text}).outlines[0]
    assert (outline.name, outline.closed, outline.lines[0][1]) == ("Utara", True, (110.6, -7.7))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"type": "Feature",\n "x": }', "peta.geojson:2:7: not JSON"),
        ('{"type": "Topology"}', "peta.geojson:1:1: not GeoJSON"),
        (
            FEATURE % '{"type": "Point", "coordinates": [1, 2]}',
            "'Point': no outline; choose from LineString,",
        ),
        (FEATURE % '{"type": "LineString", "coordinates": [[-7.7, 110.6]]}', "longitude comes first"),
        (FEATURE % '{"type": "LineString", "coordinates": [[NaN, 1]]}', "not JSON that can be read"),
        (
            FEATURE % '{"type": "LineString", "coordinates": [["a", 1]]}',
            "a position is [longitude, latitude]",
        ),
        ("[" * 100_000, "not JSON that can be read"),
    ],
)
def test_outlines_that_cannot_be_drawn_are_refused(text: str, expected: str) -> None:
    assert expected in str(one(errors_of(WITH_OUTLINES, {"peta.geojson": text})))


# -- files on disk ---------------------------------------------------------------------------------------------


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text(TABLE)
    folder = tmp_path / "kota"
    folder.mkdir()
    (folder / "kota.yaml").write_text(WITH_TABLE, encoding="utf-8")
    (folder / "tps.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(ScenarioError, match="a link leads out of the scenario's folder") as caught:
        load(folder / "kota.yaml", language="en")
    assert [p.path for p in caught.value.problems] == [("area", "places_file")]


def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "kota.yaml").write_text(WITH_TABLE, encoding="utf-8")
    (tmp_path / "tps.csv").symlink_to(tmp_path / "b.csv")
    (tmp_path / "b.csv").symlink_to(tmp_path / "tps.csv")
    with pytest.raises(ScenarioError, match="links lead in a circle or nowhere"):
        load(tmp_path / "kota.yaml", language="en")


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "kota.yaml").write_text(WITH_TABLE, encoding="utf-8")
    os.mkfifo(tmp_path / "tps.csv")
    with pytest.raises(ScenarioError, match="not an ordinary file"):
        load(tmp_path / "kota.yaml", language="en")


def test_a_file_in_a_folder_below_is_read(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "kota.yaml").write_text(WITH_TABLE.replace("tps.csv", "data/tps.csv"), encoding="utf-8")
    (tmp_path / "data" / "tps.csv").write_text(TABLE + "x1,tps,-7.7,110.6,5,,\n", encoding="utf-8")
    assert "x1" in load(tmp_path / "kota.yaml").file.area.places


def test_a_scenario_that_is_not_there_is_told_with_the_one_meant(tmp_path: Path) -> None:
    (tmp_path / "kota.yaml").write_text(BASE, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "kotaa.yaml", language="en")
    problem = one(list(caught.value.problems))
    assert problem.message == "no such file"
    assert problem.fix is not None
    assert "kota.yaml" in problem.fix


def test_a_file_too_large_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "kota.yaml").open("wb") as stream:
        stream.truncate(64 * 2**20 + 1)
    with pytest.raises(ScenarioError, match="larger than 64 MB"):
        load(tmp_path / "kota.yaml", language="en")


# -- Indonesian ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ERRORS)
def test_every_message_is_in_indonesian_too(name: str) -> None:
    text, _line, _column = with_fault(*ERRORS[name][:2])
    english = one(errors_of(text))
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "kota.yaml", language="id")
    indonesian = one([p for p in caught.value.problems if p.severity is Severity.ERROR])
    assert (indonesian.line, indonesian.column, indonesian.path) == (
        english.line,
        english.column,
        english.path,
    )
    assert indonesian.message != english.message
    for part in ("why", "fix"):
        said_in_english = getattr(english, part)
        assert said_in_english is None or getattr(indonesian, part) != said_in_english
