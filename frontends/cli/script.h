/* Runs Lua scripts: the user's own and the tools. */
#ifndef BPFCC_SCRIPT_H
#define BPFCC_SCRIPT_H

/* argv[0] is the script as the user named it, the rest its arguments. Returns the exit code. */
int script_run(const char *path, int argc, char **argv);

#endif
