"""The `crowd:` section: every number of the crowd rule, with its meaning, range, evidence grade and source.

Rates are per minute or per hour because that is how planners say them; the rule converts them once.
No source gives success rates of negotiation, effects of gas or water, or growth of crowds: those parameters
are graded `assumed` and are meant to be swept.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from kontijensi.scenario.schema.sections import Grade, Section, parameter
from kontijensi.vocabulary.words import N_, _

EPSTEIN = "Epstein 2002, Modeling civil violence"
WEIDMANN = "Weidmann 1993, Transporttechnik der Fussgaenger"
HAAR = N_("Haar et al. 2017, irritant injuries among those recorded as injured")
FRUIN = N_("Fruin 1993; Still 2014, on crowd crush")
ESIM = N_("Reicher 1996; Drury and Reicher 2000, elaborated social identity model (direction only)")
GRANOVETTER = N_("Granovetter 1978, threshold models (form only)")


class CrowdParameters(Section):
    """How members of a crowd decide, move, get hurt and answer to what responders do."""

    ratio: Literal["floor", "round", "raw"] = Field(
        "round",
        json_schema_extra={
            "unit": "-",
            "grade": Grade.LITERATURE.value,
            "source": "NetLogo, Mesa, Epstein 2002",
        },
    )
    """How officers per protester is read: whole numbers (`floor`, `round`) give bursts, `raw` gives none."""

    k: float = parameter(2.3, unit="-", low=0.0, high=20.0, grade=Grade.LITERATURE, source=EPSTEIN)
    """How fast the perceived chance of arrest grows with officers per protester; raising it deters more."""
    threshold: float = parameter(0.1, unit="-", low=0.0, high=1.0, grade=Grade.LITERATURE, source=EPSTEIN)
    """How far grievance must exceed perceived risk before a member turns active; raising it calms all."""
    threshold_floor: float = parameter(0.01, unit="-", low=1e-6, high=0.5)
    """No influence lowers a member's threshold below this, so people without grievance never act."""
    vision_m: float = parameter(10.0, unit="m", low=2.0, high=60.0)
    """How far a member sees to each side; raising it makes moods spread faster over the site."""
    reconsider_s: float = parameter(15.0, unit="s", low=1.0, high=600.0)
    """Mean time between two decisions of one member; raising it slows every turn of mood."""

    instigator_push: float = parameter(0.06, unit="-", low=0.0, high=0.5)
    """How much lower an instigator's own threshold is; raising it makes instigators start sooner."""
    instigator_pull: float = parameter(0.06, unit="-", low=0.0, high=0.5)
    """How much active instigators in sight lower others' threshold, times (1 + shared identity)."""
    instigator_span: float = parameter(20.0, unit="persons", low=1.0, high=200.0)
    """How many people one active instigator can carry along; raising it spreads the pull wider."""
    bystander_reserve: float = parameter(0.2, unit="-", low=0.0, high=1.0)
    """How much higher a bystander's threshold is; raising it keeps onlookers out."""
    marshal_calm: float = parameter(0.15, unit="-", low=0.0, high=1.0, source=ESIM)
    """How much marshals in sight raise others' threshold, times legitimacy and (1 - shared identity)."""
    marshal_span: float = parameter(25.0, unit="persons", low=1.0, high=200.0)
    """How many people one marshal can hold; raising it makes self-policing go further."""
    identity_pull: float = parameter(0.08, unit="-", low=0.0, high=0.5, source=ESIM)
    """How much full shared identity against the police lowers the threshold."""
    rivalry: float = parameter(0.04, unit="-", low=0.0, high=0.5)
    """How much active people of a rival camp in sight lower the threshold."""

    violence_threshold: float = parameter(0.7, unit="-", low=0.0, high=2.0)
    """Middle of the members' second thresholds, from active to violent; raising it makes violence rarer."""
    violence_spread: float = parameter(0.35, unit="-", low=0.0, high=1.0, source=GRANOVETTER)
    """Half-width of the members' second thresholds around it; raising it brings first stones sooner."""
    social_proof: float = parameter(0.3, unit="-", low=0.0, high=2.0, source=GRANOVETTER)
    """How much violent people among the active ones in sight add to readiness for violence."""
    anger_violence: float = parameter(0.25, unit="-", low=0.0, high=2.0)
    """How much a member's own anger adds to readiness for violence."""
    identity_violence: float = parameter(0.15, unit="-", low=0.0, high=2.0, source=ESIM)
    """How much shared identity against the police adds to readiness for violence."""
    instigator_violence: float = parameter(1.0, unit="-", low=0.0, high=5.0)
    """Extra weight of an instigator's own excess grievance in readiness for violence."""
    rivalry_violence: float = parameter(0.2, unit="-", low=0.0, high=2.0)
    """How much violent people of a rival camp in sight add to readiness for violence."""
    anger_per_min: float = parameter(0.5, unit="1/min", low=0.0, high=10.0)
    """How fast force that lands on someone who is not violent turns his fear into anger."""
    anger_decay_min: float = parameter(30.0, unit="min", low=1.0, high=600.0)
    """Time for a member's anger to fall to a third."""
    contain_anger_per_min: float = parameter(0.04, unit="1/min", low=0.0, high=5.0)
    """How fast anger grows in someone who wants to leave and is not let out."""

    eta_f_per_min: float = parameter(0.05, unit="1/min", low=0.0, high=2.0)
    """Legitimacy lost per minute of full force that lands only on people who are not violent."""
    eta_n_per_min: float = parameter(0.004, unit="1/min", low=0.0, high=1.0)
    """Legitimacy won per minute of full dialogue while no force is misdirected."""
    tau_l_min: float = parameter(90.0, unit="min", low=1.0, high=10000.0)
    """Time for legitimacy to return most of the way to what it was at opening."""
    kappa_per_min: float = parameter(0.15, unit="1/min", low=0.0, high=5.0, source=ESIM)
    """Growth per minute of shared identity against the police under full misdirected force."""
    tau_s_min: float = parameter(60.0, unit="min", low=1.0, high=10000.0)
    """Time for shared identity against the police to fall to a third once force stops."""

    force_push: float = parameter(0.35, unit="-", low=0.0, high=1.0)
    """Intensity of a pushing line, from 0 (nothing) to 1 (the harshest means)."""
    force_water: float = parameter(0.4, unit="-", low=0.0, high=1.0)
    """Intensity of water on the same scale."""
    force_irritant: float = parameter(0.7, unit="-", low=0.0, high=1.0)
    """Intensity of irritant on the same scale."""
    force_arrest: float = parameter(0.2, unit="-", low=0.0, high=1.0)
    """Intensity of arrests on the same scale."""
    force_contain: float = parameter(0.15, unit="-", low=0.0, high=1.0)
    """Intensity of being held in without a way out, on the same scale."""
    water_cover: float = parameter(0.3, unit="-", low=0.0, high=1.0)
    """Share of the time a person within reach of the jet is under it."""

    line_spacing_m: float = parameter(
        1.0, unit="m", low=0.4, high=5.0, grade=Grade.EXPERT, source=N_("drill practice")
    )
    """Width of line one officer holds; raising it lets the same officers close more ground, more thinly."""
    line_standoff_m: float = parameter(6.0, unit="m", low=1.0, high=100.0)
    """Distance from the protected gate at which a line first stands."""
    push_mps: float = parameter(0.3, unit="m/s", low=0.0, high=2.0)
    """Speed of a pushing line while there is room ahead of it."""
    push_halt_pm2: float = parameter(4.0, unit="1/m2", low=0.5, high=7.0)
    """Density ahead of a pushing line at which it stops; raising it presses people harder."""
    contact_m: float = parameter(4.0, unit="m", low=1.0, high=20.0)
    """Depth of the strip in front of a pushing line in which people are touched."""
    water_reach_m: float = parameter(30.0, unit="m", low=5.0, high=70.0)
    """Reach of the jet ahead of the line."""
    water_lps: float = parameter(15.0, unit="l/s", low=1.0, high=60.0)
    """Water used per second while the jet is on."""
    irritant_radius_m: float = parameter(12.0, unit="m", low=2.0, high=60.0)
    """Radius of the plume around where rounds land."""
    irritant_rounds_per_min: float = parameter(2.0, unit="1/min", low=0.1, high=30.0)
    """Rounds used per minute while irritant is allowed."""
    irritant_stand_share: float = parameter(0.15, unit="-", low=0.0, high=1.0)
    """Share of people, the least afraid, who can act on inside a plume; all others run from it."""
    irritant_clear_min: float = parameter(4.0, unit="min", low=0.2, high=60.0)
    """Time for the plume to thin to a third in the open."""
    irritant_enclosed_factor: float = parameter(4.0, unit="-", low=1.0, high=20.0)
    """How many times longer the plume stays between walls."""

    arrest_per_officer_min: float = parameter(0.02, unit="1/min", low=0.0, high=1.0)
    """Arrests one officer in sight makes per minute when arrests are ordered."""
    arrest_error_share: float = parameter(0.05, unit="-", low=0.0, high=1.0)
    """Share of arrests meant for the violent that take someone active but not violent."""

    violence_harm_per_min: float = parameter(0.01, unit="1/min", low=0.0, high=1.0)
    """Injuries one violent member causes per minute."""
    officer_target_share: float = parameter(0.5, unit="-", low=0.0, high=1.0)
    """Share of a violent member's attacks that go to officers when he sees any."""
    own_camp_harm_share: float = parameter(0.1, unit="-", low=0.0, high=1.0)
    """Weight of a violent member as a danger to his own camp, where 1 is the danger to a rival camp."""
    baton_harm_per_min: float = parameter(0.01, unit="1/min", low=0.0, high=1.0)
    """Chance per minute of an injury in contact with a pushing line."""
    water_harm_per_min: float = parameter(0.002, unit="1/min", low=0.0, high=1.0)
    """Chance per minute of an injury under the jet."""
    irritant_harm_per_min: float = parameter(0.003, unit="1/min", low=0.0, high=1.0)
    """Chance per minute of a recorded injury in a full plume."""
    irritant_moderate_share: float = parameter(
        0.17, unit="-", low=0.0, high=1.0, grade=Grade.LITERATURE, source=HAAR
    )
    """Share of recorded irritant injuries that are moderate; it splits injuries and makes none."""
    irritant_severe_share: float = parameter(
        0.09, unit="-", low=0.0, high=1.0, grade=Grade.LITERATURE, source=HAAR
    )
    """Share of recorded irritant injuries that are severe; it splits injuries and makes none."""
    arrest_harm_share: float = parameter(0.05, unit="-", low=0.0, high=1.0)
    """Share of arrests in which the arrested person is hurt."""
    moderate_share: float = parameter(0.15, unit="-", low=0.0, high=1.0)
    """Share of all other injuries that are moderate."""
    severe_share: float = parameter(0.05, unit="-", low=0.0, high=1.0)
    """Share of all other injuries that are severe, deaths included."""
    crush_pm2: float = parameter(5.5, unit="1/m2", low=3.0, high=10.0, grade=Grade.LITERATURE, source=FRUIN)
    """Density above which people start to be crushed."""
    crush_per_min: float = parameter(0.006, unit="1/min", low=0.0, high=5.0)
    """Chance per minute of a crush injury for each person per square metre above the crush density."""
    crush_irritant_factor: float = parameter(4.0, unit="-", low=1.0, high=50.0)
    """How many times deadlier a crush is inside a full plume."""
    crush_severe_share: float = parameter(0.3, unit="-", low=0.0, high=1.0)
    """Share of crush injuries that are severe, deaths included."""

    calm_leave_per_h: float = parameter(0.25, unit="1/h", low=0.0, high=60.0)
    """Rate at which quiet people go home of their own accord, times legitimacy."""
    controlled_leave_per_h: float = parameter(6.0, unit="1/h", low=0.0, high=240.0)
    """Rate at which people go home once the crowd has decided or agreed to disperse."""
    violent_leave_share: float = parameter(0.2, unit="-", low=0.0, high=1.0)
    """Share of that rate at which the violent go home too."""
    fatigue_leave_per_h: float = parameter(0.3, unit="1/h", low=0.0, high=60.0)
    """Rate at which anyone goes home after `fatigue_h` hours; it grows in proportion to the time stood."""
    fatigue_h: float = parameter(4.0, unit="h", low=0.1, high=48.0)
    """Time after which the fatigue rate is reached."""
    flight_per_min: float = parameter(0.15, unit="1/min", low=0.0, high=20.0)
    """Rate at which fearful people under full force give up and run home; anger lowers it."""

    regroup_per_min: float = parameter(0.15, unit="1/min", low=0.0, high=20.0)
    """Rate at which people who ran off decide, once force is over, whether to come back or go home."""
    flight_memory: float = parameter(0.2, unit="-", low=0.0, high=1.0)
    """Risk that people who ran off still feel when they decide whether to come back; anger wipes it out."""

    free_speed_mps: float = parameter(
        1.34, unit="m/s", low=0.1, high=3.0, grade=Grade.MEASURED, source=WEIDMANN
    )
    """Walking speed on free ground."""
    speed_gamma_pm2: float = parameter(
        1.913, unit="1/m2", low=0.1, high=10.0, grade=Grade.MEASURED, source=WEIDMANN
    )
    """Shape of the fall of speed with density."""
    jam_pm2: float = parameter(5.4, unit="1/m2", low=1.0, high=10.0, grade=Grade.MEASURED, source=WEIDMANN)
    """Density at which walking stops."""
    exit_flow_pmps: float = parameter(
        1.225, unit="1/m/s", low=0.1, high=3.0, grade=Grade.MEASURED, source=WEIDMANN
    )
    """Most people that pass one metre of exit in a second."""
    creep_mps: float = parameter(0.05, unit="m/s", low=0.0, high=0.5)
    """Speed at which a pressed crowd still shuffles in a jam."""
    max_pm2: float = parameter(7.0, unit="1/m2", low=2.0, high=10.0, grade=Grade.LITERATURE, source=FRUIN)
    """Most people a square metre can hold: the capacity of a cell."""
    quiet_pm2: float = parameter(2.0, unit="1/m2", low=0.2, high=7.0)
    """Density beyond which quiet people do not press on."""
    active_pm2: float = parameter(3.5, unit="1/m2", low=0.2, high=7.0)
    """Density beyond which active people do not press on; the violent do to the jam density, people in
    flight who are held in to capacity."""
    bystander_gap_m: float = parameter(14.0, unit="m", low=0.0, high=200.0)
    """Distance bystanders keep from the gate."""
    restless_s: float = parameter(40.0, unit="s", low=1.0, high=3600.0)
    """Mean time before someone standing still looks for a better place."""

    @model_validator(mode="after")
    def _shares_fit(self) -> Self:
        """Shares of one whole may not exceed it, and the densities must stand in order."""
        for moderate, severe in (
            ("irritant_moderate_share", "irritant_severe_share"),
            ("moderate_share", "severe_share"),
        ):
            total = getattr(self, moderate) + getattr(self, severe)
            if total > 1.0:
                raise ValueError(
                    _("{moderate} + {severe} = {total:g}: shares of one whole; at most 1").format(
                        moderate=moderate, severe=severe, total=total
                    )
                )
        if not self.quiet_pm2 <= self.active_pm2 <= self.max_pm2:
            raise ValueError(
                _(
                    "quiet_pm2 {quiet:g}, active_pm2 {active:g}, max_pm2 {most:g}: "
                    "must not fall from left to right"
                ).format(quiet=self.quiet_pm2, active=self.active_pm2, most=self.max_pm2)
            )
        return self
