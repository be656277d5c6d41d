"""Who is on watch: posts, shifts, languages, and by what each person is rung. Tables in `house.db`."""
