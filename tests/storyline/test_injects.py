"""Injects: what the trainer throws in, when and where, and that a run with them can be repeated."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

import re
from pathlib import Path

import pytest

import kontijensi
from kontijensi.storyline.injects import Inject, parse_inject
from kontijensi.vocabulary.words import use_language
from tests.engine.scenes import minutes, of, scene

TEXT = """\
phases: {vote: {kind: voting, start: 2024-11-27 07:00, end: 2024-11-27 08:00}}
triggers:
  fire: {inject: true, places: {ids: [a, b]}, phases: [vote], probability: 0.5, cooldown: 2 h, effects: [{do: cut_legitimacy, by: 0.1}]}
  smoke: {after: fire, delay: 5 min, effects: [{do: cut_legitimacy, by: 0.0}]}
  other: {rate: 4/h, effects: [{do: cut_legitimacy, by: 0.0}]}
"""


def test_an_inject_never_fires_by_itself() -> None:
    assert not of(scene(TEXT).run().log, "trigger_fired", "fire")


def test_it_fires_when_and_where_it_is_called_and_starts_its_chain() -> None:
    records = scene(TEXT).run(injects=["fire@2024-11-27 09:30@b", "fire@15 min"]).log
    told = [(r.time_s / 60, r.place, r.values) for r in of(records, "trigger_fired", "fire")]
    assert [t for t, _place, _values in told] == [15, 150], "outside its phases, and whatever its chance"
    assert told[1][1:] == ("b", {"by": "inject"})
    assert told[0][1] in {"a", "b"}
    assert minutes(records, "trigger_fired", "smoke") == [20, 155]


def test_any_trigger_may_be_called_and_others_keep_their_chances() -> None:
    scenario = scene(TEXT)
    plain = minutes(scenario.run().log, "trigger_fired", "other")
    called = minutes(scenario.run(injects=["other@3 h 59 min"]).log, "trigger_fired", "other")
    assert called == [*plain, 239]
    assert minutes(scenario.run(injects=["fire@10 min@a"]).log, "trigger_fired", "other") == plain


def test_a_run_folder_keeps_them_and_the_run_can_be_repeated(tmp_path: Path) -> None:
    scenario = scene(TEXT)
    run = scenario.run(seed=3, injects=["fire@20 min@a", "other@2024-11-27 10:00"])
    run.write(tmp_path / "run")
    again = kontijensi.open_run(tmp_path / "run")
    assert again.injects == ("fire@20 min@a", "other@2024-11-27 10:00")
    assert list(again.scenario.run(seed=again.seed, injects=again.injects).log) == list(run.log)
    assert scenario.run(seed=3).injects == ()


def test_what_a_late_picture_costs_is_measured_with_the_same_injects() -> None:
    scenario = scene(TEXT)

    def change(injects: list[str]) -> float:
        found = scenario.regret(replications=1, injects=injects)["measures"]
        return next(float(line["reported"]) for line in found if line["key"].startswith("legitimacy"))

    assert change(["fire@20 min@a"]) < change([]) == 0.0


def test_times_are_local_or_counted_from_the_start() -> None:
    world = scene(TEXT).world
    assert parse_inject("fire@2024-11-27 08:30", world) == Inject("fire", 5400.0)
    assert parse_inject(" fire @ 1 h 30 min @ b ", world) == Inject("fire", 5400.0, world.places.index["b"])
    assert parse_inject("fire@0 s", world) == Inject("fire", 0.0)


@pytest.mark.parametrize(
    ("text", "english", "indonesian"),
    [
        ("fire", "write NAME@TIME or NAME@TIME@PLACE", "tulis NAMA@WAKTU atau NAMA@WAKTU@TEMPAT"),
        ("fire@1 h@a@b", "write NAME@TIME", "tulis NAMA@WAKTU"),
        ("fier@1 h", "'fier': no such trigger; did you mean 'fire'?", "maksudnya 'fire'?"),
        ("fire@noon", "'noon': not a time; write 2023-07-05 13:00", "'noon': bukan waktu"),
        ("fire@9 h", "'9 h': outside the rehearsal", "'9 h': di luar waktu latihan"),
        ("fire@2024-11-26 08:00", "outside the rehearsal", "di luar waktu latihan"),
        ("fire@1 h@nowhere", "'nowhere': no such place", "'nowhere'"),
        (
            "fire@1 h@c",
            "'c': the trigger 'fire' does not happen at this place",
            "'c': pemicu 'fire' tidak terjadi",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_both_languages(text: str, english: str, indonesian: str) -> None:
    scenario = scene(TEXT)
    with use_language("en"), pytest.raises(ValueError, match=re.escape(english)):
        scenario.run(injects=[text])
    with use_language("id"), pytest.raises(ValueError, match=re.escape(indonesian)):
        scenario.run(injects=[text])
