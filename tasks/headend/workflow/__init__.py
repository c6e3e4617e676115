"""The journeys: a capture with its record, an investigation, an offline diagnosis, a sweep."""
