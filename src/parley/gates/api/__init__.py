"""The door for other tools of ours, `/api/v1`: what officers type at the command line, as JSON, with a token.

    edge     cookies are dropped, sizes are looked at, before anything is read        middleware
    bearer   a token is an officer's, with a scope and an end; kept as its hash       policy, queries, actions
    deeds    one table: path, method, command, scope; what a token never does         deeds, refusals
    asking   values become the words of the command, which answers or names a fault   forms, commands
    telling  JSON, or a problem with a stable code and what to do (RFC 9457)          answers, problems
    paper    OpenAPI 3.1 and a page for people, both made from the table              schema

The commands themselves stand at the top of the house; the settings name them (`API_COMMANDS`).
"""
