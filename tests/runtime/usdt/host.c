/* Runs the probes that target.c leaves in a library. */
#include <unistd.h>

int demo_fire(int round);

int main(void)
{
	char byte;
	int round = 0;

	while (read(0, &byte, 1) == 1) {
		byte = (char)demo_fire(round++);
		if (write(1, &byte, 1) != 1)
			return 1;
	}
	return 0;
}
