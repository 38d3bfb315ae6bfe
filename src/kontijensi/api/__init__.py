"""The handles a Python user holds: Scenario, Run and Sweep."""
