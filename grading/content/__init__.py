"""Read, build, stage and prove courses and exercises."""
