"""The arc of escalation: what conditions can come to, and whether tension has a way up and a way down."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontijensi.community.fields import Tension, Villages
from kontijensi.scenario.checks.escalation import tension_bounds
from kontijensi.scenario.checks.survey import Survey
from kontijensi.scenario.document import load_text
from kontijensi.scenario.problems import Problem, Severity
from kontijensi.scenario.whereabouts import Whereabouts
from kontijensi.scenario.yaml_text import read
from kontijensi.world import compile_world
from tests.scenario.base_scenario import BASE, MARK, problems_of, with_fault

CHANNELS = "  channels: {hoax: {}}"
TRIGGERS = "triggers:\n"
UP = "{do: raise_tension, channel: hoax, by: 0.2}"
GATHER = "{do: gather_crowd, size: 50, stays: 1 h}"
MOMENTS = "['2023-07-05 14:00', '2023-07-05 15:00']"


def warnings_of(text: str) -> list[Problem]:
    return [p for p in problems_of(text) if p.severity is Severity.WARNING]


def told(text: str) -> list[str]:
    return [p.message for p in warnings_of(text)]


def with_trigger(lines: str, channel: str = CHANNELS) -> str:
    return BASE.replace(TRIGGERS, f"{TRIGGERS}{lines}\n").replace(CHANNELS, channel)


def test_a_threshold_above_all_that_can_be_added_is_told_with_the_bound_and_its_place() -> None:
    raised = f"  kabar: {{at: {MOMENTS}, effects: [{UP}]}}\n"
    wanted = f"  rusuh: {{when: {MARK}tension_hoax >= 0.6, effects: [{GATHER}]}}"
    text, line, column = with_fault(TRIGGERS, f"{TRIGGERS}{raised}{wanted}\n")
    (found,) = warnings_of(text)
    assert (found.line, found.column, found.path) == (line, column, ("triggers", "rusuh", "when"))
    # It starts at 0.1 and is raised twice by 0.2.
    assert found.message == ("the condition can never hold here: tension_hoax stays between 0.07 and 0.5")
    assert found.why == "It can never fire, so what it does is not rehearsed."
    assert found.fix is not None


def test_the_same_threshold_is_fine_where_a_cause_can_bring_it_about() -> None:
    watch = f"  rusuh: {{when: tension_hoax >= 0.6, effects: [{GATHER}]}}\n"
    often = f"  kabar: {{rate: 1/h, effects: [{UP}]}}"
    assert told(with_trigger(watch + often)) == []
    drawn = BASE.replace(
        "exposes: [tps]}\n  hitung", "exposes: [tps], drift: {hoax: {toward: 0.9, over: 1 h}}}\n  hitung"
    )
    assert told(drawn.replace(TRIGGERS, TRIGGERS + watch)) == []
    rumour = f"{CHANNELS}\n  rumours: {{r: {{people: 100, r0: 2, raises: {{hoax: 0.5}}}}}}"
    start = "  kabar: {at: ['2023-07-05 14:00'], effects: [{do: start_rumour, rumour: r}]}"
    assert told(with_trigger(watch + start, rumour)) == []


def test_at_most_bounds_a_cause_without_end() -> None:
    watch = f"  rusuh: {{when: tension_max > 0.6, effects: [{GATHER}]}}\n"
    few = f"  kabar: {{rate: 1/h, most: 2, effects: [{UP}]}}"
    (message,) = told(with_trigger(watch + few))
    assert "tension_max stays between" in message


def test_whoever_waits_for_a_trigger_out_of_reach_can_never_fire_either() -> None:
    chain = (
        f"  satu: {{when: tension_hoax > 0.5, effects: [{UP}]}}\n"
        f"  dua: {{after: satu, effects: [{GATHER}]}}\n"
        f"  tiga: {{after: dua, effects: [{GATHER}]}}"
    )
    assert told(with_trigger(chain)) == [
        "the condition can never hold here: tension_hoax stays between 0.07 and 0.1",
        "waits for 'satu', which can never fire",
        "waits for 'dua', which can never fire",
    ]


def test_a_crowd_that_nothing_gathers_is_never_seen_and_a_rumour_nobody_starts_never_heard() -> None:
    quiet = BASE.replace("{do: gather_crowd, size: 100, stays: 1 h}", UP)
    crowd = "  ikut: {when: crowd_active > 20, effects: [{do: raise_tension, channel: hoax, by: 0.1}]}\n"
    assert [m for m in told(quiet.replace(TRIGGERS, TRIGGERS + crowd)) if "crowd_active" in m] == [
        "the condition can never hold here: crowd_active stays between 0 and 0"
    ]
    assert told(with_trigger(crowd)) == []
    rumour = f"{CHANNELS}\n  rumours: {{r: {{people: 100, r0: 2}}}}"
    heard = f"  tahu: {{when: rumour_r > 0.2, effects: [{GATHER}]}}"
    assert any("rumour_r stays between 0 and 0" in m for m in told(with_trigger(heard, rumour)))


def test_a_turn_that_never_comes_is_told_for_what_it_is() -> None:
    often = f"  kabar: {{rate: 1/h, effects: [{UP}]}}\n"
    watch = f"  rusuh: {{when: tension_hoax >= 0.6, rearm: tension_hoax < 0.05, effects: [{GATHER}]}}"
    (found,) = warnings_of(with_trigger(often + watch))
    assert (found.path, found.why) == (("triggers", "rusuh", "rearm"), "What it would change never changes.")
    calmed = f"{CHANNELS}\n  programmes: {{rembug: {{kind: community_meeting, times: ['2023-07-05 15:00'], hours: 2 h, lowers: {{hoax: 0.9}}}}}}"
    assert told(with_trigger(often + watch, calmed)) == []


def test_moments_beyond_the_most_are_told() -> None:
    assert told(with_trigger(f"  k: {{at: {MOMENTS}, most: 1, effects: [{UP}]}}")) == [
        "only 1 of 2 moments can take effect"
    ]
    assert told(with_trigger(f"  k: {{at: {MOMENTS}, most: 2, effects: [{UP}]}}")) == []
    assert told(with_trigger(f"  k: {{at: {MOMENTS}, most: 1, probability: 0.5, effects: [{UP}]}}")) == []


def test_a_storyline_in_which_nothing_can_escalate_is_told() -> None:
    calls = "calls:\n  patroli: {rate: 2/h, needs: {presence: 1}, on_scene: 10 min}\n"
    gather = "{do: gather_crowd, size: 100, stays: 1 h}"
    soothing = BASE.replace(calls, "").replace(gather, "{do: raise_tension, channel: hoax, by: -0.1}")
    assert any(m.startswith("nothing can escalate") for m in told(soothing))
    for rising in (gather, UP):
        assert not any(
            m.startswith("nothing can escalate")
            for m in told(soothing.replace("{do: raise_tension, channel: hoax, by: -0.1}", rising))
        )


def test_tension_without_a_way_down_is_told_and_each_way_down_is_one() -> None:
    often = f"  kabar: {{rate: 1/h, effects: [{UP}]}}"
    slow = "  channels: {hoax: {decay: 90 d}}"
    (found,) = warnings_of(with_trigger(often, slow))
    assert found.path == ("community", "channels", "hoax")
    assert found.message == (
        "'hoax' can rise and has no way down: it decays over 90 days, the rehearsal lasts 1 day"
    )
    assert told(with_trigger(often)) == []
    meeting = f"{slow}\n  programmes: {{r: {{kind: community_meeting, times: ['2023-07-05 15:00'], hours: 2 h, lowers: {{hoax: 0.5}}}}}}"
    assert told(with_trigger(often, meeting)) == []
    soothed = f"{often}\n  tenang: {{rate: 1/h, effects: [{{do: raise_tension, channel: hoax, by: -0.1}}]}}"
    assert told(with_trigger(soothed, slow)) == []


@pytest.mark.parametrize(
    ("lines", "channel", "words"),
    [
        (
            f"  r: {{when: tension_hoax > 0.6, effects: [{GATHER}]}}",
            CHANNELS,
            "tidak pernah dapat terpenuhi di sini",
        ),
        (
            f"  k: {{rate: 1/h, effects: [{UP}]}}",
            "  channels: {hoax: {decay: 90 d}}",
            "tidak punya jalan turun",
        ),
        (f"  k: {{at: {MOMENTS}, most: 1, effects: [{UP}]}}", CHANNELS, "hanya 1 dari 2 waktu"),
    ],
)
def test_it_is_all_told_in_indonesian_too(lines: str, channel: str, words: str) -> None:
    found = [
        p
        for p in load_text(with_trigger(lines, channel), language="id").notes
        if p.severity is Severity.WARNING
    ]
    assert any(words in p.message for p in found), [p.message for p in found]


levels = st.floats(0, 1)


@given(
    start=levels,
    rest=levels,
    decay_h=st.integers(1, 200),
    towards=st.lists(st.tuples(levels, st.integers(1, 48)), min_size=2, max_size=2),
    jumps=st.lists(st.tuples(st.integers(0, 23), st.floats(0, 0.5)), max_size=3),
)
def test_no_course_of_tension_leaves_its_bounds(
    start: float, rest: float, decay_h: int, towards: list[tuple[float, int]], jumps: list[tuple[int, float]]
) -> None:
    channel = f"  channels: {{hoax: {{start: {start:.6f}, rest: {rest:.6f}, decay: {decay_h} h}}}}"
    text = BASE.replace(CHANNELS, channel)
    for phase, (toward, over_h) in zip(("hitung", "zzz"), towards, strict=True):
        drift = f"exposes: [tps], drift: {{hoax: {{toward: {toward:.6f}, over: {over_h} h}}}}}}\n"
        text = text.replace(f"exposes: [tps]}}\n  {phase}", f"{drift}  {phase}")
        text = text.replace("exposes: [tps]}\ncommunity", f"{drift}community") if phase == "zzz" else text
    clock = load_text(BASE).file.start
    for i, (hour, by) in enumerate(jumps):
        at = clock + timedelta(hours=hour)
        lines = f"  j{i}: {{at: ['{at:%Y-%m-%d %H:%M}'], places: {{ids: [tps-1]}}, effects: [{{do: raise_tension, channel: hoax, by: {by:.6f}}}]}}\n"
        text = text.replace(TRIGGERS, TRIGGERS + lines)
    file = load_text(text).file
    shown = read(text, name="kota.yaml")
    low, high = tension_bounds(Survey(file, shown.data, Whereabouts(shown)), "hoax", file.triggers)
    world = compile_world(file)
    tension = Tension(world, Villages(world))
    everywhere = np.ones(tension.levels.shape[1], dtype=bool)
    seen = [tension.levels.copy()]
    for hour in range(24):
        for each, by in jumps:
            if each == hour:
                tension.jump("hoax", everywhere, float(f"{by:.6f}"))
                seen.append(tension.levels.copy())
        now = clock + timedelta(hours=hour)
        drawn = next((p.drift for p in file.phases.values() if p.start <= now < p.end), {})
        tension.advance(3600.0, drawn)
        seen.append(tension.levels.copy())
    assert low <= np.min(seen)
    assert np.max(seen) <= high
