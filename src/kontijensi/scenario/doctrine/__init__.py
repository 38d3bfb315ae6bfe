"""The doctrine of Indonesian election security as data: a catalogue of unit types and stages to copy from."""
