"""Pure decisions: plain values in, plain values out; no SQL, no clock, no waiting."""
