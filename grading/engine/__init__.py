"""Judge answers and grade submissions."""
