"""Figures, each beside a baseline of the same run: ``make bench``. The only suite that judges speed."""
