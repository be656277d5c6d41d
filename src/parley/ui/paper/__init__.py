"""What is printed: papers of headings, texts and tables, printed into PDF files, the same on every node."""
