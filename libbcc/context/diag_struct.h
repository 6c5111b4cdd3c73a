/*
 * What a diagnostic is made of: for the two files that build and print them. All texts are owned
 * and may be NULL.
 */
#ifndef BCC_CONTEXT_DIAG_STRUCT_H
#define BCC_CONTEXT_DIAG_STRUCT_H

#include <bcc/diag.h>

struct bcc_diag {
	enum bcc_severity severity;
	char *code;
	char *message;
	char *hint;
	char *file;
	char *source_line;
	char *log;
	unsigned line, column, end_column; /* from 1; 0: unknown */
};

#endif
