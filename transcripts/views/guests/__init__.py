"""What guests open by a link: `/s/TOKEN/` and all that its page asks for."""
