"""Road maps of other programs, made into a network file that a scenario can name in `area.roads.file`."""

from kontijensi.world.network_files.build import Built, Order, build, network_text
from kontijensi.world.network_files.maps import BuildError

__all__ = ["BuildError", "Built", "Order", "build", "network_text"]
