"""The rules of supervision as data, one module a part: states, actions, who may do what. Pure."""
