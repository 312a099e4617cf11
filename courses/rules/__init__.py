"""Pure rules shared by widgets, datasets and checks."""
