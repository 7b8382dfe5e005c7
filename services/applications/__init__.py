"""Applications as organizations write them: the form, its versions, the files handed in, sign-off and rating."""
