"""The texts: how a published one is changed, who is asked for it, and how two of them differ."""
