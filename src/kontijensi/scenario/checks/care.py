"""Casualties and fires: whether anybody can come for them, and whether there is anywhere to bring them."""

from __future__ import annotations

from collections.abc import Iterator

from kontijensi.scenario.checks.survey import Survey
from kontijensi.scenario.problems import Path, Problem, some
from kontijensi.scenario.schema.area import Place, PlaceKind
from kontijensi.scenario.schema.force import Capability, UnitType
from kontijensi.scenario.schema.storyline import Injure, SetFire
from kontijensi.vocabulary.words import _, ngettext, shown


def check(survey: Survey) -> Iterator[Problem]:
    """Find casualties nobody can carry or take in, and fires nobody can fight."""
    yield from _without_care(survey)
    if survey.file.medical is not None:
        yield from _carriers(survey)
        yield from _hospitals(survey)
    yield from _only_for_hospitals(survey)
    yield from _fires(survey)
    yield from _stages(survey)
    yield from _larger_than_the_fleet(survey)


def called_for(survey: Survey) -> frozenset[Capability]:
    """Return the capabilities that casualties and fires call for."""
    medical = {Capability.MEDICAL} if survey.file.medical is not None else set()
    fire = {Capability.FIRE} if next(_fire_causes(survey), None) is not None else set()
    return frozenset(medical | fire)


def _effects(survey: Survey) -> Iterator[tuple[Path, object]]:
    for key, trigger in survey.file.triggers.items():
        for i, effect in enumerate(trigger.effects):
            yield ("triggers", key, "effects", i), effect


def _fire_causes(survey: Survey) -> Iterator[Path]:
    yield from (path for path, effect in _effects(survey) if isinstance(effect, SetFire))
    if survey.file.fires.from_red > 0:
        yield ("fires", "from_red")


def _with(survey: Survey, capability: Capability) -> list[UnitType]:
    """Return the types of the units, of the roster or of help, that have a capability."""
    return [
        kind for _path, kind, count, _base in survey.roster() if count and capability in kind.capabilities
    ]


def _without_care(survey: Survey) -> Iterator[Problem]:
    """Find casualties in a scenario that does not say what becomes of them."""
    if survey.file.medical is not None:
        return
    for key, calls in survey.file.calls.items():
        if calls.transport is not None:
            yield survey.error(
                ("calls", key, "transport"),
                _("nobody can be carried: the scenario has no section `medical`"),
                fix=_("Write `medical: {}` to carry casualties by its defaults."),
            )
    for path, effect in _effects(survey):
        if isinstance(effect, Injure):
            yield survey.warning(
                (*path, "do"),
                _("people are hurt here, but the scenario has no section `medical`"),
                why=_("They are counted as harm, and nobody comes for them."),
                fix=_("Write `medical: {}` to care for them by its defaults."),
            )


def _carriers(survey: Survey) -> Iterator[Problem]:
    crews = _with(survey, Capability.MEDICAL)
    if not crews:
        yield survey.warning(
            ("medical",),
            _("casualties may arise, but nobody on the roster can do {capability}").format(
                capability=shown(Capability.MEDICAL.value)
            ),
            why=_("Whoever is hurt waits to the end of the rehearsal."),
            fix=_("Add units with the capability `medical` to `units`, and let some of them carry."),
            key=True,
        )
    elif not any(kind.carries for kind in crews):
        yield survey.warning(
            ("medical",),
            _("no medical unit on the roster carries anybody"),
            why=_("The moderately and severely hurt wait to the end of the rehearsal."),
            fix=_("Write `carries: 1` in the unit type of an ambulance."),
            key=True,
        )


def _places(survey: Survey) -> dict[str, Place]:
    return {k: p for k, p in survey.file.area.places.items() if p.kind is PlaceKind.HOSPITAL}


def _hospitals(survey: Survey) -> Iterator[Problem]:
    hospitals = _places(survey)
    if not hospitals:
        yield survey.warning(
            ("medical",),
            _("there is no place of the kind `hospital`"),
            why=_("Whoever must be carried is taken out of the area, and counts as turned away."),
            fix=_("Add one to `area.places` with its `beds`."),
            key=True,
        )
        return
    for key, place in hospitals.items():
        if place.no_road:
            yield survey.warning(
                ("area", "places", key),
                _("no road leads to this hospital"),
                why=_("No casualty is ever brought there."),
                fix=_("Remove `no_road`, or give it another kind."),
                key=True,
            )
    reached = {key: place for key, place in hospitals.items() if not place.no_road}
    unknown = [key for key, place in reached.items() if place.beds is None]
    if unknown:
        n = len(unknown)
        yield survey.warning(
            ("area", "places", unknown[0]),
            ngettext(
                "{n} hospital without `beds`: {places}", "{n} hospitals without `beds`: {places}", n
            ).format(n=n, places=some(unknown)),
            why=_("It takes everyone who is brought, so a shortage of beds cannot show."),
            fix=_("Write how many beds are free for casualties."),
            key=True,
        )
    if reached and all(place.beds == 0 for place in reached.values()):
        yield survey.warning(
            ("medical",),
            _("no hospital has a bed"),
            why=_("Whoever must be carried is turned away."),
            fix=_("Write in `beds` how many are free for casualties."),
            key=True,
        )
    elif reached and all(place.treats_up_to != "severe" for place in reached.values()):
        yield survey.warning(
            ("medical",),
            _("no hospital treats the severely hurt"),
            why=_("They are taken out of the area, and count as turned away."),
            fix=_("Write `treats_up_to: severe` at a hospital that does."),
            key=True,
        )


def _only_for_hospitals(survey: Survey) -> Iterator[Problem]:
    for key, place in survey.file.area.places.items():
        if place.kind is not PlaceKind.HOSPITAL and place.beds is not None:
            yield survey.warning(
                ("area", "places", key, "beds"),
                _("`beds` has no meaning at a place that is no hospital"),
                fix=_("Write `kind: hospital`, or remove `beds`."),
            )


def _fires(survey: Survey) -> Iterator[Problem]:
    causes = list(_fire_causes(survey))
    if not causes:
        return
    crews = _with(survey, Capability.FIRE)
    if not crews:
        for path in causes:
            yield survey.warning(
                (*path, "do") if path[0] == "triggers" else path,
                _("fires may begin, but nobody on the roster can do {capability}").format(
                    capability=shown(Capability.FIRE.value)
                ),
                why=_("They burn until nothing is left."),
                fix=_("Add units with the capability `fire` and a `stock` of water to `units`."),
            )
    elif not any(kind.stock.get("water", 0.0) > 0 for kind in crews):
        yield survey.warning(
            causes[0],
            _("no fire unit on the roster carries water"),
            why=_("They are never sent, and fires burn until nothing is left."),
            fix=_("Write `stock: {water: 3000}` (litres) in their unit type."),
        )


def _stages(survey: Survey) -> Iterator[Problem]:
    stages = len(survey.file.fires.stages)
    for path, effect in _effects(survey):
        if isinstance(effect, SetFire) and effect.most_stage is not None and effect.most_stage > stages:
            yield survey.error(
                (*path, "most_stage"),
                _("there is no stage {stage}: `fires.stages` has {n}").format(
                    stage=effect.most_stage, n=stages
                ),
            )


def _larger_than_the_fleet(survey: Survey) -> Iterator[Problem]:
    """Find the first stage of a fire that calls for more fire units with water than there are."""
    causes = list(_fire_causes(survey))
    there = sum(
        count
        for _path, kind, count, _base in survey.roster()
        if Capability.FIRE in kind.capabilities and kind.stock.get("water", 0.0) > 0
    )
    furthest = [effect.most_stage for _path, effect in _effects(survey) if isinstance(effect, SetFire)]
    grows_on = survey.file.fires.from_red > 0 or None in furthest
    stages = survey.file.fires.stages[: None if grows_on else max(filter(None, furthest), default=None)]
    first = next((i for i, stage in enumerate(stages) if stage.units > there), None)
    if causes and there and first is not None:
        written = survey.written("fires", "stages")
        yield survey.warning(
            ("fires", "stages", first) if written else causes[0],
            _(
                "formation larger than the fleet: stage {stage} of a fire calls for {wanted} units with "
                "{capability}, roster and help have {there}"
            ).format(
                stage=first + 1,
                wanted=stages[first].units,
                capability=shown(Capability.FIRE.value),
                there=there,
            ),
            why=_("A fire that grows to it has no full formation, and counts as never answered."),
            fix=_("Ask for fewer, or add units to `units`."),
        )
