"""Mails: what is told to whom, the outbox that it waits in, what it says, and how it is sent."""
