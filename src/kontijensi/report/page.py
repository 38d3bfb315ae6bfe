"""The report as one HTML page: it opens from disk, asks the network for nothing, and needs no script."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from kontijensi.analysis.cover_parts import CoverBy
from kontijensi.analysis.summary import NOTICE
from kontijensi.experiment.regret import from_plain
from kontijensi.report import (
    care_tables,
    cover_tables,
    evidence,
    outreach_tables,
    people_tables,
    remedy_tables,
    response_tables,
    unit_tables,
)
from kontijensi.report.definitions import definitions
from kontijensi.report.dossier import Dossier, dossier
from kontijensi.report.figures.area import figure_map
from kontijensi.report.figures.canvas import svg_of
from kontijensi.report.figures.care import figure_care
from kontijensi.report.figures.chain import figure_calls, figure_chain
from kontijensi.report.figures.cover import figure_coverage, figure_heat, figure_reasons
from kontijensi.report.figures.duty import figure_duty
from kontijensi.report.figures.ledger import figure_harm
from kontijensi.report.figures.story import (
    figure_crowds,
    figure_legitimacy,
    figure_people,
    figure_rumours,
    figure_story,
    figure_tension,
)
from kontijensi.report.findings import SIGNS
from kontijensi.report.headlines import cards, floor_game
from kontijensi.report.moments import count
from kontijensi.report.naming import inert
from kontijensi.report.side_by_side import regret_table
from kontijensi.report.story_tables import area_table, count_table, hourly_people_table, trigger_table
from kontijensi.report.table import Table
from kontijensi.report.verdict import verdict
from kontijensi.scenario.document import Document
from kontijensi.trace.folder import RunData
from kontijensi.vocabulary.words import (
    _,
    choose_language,
    current_language,
    date_time,
    ngettext,
    use_language,
)
from kontijensi.world.world import World

if TYPE_CHECKING:
    from jinja2 import Environment
    from matplotlib.figure import Figure

TEMPLATE = "report.html.jinja"


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure on the page, with its title, what it shows in words, and the same as a table."""

    title: str
    description: str
    svg: str
    twin: Table | None


def render(
    run: RunData,
    world: World,
    document: Document | None = None,
    *,
    language: str | None = None,
    regret: Mapping[str, Any] | None = None,
) -> str:
    """Return the report of a run as HTML, in the language given, else the scenario's.

    `document` is the scenario as it was read: its outlines are drawn on the map. `regret` is what
    `experiment.regret` found of the same scenario. Raises ValueError when the
    language is none of ours.
    """
    with use_language(choose_language(language, world.scenario.language)):
        told = dossier(run, world, () if document is None else document.outlines)
        context = _context(told)
        if regret is not None:
            context["tables"]["regret"] = regret_table(from_plain(regret), int(regret["replications"]))
        return _environment().get_template(TEMPLATE).render(context)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("kontijensi.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(_, ngettext)  # type: ignore[attr-defined]
    environment.filters["inert"] = inert
    environment.filters["count"] = count
    return environment


def _context(told: Dossier) -> dict[str, Any]:
    file, calendar = told.world.scenario, told.world.calendar
    zone = str(calendar.zone)
    return {
        "language": str(current_language()),
        "title": inert(file.name, 160),
        "description": inert(file.description, 1200),
        "notice": _(NOTICE),
        "since": date_time(calendar.local(0.0), zone),
        "until": date_time(calendar.local(told.end_s), zone),
        "manifest": told.run.manifest,
        "scenario_hash": told.run.manifest.files[0].sha256 if told.run.manifest.files else "",
        "summary": told.run.summary,
        "verdict": verdict(told),
        "signs": SIGNS,
        "cards": cards(told),
        "definitions": definitions(),
        "floor_game": floor_game(told),
        "pictures": _pictures(told),
        "tables": _tables(told),
        "peaceful": sum(g.worst == "green" for g in told.gatherings),
        "gatherings": len(told.gatherings),
        "invented_roads": file.area.roads.synthetic is not None,
    }


def _tables(told: Dossier) -> dict[str, Table]:
    return {
        "spread": response_tables.spread_table(told),
        "beliefs": response_tables.belief_table(told),
        "unanswered": response_tables.unanswered_table(told),
        "districts": response_tables.district_table(told),
        "zones": response_tables.zone_table(told),
        "target_parts": response_tables.target_part_table(told),
        "unit_types": response_tables.unit_type_table(told),
        "targets": response_tables.target_table(told),
        "calls": response_tables.call_table(told),
        "standards": cover_tables.standard_table(told),
        "gaps": cover_tables.gap_table(told, cover_tables.gaps(told)),
        "cover_phases": cover_tables.part_table(told, CoverBy.PHASE),
        "cover_districts": cover_tables.part_table(told, CoverBy.DISTRICT),
        "cover_zones": cover_tables.part_table(told, CoverBy.ZONE),
        "remedies": remedy_tables.remedy_table(told),
        "troubled": people_tables.gathering_table(told),
        "peaceful": people_tables.peaceful_table(told),
        "harm": people_tables.harm_table(told),
        "casualties": care_tables.casualty_table(told),
        "hospitals": care_tables.hospital_table(told),
        "fires": care_tables.fire_table(told),
        "force": people_tables.force_table(told),
        "postures": people_tables.posture_table(told),
        "talks": people_tables.talks_table(told),
        "continuity": people_tables.continuity_table(told),
        "stops": people_tables.stop_table(told),
        "complaints": outreach_tables.complaint_table(told),
        "programmes": outreach_tables.programme_table(told),
        "types": unit_tables.type_table(told),
        "aid": unit_tables.aid_table(told),
        "guards": unit_tables.guard_table(told),
        "evidence": evidence.evidence_table(told),
        "parameters": evidence.parameter_table(told),
        "run": evidence.run_table(told),
    }


Drawing = tuple[Callable[[Dossier], "Figure | None"], str, str, Callable[[Dossier], Table] | None]


def _drawings() -> dict[str, Drawing]:
    return {
        "chain": (
            figure_chain,
            _("Where the time went, incident by incident"),
            _(
                "A bar for each incident from its onset until a full formation stood, split into the "
                "steps of the chain."
            ),
            response_tables.chain_table,
        ),
        "calls": (
            figure_calls,
            _("Ordinary calls: mean steps"),
            _("A bar for each stream of ordinary calls, split into the mean length of each step."),
            response_tables.call_table,
        ),
        "coverage": (
            figure_coverage,
            _("Cover over time"),
            _(
                "For each standard the share of places covered over time; what is missing is shaded. "
                "Dashed: standing cover."
            ),
            cover_tables.hour_table,
        ),
        "heat": (
            figure_heat,
            _("Where and when cover was missing"),
            _(
                "A strip for each of the places hit hardest; the darker, the more standards were "
                "missed at once."
            ),
            cover_tables.place_table,
        ),
        "reasons": (
            figure_reasons,
            _("Why cover was missing"),
            _("For each standard the share of place-time covered, and what the rest was lost to."),
            cover_tables.reason_table,
        ),
        "map": (
            figure_map,
            _("Map of the area"),
            _("Places by zone, bases of units, and where people gathered, marked by the worst colour there."),
            area_table,
        ),
        "story": (
            figure_story,
            _("The story by phase"),
            _("When each trigger fired and each gathering began, over the phases of the election."),
            trigger_table,
        ),
        "people": (
            figure_people,
            _("People gathered in the whole area, in the decisive hours"),
            _("How many people in all gatherings together were quiet, active and violent."),
            hourly_people_table,
        ),
        "crowds": (
            figure_crowds,
            _("Gatherings up close, the gravest of them"),
            _(
                "How many were quiet, active and violent in each; the strip below shows the "
                "situation's colour."
            ),
            count_table,
        ),
        "tension": (
            figure_tension,
            _("Tension by channel"),
            _("Mean tension of the villages in each channel, from 0 (calm) to 1."),
            people_tables.tension_table,
        ),
        "rumours": (
            figure_rumours,
            _("How far rumours came"),
            _("Share of all people who have heard each rumour, over the run."),
            outreach_tables.rumour_table,
        ),
        "harm": (
            figure_harm,
            _("The ledger with two sides"),
            _("People hurt by each cause: the public to the left, officers to the right."),
            people_tables.harm_table,
        ),
        "care": (
            figure_care,
            _("Until the hurt were cared for: mean steps"),
            _("A bar for each severity, split into the mean length of each step of care."),
            care_tables.care_table,
        ),
        "legitimacy": (
            figure_legitimacy,
            _("Legitimacy by camp"),
            _(
                "Mean legitimacy each camp grants the authorities (thick) and its lowest in any "
                "village (thin)."
            ),
            people_tables.legitimacy_table,
        ),
        "duty": (
            figure_duty,
            _("What the busiest units did"),
            _(
                "A line for each unit over the decisive hours: turning out, on the way, on the spot, "
                "on the way back, resting."
            ),
            unit_tables.busy_table,
        ),
    }


def _pictures(told: Dossier) -> dict[str, Picture]:
    pictures = {}
    for name, (draw, title, description, twin) in _drawings().items():
        figure = draw(told)
        if figure is not None:
            svg = svg_of(figure, f"fig-{name}", title, description)
            pictures[name] = Picture(title, description, svg, None if twin is None else twin(told))
    return pictures
