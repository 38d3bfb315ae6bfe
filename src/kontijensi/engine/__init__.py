"""The engine: wires the agents to the one SimPy clock and runs them."""

from kontijensi.engine.operation import Operation

__all__ = ["Operation"]
