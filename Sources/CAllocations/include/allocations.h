#ifndef ALLOCATIONS_H
#define ALLOCATIONS_H

// Counts the memory that malloc and its like give to the whole process. A program that links this library has its
// malloc in the place of glibc's ("Replacing malloc" in the manual of glibc), which it calls in turn.

// Begins to count anew, from nothing.
void allocations_begin(void);

// The most bytes that were in use at a time since then, beyond those that were in use at the beginning; what was asked
// for and could not be had is in it too.
long allocations_peak(void);

#endif
