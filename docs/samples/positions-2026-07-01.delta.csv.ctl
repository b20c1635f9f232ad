rows=2
balance=2345.60
