"""An invented city at work: officials, their answers, and the run that grades them."""
