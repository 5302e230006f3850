"""What the demo's hosts find when they sign in: an account with a life, and an empty one."""
