"""The calendar: pure geometry, painted grids, and the page around them."""
