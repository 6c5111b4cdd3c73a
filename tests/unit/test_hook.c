/*
 * Hook strings: what each kind accepts and how it takes it apart; sections as hook strings.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "attach/hook.h"

static const struct bcc_attach_opts defaults = { .size = sizeof(defaults) };
static struct bcc_module module;
static struct bcc_program program = { .mod = &module, .name = "prog" };

static int setup(void **state)
{
	(void)state;
	return bcc_context_create(NULL, &module.ctx);
}

static int teardown(void **state)
{
	(void)state;
	bcc_context_destroy(module.ctx);
	return 0;
}

static int parse(const char *text, struct hook *h)
{
	diag_clear(module.ctx);
	return hook_parse(&program, text, strlen(text), &defaults, h);
}

static void well_formed(void **state)
{
	static const struct {
		const char *text;
		const struct hook_kind *kind;
		const char *group, *name;
		uint64_t number;
		bool flag;
	} rows[] = {
		{ "tracepoint:sched:sched_switch", &hook_tracepoint, "sched", "sched_switch", 0,
		  false },
		{ "  raw_tp:sched_switch\t", &hook_raw_tp, NULL, "sched_switch", 0, false },
		{ "tp_btf:sys_enter", &hook_tp_btf, NULL, "sys_enter", 0, false },
		{ "kprobe:vfs_read", &hook_kprobe, NULL, "vfs_read", 0, false },
		{ "kprobe:vfs_read+0x10", &hook_kprobe, NULL, "vfs_read", 16, false },
		{ "kprobe:foo.isra.0", &hook_kprobe, NULL, "foo.isra.0", 0, false },
		{ "kretprobe:vfs_read", &hook_kretprobe, NULL, "vfs_read", 0, false },
		{ "ksyscall:openat", &hook_ksyscall, NULL, "openat", 0, false },
		{ "kretsyscall:openat", &hook_kretsyscall, NULL, "openat", 0, false },
		{ "fentry:vfs_read", &hook_fentry, NULL, "vfs_read", 0, false },
		{ "fexit:vfs_read", &hook_fexit, NULL, "vfs_read", 0, false },
		{ "fentry:kvm:kvm_init", &hook_fentry, "kvm", "kvm_init", 0, false },
		{ "fentry.s:vfs_read", &hook_fentry, NULL, "vfs_read", 0, false },
		{ "fmod_ret:security_file_open", &hook_fmod_ret, NULL, "security_file_open", 0,
		  false },
		{ "lsm.s:bprm_committed_creds", &hook_lsm, NULL, "bprm_committed_creds", 0, false },
		{ "raw_tp_writable:bpf_test_finish", &hook_raw_tp_writable, NULL,
		  "bpf_test_finish", 0, false },
		{ "freplace:17:f", &hook_freplace, "17", "f", 0, false },
		{ "freplace:fd:f", &hook_freplace, "fd", "f", 0, false },
		{ "freplace:/sys/fs/bpf/a:b:f", &hook_freplace, "/sys/fs/bpf/a:b", "f", 0, false },
		{ "iter:task", &hook_iter, NULL, "task", 0, false },
		{ "iter:task:pid=3", &hook_iter, NULL, "task", 0, true },
		{ "iter:bpf_map_elem:map=/sys/fs/bpf/a,b:c", &hook_iter, NULL, "bpf_map_elem", 0,
		  true },
		{ "iter:cgroup:order=pre,cgroup=/sys/fs/cgroup", &hook_iter, NULL, "cgroup", 0,
		  true },
		{ "uprobe:/bin/bash:readline", &hook_uprobe, "/bin/bash", "readline", 0, false },
		{ "uprobe:/a:b/c:f+8", &hook_uprobe, "/a:b/c", "f", 8, false },
		{ "uretprobe:c:malloc", &hook_uretprobe, "c", "malloc", 0, false },
		{ "uprobe:libc.so.6:0x1234", &hook_uprobe, "libc.so.6", NULL, 0x1234, true },
		{ "kprobe:tcp_*", &hook_kprobe, NULL, "tcp_*", 0, false },
		{ "kretprobe:vfs_read:maxactive=16", &hook_kretprobe, NULL, "vfs_read", 16, false },
		{ "tracepoint:syscalls:sys_enter_*", &hook_tracepoint, "syscalls", "sys_enter_*", 0,
		  false },
		{ "uprobe:c:*alloc", &hook_uprobe, "c", "*alloc", 0, false },
		{ "uprobe.s:c:malloc", &hook_uprobe, "c", "malloc", 0, false },
		{ "perf:r1a8:period=5", &hook_perf, NULL, "r1a8", 5, false },
		{ "perf:mem:0x1000:8:rw", &hook_perf, NULL, "mem:0x1000:8:rw", 1, false },
		{ "perf:mem:0x1000:4:w:period=3", &hook_perf, NULL, "mem:0x1000:4:w", 3, false },
		{ "perf:cpu-clock:freq=99", &hook_perf, NULL, "cpu-clock", 99, true },
		{ "xdp:eth0", &hook_xdp, NULL, "eth0", 3, false },
		{ "xdp:eth0:generic", &hook_xdp, NULL, "eth0", 1, false },
		{ "xdp:2@/run/netns/a:b:native", &hook_xdp, "/run/netns/a:b", "2", 0, false },
		{ "xdp:eth0@blue", &hook_xdp, "blue", "eth0", 3, false },
		{ "tc:eth0:egress", &hook_tc, NULL, "eth0", 1, false },
		{ "tcx:eth0@1234:ingress", &hook_tcx, "1234", "eth0", 0, false },
		{ "clsact:eth0.7:ingress", &hook_clsact, NULL, "eth0.7", 0, false },
		{ "tc_action:eth0:ingress", &hook_tc_action, NULL, "eth0", 0, false },
		{ "netkit:nk0:peer", &hook_netkit, NULL, "nk0", 1, false },
		{ "lwt_in:10.0.0.0/8:eth0", &hook_lwt_in, NULL, "eth0", 0, false },
		{ "lwt_out:10.1.2.3:eth0@/p:q", &hook_lwt_out, "/p:q", "eth0", 0, false },
		{ "lwt_xmit:0.0.0.0/0 via 10.0.0.1:eth0", &hook_lwt_xmit, NULL, "eth0", 0, false },
		{ "lwt_xmit:fd00::/64:eth0", &hook_lwt_xmit, NULL, "eth0", 0, false },
		{ "seg6local:fd00::1 via fe80::1:3", &hook_seg6local, NULL, "3", 0, false },
		{ "netfilter:ipv4:input", &hook_netfilter, NULL, NULL, 0, false },
		{ "netfilter:ipv6:prerouting:-300@7", &hook_netfilter, "7", NULL, 0, false },
		{ "perf:page-faults:period=1", &hook_perf, NULL, "page-faults", 1, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct hook h;

		assert_int_equal(parse(rows[i].text, &h), 0);
		assert_ptr_equal(h.kind, rows[i].kind);
		assert_int_equal(!h.group, !rows[i].group);
		assert_int_equal(!h.name, !rows[i].name);
		if (h.group)
			assert_string_equal(h.group, rows[i].group);
		if (h.name)
			assert_string_equal(h.name, rows[i].name);
		assert_int_equal(h.number, rows[i].number);
		assert_int_equal(h.flag, rows[i].flag);
		assert_null(strchr(" \t", h.text[0]));
		assert_null(strchr(" \t", h.text[strlen(h.text) - 1]));
		hook_free(&h);
	}
}

static void malformed(void **state)
{
	static const char *const rows[] = {
		"",
		" ",
		":",
		"kprobe",
		"nosuch:thing",
		"tracepoint:",
		"tracepoint:sched",
		"tracepoint:sched:",
		"tracepoint::x",
		"tracepoint:../../etc:x",
		"tracepoint:a:../b",
		"tracepoint:a:..",
		"tracepoint:a b:c",
		"raw_tp:",
		"raw_tp:a/b",
		"raw_tp:a b",
		"tp_btf:a:b",
		"kprobe:",
		"kprobe:+8",
		"kprobe:f+",
		"kprobe:f+x",
		"kprobe:f+8x",
		"kprobe:f g",
		"kretprobe:f+8",
		"ksyscall:read+1",
		"kprobe:a/b",
		"kprobe:f:maxactive=3",
		"kprobe:tcp_*+8",
		"kretprobe:f:maxactive=0",
		"kretprobe:f:maxactive=5000",
		"kretprobe:f:maxactive=x",
		"kretprobe:f:nosuch=3",
		"kretprobe:tcp_*:maxactive=3",
		"ksyscall:read*",
		"tracepoint:sys*:x",
		"tracepoint:a:b/*",
		"uprobe:c:*alloc+4",
		"perf:mem:0x1000",
		"perf:mem:0x1000:8",
		"perf:mem:0x1000:3:w",
		"perf:mem:1000:8:w",
		"perf:mem:0x1000:8:",
		"perf:mem:0x1000:8:ww",
		"perf:mem:0x1000:8:rx",
		"perf:mem:0x1000:8:w:freq=",
		"fentry:",
		"fentry:f+1",
		"fentry::f",
		"fentry:../x:f",
		"fentry:m:",
		"fentry:m:n:f",
		"tracepoint.s:a:b",
		"raw_tp.s:x",
		".s:x",
		"lsm:",
		"freplace:f",
		"freplace:0:f",
		"freplace:name:f",
		"freplace:17:",
		"iter:",
		"iter:Task",
		"iter:task/x",
		"iter:task:",
		"iter:task:pid",
		"iter:task:pid=",
		"iter:task:pid=0",
		"iter:task:pid=x",
		"iter:task:pid=1,",
		"iter:task:nosuch=1",
		"iter:cgroup:order=sideways",
		"iter:cgroup:/sys",
		"iter:cgroup:pid=/sys",
		"iter:cgroup:cgroup=",
		"uprobe:",
		"uprobe:/bin/bash",
		"uprobe:/bin/bash:",
		"uprobe::f",
		"uprobe:bin/bash:f",
		"uprobe:/bin/bash:123",
		"uprobe:/bin/bash:f+-1",
		"xdp:",
		"xdp::native",
		"xdp:eth0:",
		"xdp:eth0:fast",
		"xdp:a b",
		"xdp:a/b",
		"xdp:eth0@",
		"xdp:eth0@../x",
		"xdp:@blue",
		"tc:eth0",
		"tc:eth0:both",
		"tc::ingress",
		"tcx:ingress",
		"clsact:eth0:ingress:1",
		"tc_action:eth0",
		"netkit:nk0:ingress",
		"lwt_in:eth0",
		"lwt_in:10.0.0.0/8",
		"lwt_in:10.0.0.0/33:eth0",
		"lwt_in:10.0.0.1/8:eth0",
		"lwt_in:10.0.0:eth0",
		"lwt_in:10.0.0.0/8 via fd00::1:eth0",
		"lwt_in:10.0.0.0/8 via:eth0",
		"lwt_in::eth0",
		"lwt_out:fd00::/129:eth0",
		"seg6local:10.0.0.0/8:eth0",
		"netfilter:ipv4",
		"netfilter:ipv5:input",
		"netfilter:ipv4:inputs",
		"netfilter:ipv4:input:",
		"netfilter:ipv4:input:high",
		"netfilter:ipv4:input:99999999999",
		"netfilter:ipv4:input@",
		"perf:cpu-clock",
		"perf:cpu-clock:99",
		"perf:cpu-clock:freq=",
		"perf:cpu-clock:freq=0",
		"perf:cpu-clock:freq=-1",
		"perf:cpu-clock:freq=1x",
		"perf:cpu-clock:period=99999999999999999999999",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct hook h = { 0 };

		if (parse(rows[i], &h) != -EINVAL)
			fail_msg("accepted: %s", rows[i]);
		assert_int_equal(bcc_diag_count(module.ctx), 1);
		assert_null(h.text);
	}
}

static void near_kind(void **state)
{
	struct hook h;

	(void)state;
	assert_int_equal(parse("kprob:vfs_read", &h), -EINVAL);
	assert_string_equal(bcc_diag_message(bcc_diag_get(module.ctx, 0)),
			    "'kprob:vfs_read': there is no such kind of hook");
	assert_string_equal(bcc_diag_hint(bcc_diag_get(module.ctx, 0)),
			    "hooks are written like kprobe:FUNCTION[+OFFSET]");
}

static void sections(void **state)
{
	static const char *const rows[][2] = {
		{ "tracepoint/sched/sched_switch", "tracepoint:sched:sched_switch" },
		{ "tp/sched/sched_switch", "tracepoint:sched:sched_switch" },
		{ "?tp/sched/sched_switch", "tracepoint:sched:sched_switch" },
		{ "raw_tracepoint/sys_enter", "raw_tp:sys_enter" },
		{ "raw_tp/sys_enter", "raw_tp:sys_enter" },
		{ "tp_btf/sys_enter", "tp_btf:sys_enter" },
		{ "kprobe/vfs_read", "kprobe:vfs_read" },
		{ "kretprobe/vfs_read", "kretprobe:vfs_read" },
		{ "ksyscall/openat", "ksyscall:openat" },
		{ "kretsyscall/openat", "kretsyscall:openat" },
		{ "fentry/vfs_read", "fentry:vfs_read" },
		{ "fentry.s/vfs_read", "fentry:vfs_read" },
		{ "fexit/vfs_read", "fexit:vfs_read" },
		{ "uprobe//bin/bash:readline", "uprobe:/bin/bash:readline" },
		{ "uprobe.s/libc.so.6:malloc", "uprobe:libc.so.6:malloc" },
		{ "uretprobe//bin/bash:readline", "uretprobe:/bin/bash:readline" },
		{ "fmod_ret/f", "fmod_ret:f" },
		{ "lsm.s/file_open", "lsm:file_open" },
		{ "iter/task", "iter:task" },
		{ "raw_tp.w/bpf_test_finish", "raw_tp_writable:bpf_test_finish" },
		{ "kprobe.multi/tcp_*", "kprobe:tcp_*" },
		{ "kprobe", NULL },
		{ "kprobe/", NULL },
		{ "tracepoint", NULL },
		{ "raw_tracepoint", NULL },
		{ "perf_event", NULL },
		{ "uprobe", NULL },
		{ "", NULL },
		{ "xdp/eth0", NULL },
		{ ".s/x", NULL },
		{ "/", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char *hook = section_hook(rows[i][0]);

		if (rows[i][1])
			assert_string_equal(hook, rows[i][1]);
		else
			assert_null(hook);
		free(hook);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(well_formed), TEST(malformed), TEST(near_kind), TEST(sections),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
