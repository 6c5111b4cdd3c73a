/*
 * launch COMMAND [ARGS]: runs it with the moment of its exec in the environment, waits for it, and
 * prints the processor time that it and its children took: "cpu MILLISECONDS".
 */
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

static double ms(const struct timeval *time)
{
	return time->tv_sec * 1e3 + time->tv_usec / 1e3;
}

int main(int argc, char **argv)
{
	struct rusage used;
	char start[32];
	int status;
	pid_t pid;

	if (argc < 2)
		return 2;
	pid = fork();
	if (!pid) {
		snprintf(start, sizeof(start), "%lld", (long long)clock_ns());
		setenv(BENCH_START, start, 1);
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return 1;
	getrusage(RUSAGE_CHILDREN, &used);
	printf("cpu %.3f\n", ms(&used.ru_utime) + ms(&used.ru_stime));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
