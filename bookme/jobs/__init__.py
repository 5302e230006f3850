"""What touches the outside world: jobs that may run at any moment, twice, or never."""
