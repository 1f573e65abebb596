"""One suite that holds each stand-in to the thing it stands for."""
