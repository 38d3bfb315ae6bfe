"""What sources say of the roll is held against the roll and the stations: sums that do not close are told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontijensi.scenario.document import load_text
from kontijensi.scenario.problems import Severity
from kontijensi.scenario.schema.force import Agency, RollClaim
from tests.scenario.base_scenario import BASE, MARK, errors_of, one, problems_of, said, with_fault

ROLL = "roll: {police: 100}"


def claims(linmas: int, stations: int, claim: str = "agency: linmas, people: 2") -> str:
    """Return the small scenario with so many Linmas on the roll, stations, and a claim about them."""
    text = BASE.replace("voters: 300,", f"voters: 300, tps: {stations},")
    return text.replace(
        ROLL, f"roll: {{police: 100, linmas: {linmas}}}\nroll_claims:\n  linmas-per-tps: {{{claim}}}"
    )


def found(text: str) -> list[str]:
    return [said(p) for p in problems_of(text) if p.path[:1] == ("roll_claims",)]


def test_left_over_people_are_counted_with_the_sum_that_does_not_close() -> None:
    text = claims(5858, 1872)
    problem = one([p for p in problems_of(text) if p.path == ("roll_claims", "linmas-per-tps")])
    assert said(problem) == (
        "roll_claims.linmas-per-tps: the figures do not add up: 2 linmas per 1 TPS and 1872 TPS make 3744, "
        "but 5858 are on the roll: 2114 are left over (enough for 2929 TPS)"
    )
    assert problem.severity is Severity.WARNING
    line = text.splitlines().index("  linmas-per-tps: {agency: linmas, people: 2}") + 1
    assert (problem.file, problem.line, problem.column) == ("kota.yaml", line, 3)
    assert problem.why is not None
    assert problem.fix is not None


def test_it_is_said_in_indonesian_too() -> None:
    notes = load_text(claims(5858, 1872), "kota.yaml", language="id").notes
    problem = one([p for p in notes if p.path == ("roll_claims", "linmas-per-tps")])
    assert "tidak klop" in problem.message
    for figure in ("3744", "5858", "2114", "2929"):
        assert figure in problem.message


def test_missing_people_are_counted() -> None:
    assert found(claims(100, 60)) == [
        "roll_claims.linmas-per-tps: the figures do not add up: 2 linmas per 1 TPS and 60 TPS make 120, "
        "but 100 are on the roll: 20 are missing (enough for 50 TPS)"
    ]


@pytest.mark.parametrize(
    ("linmas", "stations", "claim"),
    [
        (4804, 2402, "agency: linmas, people: 2"),
        (402, 2402, "agency: linmas, people: 2, per_stations: 12"),  # 201 groups: the last has two stations
        (102, 50, "agency: linmas, people: 2"),  # 2 % off
        (130, 50, "agency: linmas, people: 2, within: 0.3"),
    ],
)
def test_nothing_is_said_when_the_sum_closes(linmas: int, stations: int, claim: str) -> None:
    assert found(claims(linmas, stations, claim)) == []


@given(
    people=st.integers(1, 20),
    per=st.integers(1, 30),
    stations=st.integers(1, 5000),
    roll=st.integers(0, 9000),
)
def test_what_a_claim_comes_to_is_enough_and_never_a_group_too_many(
    people: int, per: int, stations: int, roll: int
) -> None:
    claim = RollClaim(agency=Agency.LINMAS, people=people, per_stations=per)
    groups, rest = divmod(claim.comes_to(stations), people)
    assert rest == 0
    assert (groups - 1) * per < stations <= groups * per
    enough = roll // people * per  # as the message says
    assert enough == 0 or claim.comes_to(enough) <= roll < claim.comes_to(enough + per)


@pytest.mark.parametrize(
    ("new", "told"),
    [
        (
            f"{ROLL}\nroll_claims: {{x: {{agency: {MARK}linmas, people: 2}}}}",
            "roll_claims.x.agency: linmas is not on the roll, so there is nothing to hold the claim against",
        ),
        (
            f"{ROLL}\nroll_claims: {{x: {{agency: police, people: 2, places: {MARK}{{kinds: [polres]}}}}}}",
            "roll_claims.x.places: no polling station is meant by this choice",
        ),
        (
            f"{ROLL}\nroll_claims: {{x: {{agency: police, people: 2, places: {MARK}{{kinds: [kpu]}}}}}}",
            "roll_claims.x.places: no place is meant by this choice",
        ),
        (
            f"{ROLL}\nroll_claims: {{x: {{agency: police, people: {MARK}0}}}}",
            "roll_claims.x.people: 0: must be at least 1",
        ),
        (
            f"{ROLL}\nroll_claims: {{x: {{agency: police, people: 2, places: {{zones: [{MARK}mera]}}}}}}",
            "roll_claims.x.places.zones[0]: 'mera': no such zone; did you mean 'merah'?",
        ),
    ],
)
def test_slips_are_told_where_they_stand(new: str, told: str) -> None:
    text, line, column = with_fault(ROLL, new)
    problem = one(errors_of(text))
    assert said(problem).startswith(told)
    assert (problem.line, problem.column) == (line, column)
