"""The dialogue: what both sides promise, when they meet, and what they make public together. Spec §17.

Read `numerals` and `figures` (numbers in two languages), `clause` and `bodies` (the words), `facts` (offers,
answers, and the order in which they are judged), `commitment`, `outcome` and `meeting` (three pages of
rules), `release` (the public text and its seal), and `account`, in that order.
"""
