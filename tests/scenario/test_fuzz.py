"""Whatever is written in a scenario, it loads or says in plain words why not: nothing else is ever raised."""

from __future__ import annotations

import copy
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scenario.base_scenario import BASE, errors_of, problems_of

TREE = yaml.safe_load(BASE.replace("06:00\n", "06:00:00\n"))
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["", "x", "10:30", "5 min", "-1 h", "4/h", "2023-07-05 07:00", "tps", "a/b", "hour > 1", "../x"]
    ),
    st.text(max_size=20),
    st.lists(st.integers(-1, 3), max_size=3),
    st.dictionaries(
        st.sampled_from(["dist", "do", "mean", "kind", "x"]), st.sampled_from(["fixed", "end", 1]), max_size=3
    ),
)
PYDANTIC = ("Input should", "Field required", "Extra inputs", "Value error", "valid integer", "valid string")


def paths(tree: Any, so_far: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [so_far, *(found for key, value in inner for found in paths(value, (*so_far, key)))]


PATHS = [path for path in paths(TREE) if path]


def holds(tree: Any, step: Any) -> bool:
    if isinstance(tree, list):
        return isinstance(step, int) and step < len(tree)
    return isinstance(tree, dict) and step in tree


def changed(tree: Any, path: tuple[Any, ...], value: Any, *, key: str | None) -> None:
    """Put a value at a path, or under another key beside it, as far as an earlier change left the path."""
    for step in path[:-1]:
        if not holds(tree, step):
            return
        tree = tree[step]
    if isinstance(tree, dict) and key is not None:
        tree[key] = value
    elif holds(tree, path[-1]):
        tree[path[-1]] = value


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(st.sampled_from(PATHS), JUNK, st.one_of(st.none(), st.text("abcxyz_-. ", max_size=6))),
        min_size=1,
        max_size=4,
    )
)
def test_nothing_but_plain_words_comes_of_anything_written(
    faults: list[tuple[tuple[Any, ...], Any, str | None]],
) -> None:
    tree = copy.deepcopy(TREE)
    for path, value, key in faults:
        changed(tree, path, value, key=key)
    text = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False)
    for problem in problems_of(text):
        assert problem.message
        assert problem.line >= 1
        assert not any(words in problem.message for words in PYDANTIC), problem
        assert "not what is expected here" not in problem.message


def test_the_tree_that_is_changed_has_no_fault() -> None:
    assert errors_of(yaml.safe_dump(TREE, sort_keys=False)) == []
