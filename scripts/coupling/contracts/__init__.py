"""What seeds and a workspace must hold, asked before anything is built."""
