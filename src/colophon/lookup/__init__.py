"""What arXiv, OpenAlex, Semantic Scholar and Crossref say of a paper, asked over the network."""
