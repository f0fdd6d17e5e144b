"""Who may act for a participant: what is proposed about people, what a second person decides, and who is told."""
