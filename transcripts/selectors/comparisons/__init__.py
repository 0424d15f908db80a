"""Two providers' texts of one recording: what is kept beside a transcript, and the page that compares them."""
