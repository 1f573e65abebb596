"""Parse, call one service, answer: a route decides nothing."""
