"""A stand-in of OnePlan: one in-memory model behind its documented routes (reference/oneplan/oneplan-api.md).

`python -m local.oneplan --port P` serves http://127.0.0.1:P/api. Every thing that the record leaves open is a switch
in switches.py. Records are kept in the form in which they go over the wire.
"""
