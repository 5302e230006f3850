"""``make scan``: what a review asks to see of static and of dynamic tests, as one report."""
