"""Pictures, films and the Mesa model of one crowd; the page itself where solara is installed."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

from kontijensi.crowd import CampTraits, Ground, Joining, Masses
from kontijensi.crowd.site_model import SLIDERS, SiteModel
from kontijensi.crowd.viewing import animate, film, page, picture
from kontijensi.scenario.schema.crowd import CrowdParameters


def crowd() -> tuple[Masses, int, Ground]:
    ground = Ground.rectangle(30, 30, enclosed=True)
    masses = Masses(CrowdParameters(), 2)
    slot = masses.open(ground, [CampTraits(0.4)] * 2, 1)
    for camp in (0, 1):
        masses.join(slot, Joining(camp, 60), at="spread")
    return masses, slot, ground


def test_a_picture_shows_everybody_on_the_ground() -> None:
    masses, slot, ground = crowd()
    frames = film(masses, slot, 12, every=4)
    assert [frame.time_s for frame in frames] == [20.0, 40.0, 60.0]
    axes = picture(ground, frames[-1])
    drawn = sum(len(marks.get_offsets()) for marks in axes.collections)
    assert drawn == frames[-1].sample.state.size > 0
    assert axes.get_ylim()[0] > axes.get_ylim()[1]
    plt.close(axes.figure)


def test_a_film_is_animated_and_saved(tmp_path: Path) -> None:
    masses, slot, ground = crowd()
    animation = animate(ground, film(masses, slot, 3))
    animation.save(tmp_path / "crowd.gif", writer="pillow")
    assert (tmp_path / "crowd.gif").stat().st_size > 1000
    plt.close("all")
    with pytest.raises(ValueError, match="no frames"):
        animate(ground, [])


def test_mesas_data_collector_follows_the_crowd() -> None:
    model = SiteModel(seed=3, people=200, legitimacy=0.5, officers=20, water=True)
    for _ in range(24):
        model.step()
    counts = model.datacollector.get_model_vars_dataframe()
    assert len(counts) == 25
    assert counts["active"].max() > 0
    assert np.isclose(counts["legitimacy"].iloc[-1], model.frame.tally.traits[0].legitimacy)
    assert counts["legitimacy"].iloc[-1] < 0.5
    with pytest.raises(ValueError, match="horses: not among people"):
        SiteModel(horses=3)


@pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("solara", "networkx")),
    reason="the extra notebooks is not installed",
)
@pytest.mark.filterwarnings("ignore")  # of Solara about Mesa's own code
def test_the_page_is_drawn() -> None:
    import solara
    from mesa.visualization.solara_viz import _check_model_params

    _box, rendered = solara.render(page(), handle_error=False)
    rendered.close()
    # Where the page is served this check runs as well, and what it refuses stands in place of the page.
    _check_model_params(SiteModel.__init__, SLIDERS)
