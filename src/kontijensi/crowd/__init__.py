"""Crowds: members as arrays, the compiled rule they follow, and the ground they stand on."""

from kontijensi.crowd.conduct import CampTraits, Conduct, Joining, Party, Sample, Tally
from kontijensi.crowd.ground import Ground
from kontijensi.crowd.harm import Cause, Severity
from kontijensi.crowd.masses import Masses

__all__ = [
    "CampTraits",
    "Cause",
    "Conduct",
    "Ground",
    "Joining",
    "Masses",
    "Party",
    "Sample",
    "Severity",
    "Tally",
]
