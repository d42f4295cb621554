"""What is known of the words, numbers and units of scientific English, whoever asks."""
