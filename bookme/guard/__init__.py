"""What strangers may do how often, and what a host does about those who do it too often."""
