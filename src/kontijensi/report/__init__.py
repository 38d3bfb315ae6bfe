"""Tables, figures and documents drawn from a run folder."""
