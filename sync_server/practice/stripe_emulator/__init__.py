"""A Stripe for practice: a process of its own that keeps every account and calls nobody but us."""
