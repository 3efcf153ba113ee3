// Nothing but the owner of the headers that are precompiled for all test programs.
