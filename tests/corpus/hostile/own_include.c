// ok
#include "own.h"
#include "own.h"
#include "../hostile/own.h"
int kprobe__a(void *ctx)
{
	asm volatile("goto +0; .8byte 0xb7; r0 = 0" ::: "r0");
	return OWN;
}
