/*
 * Hooks that are the same on every machine: the software events of perf.
 */
#include <string.h>

#include "attach/perf_event.h"
#include "list/list.h"

int list_perf(struct listing *l)
{
	static const char *const ways[] = { "freq=HZ", "period=N" };
	const char *event;
	struct ktext rest = { 0 };
	int err = 0;

	for (size_t i = 0; !err && (event = perf_software_event(i)); i++) {
		for (size_t w = 0; !err && w < 2; w++) {
			ktext_printf(&rest, "%s:%s", event, ways[w]);
			if (rest.data && (list_wants(l, event) || list_wants(l, rest.data)))
				err = list_emit(l, rest.data, NULL, NULL, NULL);
			ktext_free(&rest);
		}
	}
	return err;
}
