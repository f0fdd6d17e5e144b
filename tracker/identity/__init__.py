"""How people prove who they are, and what is remembered of it: nothing here is part of the public record."""
