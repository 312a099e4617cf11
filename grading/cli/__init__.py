"""The command hocvu."""
