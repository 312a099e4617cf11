"""What runs inside the sandbox. These files are copied out and run alone: they import nothing of ours but `answers`."""
