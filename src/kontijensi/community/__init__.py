"""The people between incidents: tension and legitimacy per village, observers, programmes."""
