"""Department reports as HTML and XLSX."""
