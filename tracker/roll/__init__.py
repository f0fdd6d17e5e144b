"""The roll of participants: names, kinds and facts over time, what is proposed about them, how it is looked through."""
