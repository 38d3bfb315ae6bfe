"""`kontijensi roads build`: a road map made into a network file, and what was mended on the way."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kontijensi.cli import streams
from kontijensi.cli.asked import Asked
from kontijensi.cli.exits import Exit, Refusal
from kontijensi.vocabulary.words import _, number, percent, shown, visible

if TYPE_CHECKING:
    from kontijensi.world.network_files import Built

MUCH_LOST = 0.02
"""Share of the points in parts of their own from which on the way out is named."""


def build_roads(  # noqa: PLR0913 - one argument an option
    asked: Asked,
    *,
    map_file: Path,
    out: Path,
    box: str | None,
    join_m: str,
    join_crossings: bool,
    keep_largest: bool,
    limits: bool,
    as_json: bool,
) -> Exit:
    """Build a network file and tell the counts."""
    from kontijensi.world.network_files import BuildError, Order, build, network_text

    order = Order(map_file, _box(box), _metres(join_m), join_crossings, keep_largest, limits)
    try:
        built = build(order)
        _write(out, network_text(built, out.name))
    except BuildError as error:
        raise Refusal(Exit.FAILED, str(error)) from None
    if as_json:
        done = {"ok": True, "exit_code": 0, "map": str(map_file), "file": str(out), "box": list(built.box)}
        lengths = {str(word): round(length, 3) for word, length in built.length_km.items()}
        unknown = dict(built.unknown_classes)
        streams.answer(
            {**done, "counts": dict(built.counts), "length_km": lengths, "unknown_classes": unknown}
        )
        return Exit.DONE
    for label, n in _rows(built):
        click.echo(f"  {number(n):>9}  {label}")
    for line in _advice(built, keep_largest=keep_largest):
        click.echo(line)
    click.echo(_("Network file: {path}").format(path=visible(str(out), None)))
    click.echo(_("A scenario beside it names it as: roads: {{file: {name}}}").format(name=visible(out.name)))
    return Exit.DONE


def _box(text: str | None) -> tuple[float, float, float, float] | None:
    if text is None:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west = east = south = north = 0.0
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        message = _(
            "--bbox {value}: write WEST,SOUTH,EAST,NORTH in degrees, for example 110.5,-7.8,110.7,-7.6"
        )
        raise Refusal(Exit.USAGE, message.format(value=shown(text)))
    return west, south, east, north


def _metres(text: str) -> float:
    try:
        metres = float(text)
    except ValueError:
        metres = -1.0
    if not 0 <= metres <= 200:
        message = _("--join-m {value}: a distance from 0 to 200 metres")
        raise Refusal(Exit.USAGE, message.format(value=shown(text)))
    return metres


def _write(out: Path, content: bytes) -> None:
    """Write the file under another name first, so that a half-written network never bears its name."""
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        draft.write_bytes(content)
        draft.replace(out)
    except OSError as error:
        draft.unlink(missing_ok=True)
        message = _("{file}: cannot be written ({reason})")
        text = message.format(file=shown(str(out), 200), reason=error.strerror or error)
        raise Refusal(Exit.FAILED, text) from None


def _rows(built: Built) -> list[tuple[str, int]]:
    """Return what was found and mended, as label and number; what did not occur is left out."""
    labels = {
        "lines": _("roads read"),
        "not_driven": _("left out: paths, closed or unbuilt roads"),
        "no_line": _("left out: no line"),
        "bad_position": _("left out: positions that are no numbers"),
        "limit_not_read": _("speed limits that are no number: the class decides"),
        "swapped": _("latitude and longitude swapped: mended"),
        "outside_box": _("roads outside --bbox"),
        "zero_length": _("steps without length dropped"),
        "duplicates": _("stretches drawn twice dropped"),
        "self_loops": _("loops back to their own start dropped"),
        "loose_ends": _("ends that no other road touches"),
        "joined_to_points": _("of these joined to a point of another road"),
        "joined_to_lines": _("of these joined to another road between its points"),
        "crossings": _("crossings without a common point (bridges, or not joined)"),
        "crossings_joined": _("of these joined"),
        "points": _("points at which roads bend, meet or end"),
        "parts": _("parts that no road joins"),
        "points_in_small_parts": _("points outside the largest part"),
        "one_way_traps": _("points that one-way roads let in or out only"),
        "points_dropped": _("points dropped by --keep-largest"),
        "one_way": _("one-way stretches"),
        "nodes": _("nodes"),
        "stretches": _("stretches"),
    }
    always = {"lines", "parts", "nodes", "stretches"}
    return [(labels[key], n) for key, n in built.counts.items() if n or key in always]


def _advice(built: Built, *, keep_largest: bool) -> list[str]:
    lines = []
    lengths = ", ".join(f"{word} {number(round(km))} km" for word, km in built.length_km.items())
    lines.append(_("Length: {lengths}").format(lengths=lengths))
    if built.unknown_classes:
        words = ", ".join(visible(word, 30) for word in sorted(built.unknown_classes)[:8])
        lines.append(
            _("Taken for local roads, because their class is not known: {words}").format(words=words)
        )
    lost = built.counts["points_in_small_parts"] / built.counts["points"]
    if lost > MUCH_LOST and not keep_largest:
        advice = _(
            "{share} of the points are not joined to the largest part: a larger --join-m or --join-crossings "
            "may mend a hand-drawn map; --keep-largest drops what stays apart."
        )
        lines.append(advice.format(share=percent(lost)))
    return lines
