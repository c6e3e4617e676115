"""What leaves the house: names and addresses under pseudonyms, and the proof that none is left."""
