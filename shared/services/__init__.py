"""What people do at the front desk: use cases inside an open unit, the same on the desktop and on the server.

A service is deterministic: it reads no clock and draws nothing at random; the moment, the actor and the ids
come with its act and arguments. It accepts that its effect is already there.
"""
