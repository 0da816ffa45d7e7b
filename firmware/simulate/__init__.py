"""A simulated campaign: days of people, agents and telephones, paced by the service's own pacing code."""
