/*
 * Bytes on the command line: "@FILE" or hex digits in, a hex dump or hex digits out.
 */
#ifndef BPFCC_BYTES_H
#define BPFCC_BYTES_H

#include "cli.h"

struct bytes {
	unsigned char *data; /* NULL while empty */
	size_t size;
};

/*
 * Reads an option's argument: "@FILE" (the bytes of a file, - for standard input) or hex digits, in
 * which blanks, colons and a leading 0x mean nothing. Returns an exit code; option names it in
 * messages.
 */
int bytes_read(const struct command *cmd, const char *option, const char *text, struct bytes *out);

/* Lines of 16 bytes: offset, hex, and what is printable. */
void bytes_dump(const unsigned char *data, size_t size);

/* Hex digits without blanks. */
void bytes_print(const unsigned char *data, size_t size);

#endif
