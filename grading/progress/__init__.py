"""Who has completed what, counted per unit and module."""
