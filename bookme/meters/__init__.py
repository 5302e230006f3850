"""What the processes of a machine count while they work, for ``/metrics`` (bookme.metrics)."""
