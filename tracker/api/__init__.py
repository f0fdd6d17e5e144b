"""The API: the public record for programs."""
