// Nothing is called from outside: being linked into the tests is enough.
