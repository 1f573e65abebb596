"""Dialogs: each gets rows, asks, and answers with a frozen draft or None; none of them knows a service."""
