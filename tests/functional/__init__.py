"""paa as a user meets it: real repositories, real Git, real indexes."""
