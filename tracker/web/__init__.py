"""What the doors share: forms, answers, headers, uploads, sign-in."""
