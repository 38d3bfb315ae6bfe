"""Tension and legitimacy per village, rumour between villages, programmes and observers."""
