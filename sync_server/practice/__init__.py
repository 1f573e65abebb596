"""What a studio needs to be tried out on one machine: database, card network, mail and clock of its own."""
