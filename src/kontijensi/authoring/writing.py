"""Values as YAML that the strict reader reads back unchanged."""

from __future__ import annotations

from typing import Any

import yaml

from kontijensi.scenario.yaml_scalars import resolve


class _Dumper(yaml.SafeDumper):
    """Quotes whatever the strict reader would take for something other than text."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write every value out: readers of spreadsheets and scenarios expect no anchors."""
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = None if value and resolve(value) == value else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def on_one_line(value: Any) -> str:
    """Return a value as YAML on one line: `2 h`, `[a, b]`, `{size: 60, stays: 2 h}`."""
    text = yaml.dump(
        value, Dumper=_Dumper, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**9
    )
    return text.removesuffix("\n").removesuffix("\n...")


def as_block(value: Any, indent: int = 0) -> str:
    """Return a mapping or list as YAML over several lines, each indented by so many blanks."""
    text = yaml.dump(
        value, Dumper=_Dumper, default_flow_style=False, sort_keys=False, allow_unicode=True, width=100
    )
    margin = " " * indent
    return "".join(f"{margin}{line}" if line.strip() else line for line in text.splitlines(keepends=True))
