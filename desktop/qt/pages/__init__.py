"""One page per file: handed its collaborators, told its rows, says by signals what people want."""
