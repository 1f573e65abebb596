"""The sync server: many studios, one Postgres; decides what the desktops propose."""
