"""Where buttons lead: a flow asks for rows, opens a dialog, and hands the draft to a command."""
