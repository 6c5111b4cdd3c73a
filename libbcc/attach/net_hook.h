/*
 * What hooks of the network share: an interface in a network namespace, links that the libbpf this
 * is built with does not know, what is made over netlink, and their diagnostics.
 */
#ifndef BCC_ATTACH_NET_HOOK_H
#define BCC_ATTACH_NET_HOOK_H

#include <net/if.h>

#include "attach/hook.h"
#include "net/owned.h"

/* Where a hook is, once looked up. */
struct net_place {
	int netns; /* -1: that of the calling thread */
	struct rtnl *nl;
	int ifindex; /* 0: the hook has no interface */
	char ifname[IFNAMSIZ];
};

/* What the first parameter of a program points to. */
enum net_context { NET_PACKET, NET_XDP, NET_NETFILTER };

/* --- net_parse.c --- */

/* "IFACE[@NETNS]" of size bytes into h->name and h->group. */
int net_parse_iface(struct hook *h, const char *text, size_t size);

/* "IFACE[@NETNS]:WORD" in h->arg; the word's index among n goes into h->number. */
int net_parse_iface_word(struct hook *h, const char *const *words, size_t n);

/* "[@NETNS]" at the end of h->arg into h->group; *size is what is in front of it. */
int net_parse_netns(struct hook *h, size_t *size);

/* --- net_hook.c --- */

/* Looks the namespace and the interface up. Fails with a diagnostic: BCC_ERR_NO_HOOK with near
 * names when there is none. */
int net_open(struct hook *h, struct net_place *p);
void net_close(struct net_place *p);

/* Sets the type to load the program as, unless it is written for another kind of context. */
int net_spec(struct hook *h, struct load_spec *spec, enum bpf_prog_type type,
	     enum net_context context);

/* The kernel's union bpf_attr as BPF_LINK_CREATE has it. */
struct net_link {
	uint32_t program, target, kind, flags;
	uint32_t more[4]; /* what comes behind, by kind */
};

/* Makes a link in the namespace of the place: a descriptor or a negative errno. */
int net_link_create(const struct net_place *p, struct net_link *attr);

/* Attaching failed: the diagnostic and the code to return. said (may be NULL or "") is what the
 * kernel said to it. */
int net_failed(struct hook *h, int err, const char *said, const char *hint);

/* The kernel is too old, or built without it. */
int net_too_old(struct hook *h, const char *what, const char *since, const char *hint);

/* --- net_owned.c --- */

/* Something to make over netlink. */
struct net_making {
	struct hook *hook;
	struct net_place *place;
	int program; /* its descriptor */
	struct owned owned;
	const char *needs; /* the hint when the kernel lacks it */
	char said[256];    /* what the kernel said to the error */
	/* Writes the request that makes it, named by owned.mark, and sends it. */
	int (*make)(struct net_making *m);
};

/*
 * Makes it so that it goes away with the attachment or this process. A filter gets its clsact
 * qdisc. Fails with a diagnostic.
 */
int net_make(struct net_making *m, const char *mechanism, struct attachment *out);

#endif
