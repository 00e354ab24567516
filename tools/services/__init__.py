"""The services directory: a model, checks, and the Human Services Data Specification in and out."""
