"""What somebody who helps needs to know of a BookMe, without a word about people."""
