/*
 * A program on a hook. The link belongs to the program's module, or, opened by its pin, to the
 * context.
 */
#ifndef BCC_ATTACH_LINK_H
#define BCC_ATTACH_LINK_H

#include "attach/hook.h"

struct bcc_link {
	struct bcc_link *next;
	struct bcc_link **list; /* of the owner, that it is in */
	struct bcc_context *ctx;
	struct bcc_program *prog; /* NULL: it was opened by its pin */
	struct bcc_attach_opts opts;
	char *hook;
	char *pin;    /* where it is pinned, or NULL */
	char *target; /* what bcc_link_describe() said last, or NULL */
	struct attachment attachment; /* empty when detached */
};

/* Takes the attachment over and adds the link to the module. NULL when memory ran out. */
struct bcc_link *link_new(struct hook *h, struct attachment *a);

/* Moves the link to the head of another owner's list. */
void link_move(struct bcc_link *link, struct bcc_link **list);

/* The bpf link that it is made of, or -1; *n is how many there are. */
int link_fd(const struct bcc_link *link, uint32_t *n);

/* --- link_info.c --- */

/* The kernel's numbers of kinds of links, as far as they are needed outside of link_info.c. */
enum { LINK_ITER = 4 };

/* What the kernel knows of a bpf link; newer than the headers that this is built with. */
struct link_info {
	uint32_t type, id, program_id;
	union {
		uint32_t words[30];
		struct {
			uint64_t name;
			uint32_t name_size;
		} named; /* raw tracepoint, iterator */
		struct {
			uint32_t attach_type, object, btf_id;
		} tracing;
		struct {
			uint64_t id;
			uint32_t attach_type;
		} cgroup;
		struct {
			uint32_t inode, attach_type;
		} netns;
		struct {
			uint32_t ifindex, attach_type;
		} device;
		struct {
			uint32_t kind, padding;
			uint64_t name;
			uint32_t name_size, offset;
		} perf;
	} of __attribute__((aligned(8)));
};

/* Reads it; a name goes into name. A negative errno when it cannot be had. */
int link_info_read(int fd, struct link_info *info, char *name, size_t size);

/* "xdp link", for a type of the kernel's; "bpf link" for one that is not known here. Static. */
const char *link_type_name(uint32_t type);

/* Whether the kernel can exchange the program of such a link. */
bool link_type_updates(uint32_t type);

#endif
