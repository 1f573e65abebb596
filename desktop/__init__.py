"""The desktop app of one studio: works fully without a network and syncs later."""
