/*
 * Whether this process may load BPF programs and attach them, and what it would take. Asks for the
 * effective capabilities and for the settings that the kernel checks, and tries nothing.
 */
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/internal.h"

#ifndef CAP_PERFMON /* Linux 5.8 */
#define CAP_PERFMON 38
#define CAP_BPF 39
#endif

#define LOCKDOWN "/sys/kernel/security/lockdown"
#define UNPRIVILEGED_BPF "/proc/sys/kernel/unprivileged_bpf_disabled"
#define PERF_PARANOID "/proc/sys/kernel/perf_event_paranoid"

static uint64_t effective_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_capget, &header, data) != 0)
		return 0;
	return (uint64_t)data[1].effective << 32 | data[0].effective;
}

static bool has(uint64_t capabilities, unsigned which)
{
	return capabilities >> which & 1;
}

/* Kernels before 5.8 know CAP_SYS_ADMIN only; the highest capability they have tells. */
static bool knows_cap_bpf(void)
{
	char *last = ktext_read_file("/proc/sys/kernel/cap_last_cap", NULL);
	bool knows = !last || atoi(last) >= CAP_BPF;

	free(last);
	return knows;
}

/* In the mode "confidentiality" the kernel lets nobody read its memory, whatever they may do. */
static bool locked_down(void)
{
	char *text = ktext_read_file(LOCKDOWN, NULL);
	bool locked = text && strstr(text, "[confidentiality]");

	free(text);
	return locked;
}

/* A setting that matters to somebody without capabilities; nothing when it cannot be read. */
static void add_setting(struct ktext *text, const char *path, const char *name)
{
	char *value = ktext_read_file(path, NULL);

	if (value) {
		value[strcspn(value, "\n")] = '\0';
		ktext_printf(text, "%s%s is %s", text->len ? ", " : "", name, value);
	}
	free(value);
}

static void describe(struct ktext *text, uint64_t capabilities)
{
	struct ktext settings = { 0 };

	if (!knows_cap_bpf()) {
		ktext_add(text,
			  "loading and attaching BPF programs needs the capability CAP_SYS_ADMIN");
	} else {
		const char *missing = has(capabilities, CAP_BPF) ? "CAP_PERFMON" :
				      has(capabilities, CAP_PERFMON) ? "CAP_BPF" : NULL;

		if (missing)
			ktext_printf(text, "this process lacks the capability %s", missing);
		else
			ktext_add(text,
				  "this process lacks the capabilities CAP_BPF and CAP_PERFMON");
	}
	add_setting(&settings, UNPRIVILEGED_BPF, "kernel.unprivileged_bpf_disabled");
	add_setting(&settings, PERF_PARANOID, "kernel.perf_event_paranoid");
	if (settings.len)
		ktext_printf(text, " (%s)", settings.data);
	text->failed |= settings.failed;
	ktext_free(&settings);
}

char *privilege_missing(char **hint_dup)
{
	uint64_t capabilities = effective_capabilities();
	const char *hint = "run it with sudo, or: setcap cap_bpf,cap_perfmon+ep PROGRAM";
	struct ktext text = { 0 };
	bool enough = has(capabilities, CAP_SYS_ADMIN) ||
		      (has(capabilities, CAP_BPF) && has(capabilities, CAP_PERFMON));

	*hint_dup = NULL;
	if (!enough) {
		describe(&text, capabilities);
		if (!knows_cap_bpf())
			hint = "run it with sudo";
	} else if (locked_down()) {
		ktext_add(&text, "the kernel is locked down to confidentiality: "
			  "BPF programs may not read its memory");
		hint = "boot with lockdown=integrity or without; a running kernel keeps it";
	} else {
		return NULL;
	}
	*hint_dup = strdup(hint);
	return ktext_take(&text);
}

char *privilege_missing_network(char **hint_dup)
{
	uint64_t capabilities = effective_capabilities();
	char *text = privilege_missing(hint_dup);

	if (text || has(capabilities, CAP_SYS_ADMIN) || has(capabilities, CAP_NET_ADMIN))
		return text;
	*hint_dup = strdup("run it with sudo, or: setcap cap_bpf,cap_perfmon,cap_net_admin+ep "
			   "PROGRAM");
	return strdup("this process lacks the capability CAP_NET_ADMIN, which programs of the "
		      "network need");
}
