/*
 * The tools: NAME.lua in the tools' directory. That is ../share/bpfcc/tools beside the command's
 * own directory, or the source's when the command runs from its build directory.
 */
#ifndef BPFCC_TOOLS_H
#define BPFCC_TOOLS_H

#include "opt.h"

/* Static once found; NULL: there is none. */
const char *tools_dir(void);

/* Where the Lua modules are that come with the module "bcc"; like tools_dir(). */
const char *tools_lua_dir(void);

/* The file of a tool, to be freed; NULL when there is no such tool. */
char *tools_find(const char *name);

/* Names of all tools, sorted. */
bool tools_list(struct words *names);

/* One line that says what it does, from the comment that its file begins with; to be freed. */
char *tools_summary(const char *name);

#endif
