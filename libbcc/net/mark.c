/*
 * Marks and the processes they name. A process is known by its number and when it started, so a
 * number that is in use again does not keep old things alive.
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/mark.h"

#define PREFIX "bcc:"
#define START_FIELD 22 /* of /proc/PID/stat */

static int own_pidns(unsigned long *out)
{
	struct stat st;

	if (stat("/proc/self/ns/pid", &st))
		return -errno;
	*out = st.st_ino;
	return 0;
}

int process_started(int pid, unsigned long long *out)
{
	char path[40], line[1024], *p;
	FILE *f;
	size_t n;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	f = fopen(path, "re");
	if (!f)
		return -errno;
	n = fread(line, 1, sizeof(line) - 1, f);
	fclose(f);
	line[n] = '\0';
	/* The second field is the name, in parentheses, and may hold anything. */
	p = strrchr(line, ')');
	for (int field = 2; p && field < START_FIELD; field++)
		p = strchr(p + 1, ' ');
	if (!p || sscanf(p, " %llu", out) != 1)
		return -ESRCH;
	return 0;
}

int mark_make(char mark[MARK_SIZE], bool qdisc, const char *program)
{
	struct mark m = { .pid = getpid() };
	uint64_t nonce;
	int err;

	err = own_pidns(&m.pidns);
	if (!err)
		err = process_started(m.pid, &m.start);
	if (!err && getrandom(&nonce, sizeof(nonce), 0) != sizeof(nonce))
		err = -EIO;
	if (err)
		return err;
	snprintf(mark, MARK_SIZE, PREFIX "%lu:%d:%llu:%016llx:%c:%.64s", m.pidns, m.pid, m.start,
		 (unsigned long long)nonce, qdisc ? 'q' : '-', program);
	return 0;
}

bool mark_find(const void *bytes, size_t size, struct mark *out)
{
	const char *at = memmem(bytes, size, PREFIX, strlen(PREFIX));
	unsigned long long nonce;
	char text[MARK_SIZE], flag;
	size_t left;

	for (; at; at = memmem(at + 1, left - 1, PREFIX, strlen(PREFIX))) {
		left = size - (size_t)(at - (const char *)bytes);
		snprintf(text, sizeof(text), "%.*s", (int)left, at);
		if (sscanf(text, PREFIX "%lu:%d:%llu:%16llx:%c:", &out->pidns, &out->pid,
			   &out->start, &nonce, &flag) == 5) {
			out->qdisc = flag == 'q';
			return true;
		}
	}
	return false;
}

bool process_is_gone(int pid, unsigned long long start)
{
	unsigned long long now;

	if (kill(pid, 0) && errno == ESRCH)
		return true;
	return !process_started(pid, &now) && now != start;
}

bool mark_is_dead(const struct mark *m)
{
	unsigned long pidns;

	if (own_pidns(&pidns) || pidns != m->pidns || m->pid <= 0)
		return false;
	return process_is_gone(m->pid, m->start);
}
