/*
 * A probe as <sys/sdt.h> leaves it, so that the tests need no package for it: a nop, and a note
 * that says where it is, what it is called and where its arguments are.
 *
 *   PROBE(demo, name, SEMAPHORE, "-4@%0 8@%1", "r"(number), "r"(pointer))
 *
 * SEMAPHORE is the name of a counter in quotes, or "0".
 */
#ifndef TESTS_USDT_PROBE_H
#define TESTS_USDT_PROBE_H

#if __SIZEOF_POINTER__ != 8
#error "the notes below have addresses of 64 bits"
#endif

#define PROBE(provider, name, semaphore, arguments, ...) \
	__asm__ volatile("990: nop\n" \
			 ".pushsection .note.stapsdt,\"?\",\"note\"\n" \
			 ".balign 4\n" \
			 ".4byte 992f - 991f, 994f - 993f, 3\n" \
			 "991: .asciz \"stapsdt\"\n" \
			 "992: .balign 4\n" \
			 "993: .8byte 990b, _.stapsdt.base, " semaphore "\n" \
			 ".asciz \"" #provider "\"\n" \
			 ".asciz \"" #name "\"\n" \
			 ".asciz \"" arguments "\"\n" \
			 "994: .balign 4\n" \
			 ".popsection\n" \
			 ".ifndef _.stapsdt.base\n" \
			 ".pushsection .stapsdt.base,\"aG\",\"progbits\",.stapsdt.base,comdat\n" \
			 ".weak _.stapsdt.base\n" \
			 ".hidden _.stapsdt.base\n" \
			 "_.stapsdt.base: .space 1\n" \
			 ".size _.stapsdt.base, 1\n" \
			 ".popsection\n" \
			 ".endif\n" : : __VA_ARGS__)

/* The kernel counts it up while somebody traces the probe. */
#define SEMAPHORE(name) \
	__attribute__((section(".probes"), used)) volatile unsigned short name

#endif
