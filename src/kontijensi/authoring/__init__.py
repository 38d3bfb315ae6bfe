"""Writing scenarios from what planners have: sheets of stations and people, lists of injects, bundles."""
