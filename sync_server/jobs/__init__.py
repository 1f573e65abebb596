"""Due rows, taken by the clock: one file a job, no rule of the studio decided here."""
