"""Looking at one crowd: a picture, an animation, and a page in Mesa's own viewer.

matplotlib and Mesa are imported when something is drawn; the page needs the extra `notebooks` besides.
Colours are told apart by lightness as well, and camps by the shape of the mark.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kontijensi.crowd.conduct import Sample, Tally
from kontijensi.crowd.ground import EXIT, GATE, WALL, Ground
from kontijensi.crowd.legend import STATE_WORDS
from kontijensi.crowd.masses import Masses

if TYPE_CHECKING:
    from matplotlib.animation import FuncAnimation
    from matplotlib.axes import Axes

STATE_COLOURS: Final = ("#9ecae1", "#fd8d3c", "#7f0000")
CAMP_MARKS: Final = ("o", "s", "^", "D", "v", "P", "X", "*")
GROUND_COLOURS: Final = {WALL: "#444444", GATE: "#2ca25f", EXIT: "#dddddd"}


@dataclass(frozen=True, slots=True)
class Frame:
    """One moment of a crowd."""

    time_s: float
    sample: Sample
    tally: Tally


def film(masses: Masses, slot: int, ticks: int, dt_s: float = 5.0, every: int = 1) -> list[Frame]:
    """Advance all sites by `ticks` ticks and keep every `every`-th moment of one."""
    if ticks < 1 or every < 1:
        msg = f"film: ticks {ticks}, every {every}; both at least 1"
        raise ValueError(msg)
    frames = []
    for tick in range(1, ticks + 1):
        masses.tick(dt_s)
        if tick % every == 0:
            frames.append(Frame(tick * dt_s, masses.sample(slot), masses.tally(slot)))
    return frames


def picture(ground: Ground, frame: Frame, ax: Axes | None = None) -> Axes:
    """Draw one moment: the ground from above, north at the top, and everybody on it by camp and state."""
    import matplotlib.pyplot as plt
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle

    axes = plt.subplots(figsize=(6, 6))[1] if ax is None else ax
    axes.clear()
    for kind, colour in GROUND_COLOURS.items():
        for row, col in np.argwhere(ground.kind == kind):
            corner = (float(col) * ground.cell_m, float(row) * ground.cell_m)
            axes.add_patch(Rectangle(corner, ground.cell_m, ground.cell_m, color=colour, linewidth=0))
    sample = frame.sample
    for camp in np.unique(sample.camp):
        for state, colour in enumerate(STATE_COLOURS):
            chosen = (sample.camp == camp) & (sample.state == state)
            axes.scatter(
                sample.x_m[chosen],
                sample.y_m[chosen],
                s=9,
                c=colour,
                marker=CAMP_MARKS[int(camp)],
                linewidths=0,
            )
    marks = [
        Line2D([], [], color=colour, marker="o", linestyle="", label=word)
        for word, colour in zip(STATE_WORDS, STATE_COLOURS, strict=False)
    ]
    axes.legend(handles=marks, loc="lower center", ncols=len(marks))
    axes.set(
        xlim=(0, ground.width * ground.cell_m),
        ylim=(ground.depth * ground.cell_m, 0),
        aspect="equal",
        xlabel="m",
        ylabel="m",
        title=_caption(frame),
    )
    return axes


def _caption(frame: Frame) -> str:
    tally = frame.tally
    counts = zip(STATE_WORDS, (tally.quiet, tally.active, tally.violent), strict=False)
    return f"{frame.time_s / 60:.1f} min: " + ", ".join(f"{count} {word}" for word, count in counts)


def animate(ground: Ground, frames: Sequence[Frame], interval_ms: int = 120) -> FuncAnimation:
    """Make an animation of a film; a notebook shows its `to_jshtml()`, and `save(path)` keeps it."""
    import matplotlib.pyplot as plt
    from matplotlib.animation import FuncAnimation as Animation

    if not frames:
        msg = "animate: no frames; make some with film()"
        raise ValueError(msg)
    figure, axes = plt.subplots(figsize=(6, 6))

    def draw(number: int) -> list[Any]:
        return [picture(ground, frames[number], axes)]

    return Animation(figure, draw, frames=len(frames), interval=interval_ms, blit=False)


def page() -> Any:
    """Make the page of one crowd in Mesa's viewer.

    Serve it with `solara run` on a file that says `Page = page()`; needs `pip install kontijensi[notebooks]`.
    """
    from mesa.visualization import SolaraViz, make_plot_component
    from mesa.visualization.utils import update_counter

    from kontijensi.crowd.site_model import SLIDERS, SiteModel

    solara: Any = importlib.import_module("solara")
    component: Callable[[Callable[[SiteModel], None]], Any] = solara.component

    @component  # as a decorator: Solara cannot read the source of a component made in another way
    def ground_from_above(model: SiteModel) -> None:
        from matplotlib.figure import Figure

        update_counter.get()
        figure = Figure(figsize=(6.4, 4.8))  # as large as the plots beside it
        picture(model.ground, model.frame, figure.subplots())
        solara.FigureMatplotlib(figure)

    return SolaraViz(
        SiteModel(),
        components=[
            ground_from_above,
            make_plot_component(["active", "violent"]),
            make_plot_component("legitimacy"),
        ],
        model_params=SLIDERS,
        name="One crowd",
    )
