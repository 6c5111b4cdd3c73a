/*
 * Whose the BPF objects are that came while a test ran: what a living process holds a descriptor of
 * is that process's. The test's own processes are gone when this is asked.
 */
#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "state.h"

static const struct {
	const char *sentence, *line; /* of the state, and of /proc/PID/fdinfo/FD */
} kinds[] = {
	{ "program %u", "prog_id:\t%u" },
	{ "map %u", "map_id:\t%u" },
	{ "link %u", "link_id:\t%u" },
};

/* Whether a line of the file gives this number. */
static bool says(const char *path, const char *format, unsigned int id)
{
	FILE *f = fopen(path, "re");
	char line[256];
	unsigned int found;
	bool yes = false;

	while (f && !yes && fgets(line, sizeof(line), f))
		yes = sscanf(line, format, &found) == 1 && found == id;
	if (f)
		fclose(f);
	return yes;
}

bool state_is_held(const char *sentence)
{
	bool held = false;
	glob_t files;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		unsigned int id;

		if (sscanf(sentence, kinds[i].sentence, &id) != 1 ||
		    glob("/proc/[0-9]*/fdinfo/*", GLOB_NOSORT, NULL, &files))
			continue;
		for (size_t j = 0; !held && j < files.gl_pathc; j++)
			held = says(files.gl_pathv[j], kinds[i].line, id);
		globfree(&files);
	}
	return held;
}
