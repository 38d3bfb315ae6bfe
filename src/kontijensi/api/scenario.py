"""The Python handles `Scenario` and `Run`: load a scenario, rehearse it, and look at what came of it.

pandas is used at the edge only; the measures themselves are plain values.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from kontijensi.scenario.document import Document
from kontijensi.scenario.document import load as load_document
from kontijensi.scenario.document import load_text as load_document_text
from kontijensi.scenario.problems import Problem, ScenarioError
from kontijensi.vocabulary.seeds import LARGEST_REPLICATION, LARGEST_SEED, whole

if TYPE_CHECKING:
    import pandas as pd

    from kontijensi.analysis.coverage import Coverage
    from kontijensi.api.placement import PlaceOptions
    from kontijensi.experiment.placement.proposal import Proposal
    from kontijensi.trace import RunData
    from kontijensi.vocabulary.records import Record
    from kontijensi.world import World

__all__ = ["Run", "Scenario", "ScenarioError", "load", "load_text", "open_run"]

REGRET = "regret.json"
"""File of a run folder that holds what the late and partial picture cost, where that was asked for."""
Overrides = Mapping[str, object] | Sequence[str]


def load(
    path: str | Path, *, overrides: Overrides = (), seed: int | None = None, language: str | None = None
) -> Scenario:
    """Read a scenario from a YAML file, and the tables it names.

    `overrides` set values by path: `{"units.brimob.count": 2}` or `["units.brimob.count=2"]`.
    Raises ScenarioError listing every problem of the file at once.
    """
    return Scenario(load_document(path, overrides=overrides, seed=seed, language=language))


def load_text(text: str, files: Mapping[str, str | bytes] | None = None, **options: Any) -> Scenario:
    """Read a scenario from a text, with the tables that it names in `files`; options as for `load`."""
    return Scenario(load_document_text(text, files=files, **options))


class Scenario:
    """A checked scenario, ready to be rehearsed."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def __repr__(self) -> str:
        """Name the scenario and its hash."""
        return f"Scenario({self.name!r}, sha256={self.document.sha256[:12]})"

    @property
    def name(self) -> str:
        """Title of the rehearsal."""
        return self.document.file.name

    @property
    def notes(self) -> tuple[Problem, ...]:
        """Warnings and notes of the checks."""
        return self.document.notes

    @cached_property
    def world(self) -> World:
        """The scenario compiled to arrays."""
        from kontijensi.world import compile_world

        return compile_world(self.document.file)

    def run(
        self,
        seed: int | None = None,
        replication: int = 0,
        *,
        crowds: bool = True,
        progress: Callable[[float], None] | None = None,
        injects: Sequence[str] = (),
    ) -> Run:
        """Rehearse the scenario once.

        The same scenario, seed and replication give the same records, whatever ran before. `crowds=False`
        keeps no positions of people. `progress` is called now and then with the simulated time [s].
        `injects` are triggers that the trainer calls: `["rumour@2023-07-05 13:00", "quarrel@31 h@tps-1"]`.
        Raises ValueError for a seed or replication that is no whole number or out of its range, and for an
        inject that cannot be read.
        """
        from kontijensi.engine import Operation
        from kontijensi.storyline.injects import parse_inject
        from kontijensi.trace import CrowdRecorder, RunData, manifest_of

        file = self.document.file
        seed = file.seed if seed is None else whole("seed", seed, LARGEST_SEED)
        replication = whole("replication", replication, LARGEST_REPLICATION)
        records: list[Record] = []
        watch = CrowdRecorder(_legend(self.world))
        began = time.perf_counter()
        operation = Operation(
            self.world,
            seed=seed,
            replication=replication,
            emit=records.append,
            watch_crowd=watch if crowds else None,
            injects=[parse_inject(text, self.world) for text in injects],
        )
        operation.run(progress)
        manifest = manifest_of(
            _sources(self.document),
            seed,
            replication,
            self.document.overrides,
            time.perf_counter() - began,
            injects,
        )
        return Run(self, RunData(manifest, records, watch.samples()))

    def regret(
        self,
        seed: int | None = None,
        replications: int = 20,
        *,
        step: Callable[[int, str], None] | None = None,
        injects: Sequence[str] = (),
    ) -> dict[str, Any]:
        """Say what the late and partial picture costs: the same rehearsals with a perfect one, paired.

        Returns `replications`, `seed` and `measures`: for each its `key`, `unit`, the means `reported` and
        `perfect`, and their `difference` with the half-width of its 95 % interval. `step` is told the
        replication and the picture before each run. Raises ValueError as `run` does.
        """
        from kontijensi.experiment.regret import as_plain, regret
        from kontijensi.storyline.injects import parse_inject

        seed = self.document.file.seed if seed is None else whole("seed", seed, LARGEST_SEED)
        replications = whole("replications", replications, LARGEST_REPLICATION)
        if replications < 1:
            raise ValueError(f"replications {replications}: at least 1")
        thrown_in = [parse_inject(text, self.world) for text in injects]
        told = step or (lambda _k, _picture: None)
        lines = regret(self.world, replications, seed, told, thrown_in)
        return as_plain(lines, replications, seed)

    def place(self, capability: str, **options: Unpack[PlaceOptions]) -> Proposal:
        """Ask an optimiser where the units of one type should stand; rehearse its answer before you trust it.

        Options are those of `PlaceOptions`. Raises PlacementError without an answer, ValueError for a
        word that is none.
        """
        from kontijensi.api.placement import question_of
        from kontijensi.experiment.placement.proposal import propose

        return propose(self.world, question_of(capability, options))


class Run:
    """One rehearsal, and every measure of it."""

    def __init__(self, scenario: Scenario, data: RunData) -> None:
        self.scenario = scenario
        self._data = data

    def __repr__(self) -> str:
        """Name the scenario, seed and replication."""
        return f"Run({self.scenario.name!r}, seed={self.seed}, replication={self.replication})"

    @property
    def seed(self) -> int:
        """Seed of the run."""
        return self._data.manifest.seed

    @property
    def replication(self) -> int:
        """Number of the replication."""
        return self._data.manifest.replication

    @property
    def injects(self) -> tuple[str, ...]:
        """What the trainer threw in: `scenario.run(..., injects=run.injects)` repeats the run."""
        return self._data.manifest.injects

    @property
    def log(self) -> Sequence[Record]:
        """The records as plain values, in the order they were written."""
        return self._data.records

    @cached_property
    def data(self) -> RunData:
        """Everything that a run folder holds: records, positions of people, summary and manifest."""
        from dataclasses import replace

        return replace(self._data, summary=self.summary())

    def summary(self) -> dict[str, Any]:
        """Return every measure as plain values."""
        return self._summary

    def records(self) -> pd.DataFrame:
        """Return one row a record: id, parent, time_s, kind, entity, place, values."""
        import pandas as pd

        from kontijensi.vocabulary.records import Record

        frame = pd.DataFrame.from_records(self.log, columns=list(Record._fields))
        return frame.astype({"parent": "Int64"})

    def responses(self, by: str | None = None) -> pd.DataFrame:
        """Return one row an incident with its whole response chain [s].

        With `by` (`phase`, `zone`, `district`, `unit_type`, `sort`, `colour` or `phase_kind`) one row a group
        and measure: n, answered, median and percentiles with their intervals, and the share in time for each
        target. Raises ValueError for another word.
        """
        from kontijensi.analysis.responses import response_frame, responses

        rows = responses(self.log, self.scenario.world)
        if by is None:
            return response_frame(rows)
        from kontijensi.analysis.response_parts import ResponseBy, response_part_frame

        targets = self.scenario.world.scenario.response_targets
        return response_part_frame(rows, targets, ResponseBy(by))

    def coverage(self, by: str | None = None) -> pd.DataFrame:
        """Return one row a place and interval that was not covered, with standard, reason and phase [s].

        With `by` (`standard`, `phase`, `district` or `zone`) one row a standard and group: the share covered,
        standing cover beside it, and the minutes short. Raises ValueError for another word.
        """
        from kontijensi.analysis.cover_parts import CoverBy, part_frame, shortfall_frame

        world = self.scenario.world
        if by is None:
            return shortfall_frame(self._coverage.values(), world)
        from kontijensi.analysis.coverage import static_coverage
        from kontijensi.analysis.timeline import end_of_run

        still = static_coverage(world, end_of_run(self.log, world))
        return part_frame(self._coverage, still, world, CoverBy(by))

    def units(self) -> pd.DataFrame:
        """Return one row a unit: time in each state, on duty and beyond it [s], orders, stock used."""
        from kontijensi.analysis.utilisation import unit_frame, unit_times

        return unit_frame(unit_times(self.log, self.scenario.world))

    def remedies(self, most: int = 20) -> pd.DataFrame:
        """Return the remedies that would have closed most shortfall of cover, with the same demand.

        One row a remedy, worked out by itself: they do not add up.
        """
        from kontijensi.analysis.remedies import Remedies
        from kontijensi.analysis.remedy import effect_frame

        found = Remedies(self.log, self.scenario.world, self._coverage).best(most)
        return effect_frame(found)

    @cached_property
    def _coverage(self) -> dict[str, Coverage]:
        from kontijensi.analysis.coverage import coverage

        return coverage(self.log, self.scenario.world)

    def write(
        self, folder: str | Path, *, replace: bool = False, regret: Mapping[str, Any] | None = None
    ) -> Path:
        """Write the run folder without a report; raises RunFolderError when it cannot be written."""
        from kontijensi.trace import write_run

        pages = {} if regret is None else {REGRET: _as_json(regret)}
        return write_run(Path(folder), self.data, replace=replace, pages=pages)

    def report(
        self,
        folder: str | Path,
        *,
        language: str | None = None,
        replace: bool = False,
        regret: Mapping[str, Any] | None = None,
    ) -> Path:
        """Write the run folder with `report.html` and return the report's path.

        `regret` is what `Scenario.regret` returned: it is shown in the report and kept as `regret.json`.
        """
        from kontijensi.report import render
        from kontijensi.trace import write_run

        world, document = self.scenario.world, self.scenario.document
        page = render(self.data, world, document, language=language, regret=regret)
        pages = {"report.html": page.encode(), **({} if regret is None else {REGRET: _as_json(regret)})}
        write_run(Path(folder), self.data, replace=replace, pages=pages)
        return Path(folder) / "report.html"

    @cached_property
    def _summary(self) -> dict[str, Any]:
        from kontijensi.analysis.summary import summarise

        return summarise(self.scenario.world, self.log)


def open_run(folder: str | Path) -> Run:
    """Open a run folder. The scenario is read from the copy kept in it.

    Raises RunFolderError when the folder holds no run, is damaged, or was written by a newer format.
    """
    from kontijensi.trace import read_run

    data = read_run(Path(folder))
    first, *others = data.manifest.files
    document = load_document_text(
        first.text,
        first.name,
        {each.name: each.text for each in others},
        overrides=data.manifest.overrides,
    )
    return Run(Scenario(document), data)


def _as_json(values: Mapping[str, Any]) -> bytes:
    import json

    return json.dumps(values, indent=2, allow_nan=False).encode()


def kept_regret(folder: str | Path) -> dict[str, Any] | None:
    """Return what a run folder holds of its regret, None where it was not asked for."""
    import json

    path = Path(folder) / REGRET
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def _sources(document: Document) -> tuple[Any, ...]:
    from kontijensi.trace import SourceFile

    return tuple(SourceFile(name, text.decode("utf-8-sig")) for name, text in document.texts.items())


def _legend(world: World) -> Any:
    from kontijensi.crowd.legend import ROLE_WORDS, STATE_WORDS
    from kontijensi.trace import CrowdLegend

    return CrowdLegend(STATE_WORDS, tuple(world.scenario.community.camps), ROLE_WORDS)
