"""What somebody says is wrong: reports from public pages, and reviews of what a participant disputes."""
