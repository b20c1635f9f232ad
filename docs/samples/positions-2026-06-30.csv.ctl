rows=6
balance=913237.10
