/* execve(). */
#ifndef BCC_LINUX_BINFMTS_H
#define BCC_LINUX_BINFMTS_H

#include <asm/page.h>

#define BINPRM_BUF_SIZE	256

#define MAX_ARG_STRLEN		(PAGE_SIZE * 32)
#define MAX_ARG_STRINGS		0x7FFFFFFF

#endif
