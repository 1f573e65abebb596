"""The pieces that pages are made of; each paints from the theme it is handed and knows no data of its own."""
