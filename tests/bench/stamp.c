/* Reports for its parent, which started it when it was attached (bpftrace -c). */
#include <unistd.h>

#include "clock.h"

int main(void)
{
	return clock_report(getppid());
}
