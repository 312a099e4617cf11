"""The only part that opens the database."""
