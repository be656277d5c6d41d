"""What a judge runs: an export and sixty digits go in, findings come out. Nothing else is trusted.

    zipped     the one way in which the file is written        §11.2
    listed     export.txt, and which members there must be     §11.3
    members    entries, notes and content, read as they come   §11.4
    keys       which card's keys hold where                    §11.4.8, §11.4.9
    steps      the steps, one after the other                  §11.5
    citing     which `seen` lines are true                     §11.6.2
    contents   what is disclosed, and what it has to be        §11.5.10 to §11.5.12
    revoked    keys that count no more                         §11.5.13
    erasures   what is said of destroying content              §11.6.6
    reading    what each entry says and is worth               §11.6
    sentences  what people are told, in both languages         §11.7

No clock, no disk, no network, no database. Source: Spec §11; rules E11, E16, H1, H21.
"""
