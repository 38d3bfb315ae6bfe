"""The events list as a workbook: there and back without loss, into the scenario's text, errors by cell."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from kontijensi.authoring.msel import events_workbook, read_events, with_triggers
from kontijensi.authoring.sheets import sheets_of
from kontijensi.authoring.writing import as_block, on_one_line
from kontijensi.scenario.yaml_text import read
from tests.authoring.workbooks import workbook


def there_and_back(triggers: dict) -> dict:
    found = read_events(sheets_of(events_workbook(triggers), "msel.xlsx"))
    assert found.problems == ()
    return dict(found.triggers)


def test_every_trigger_of_a_whole_scenario_comes_back_as_it_was(repo: Path) -> None:
    text = (repo / "scenarios" / "klaten-pilkades-2023.yaml").read_bytes()
    triggers = read(text, name="klaten.yaml").data["triggers"]
    back = there_and_back(triggers)
    assert back == triggers
    assert list(back) == list(triggers)


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
plain = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**6), 10**6), st.floats(-1e6, 1e6), words,
    st.sampled_from(["10:30", "no", "010", "0o7", "1e6", "1_000", "~", "=1+1", "07.00", "33.1", "- a", "{x"]),
)  # fmt: skip
values = st.recursive(
    plain, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(words, inner, max_size=3))
)


@given(values)
def test_what_is_written_the_strict_reader_reads_back(value: object) -> None:
    for text in (f"a: {on_one_line(value)}\n", as_block({"a": value})):
        reading = read(text, name="x.yaml")
        assert reading.problems == ()
        assert reading.data == {"a": value}


SCENARIO = """\
kontijensi: 1
triggers:
  # the first objection
  objection: {rate: 1/h, effects: [{do: call, call: quarrel}]}  # stays
  rumour:
    at: [2029-02-14 10:00]
    effects:
      - {do: raise_tension, channel: hoax, by: 0.3}

# who is there
units: {}
"""


def test_changed_triggers_are_written_into_the_scenario_and_the_rest_stays() -> None:
    before = read(SCENARIO, name="s.yaml")
    triggers = {
        "objection": before.data["triggers"]["objection"],
        "fire": {"at": ["2029-02-14 11:00"], "effects": [{"do": "call", "call": "fire"}]},
    }
    text = with_triggers(before, SCENARIO, triggers)
    assert (
        "  # the first objection\n  objection: {rate: 1/h, effects: [{do: call, call: quarrel}]}  # stays\n"
        in text
    )
    assert "\n# who is there\nunits: {}\n" in text
    assert "rumour" not in text
    assert read(text, name="s.yaml").data == {**before.data, "triggers": triggers}
    assert with_triggers(before, SCENARIO, before.data["triggers"]) == SCENARIO


def test_a_scenario_without_triggers_gets_a_section_of_its_own() -> None:
    before = read("kontijensi: 1", name="s.yaml")
    text = with_triggers(before, "kontijensi: 1", {"a": {"rate": "1/h", "effects": []}})
    assert read(text, name="s.yaml").data["triggers"] == {"a": {"rate": "1/h", "effects": []}}


def test_wrong_cells_and_effects_without_a_trigger_are_told_by_cell() -> None:
    book = workbook(
        {
            "MSEL": [["id", "rat", "at"], ["a", "1/h", "[2029-02-14"], ["a", "", ""], ["b", "", "x"]],
            "Efek": [["id", "no", "do", "details"], ["c", 1, "call", "{call: x}"], ["a", 1, "end", "[1]"]],
        }
    )
    found = read_events(sheets_of(book, "msel.xlsx"))
    assert sorted(str(problem.path[0]) for problem in found.problems) == [
        "Efek!A2", "Efek!D3", "MSEL!A3", "MSEL!A4", "MSEL!B1", "MSEL!C2",
    ]  # fmt: skip


def test_a_workbook_without_the_two_sheets_says_which_are_missing() -> None:
    (problem,) = read_events(sheets_of(workbook({"MSEL": [["id"]]}), "m.xlsx")).problems
    assert problem.message == "no sheet is called 'Efek'"
