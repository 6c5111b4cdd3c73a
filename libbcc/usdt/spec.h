/*
 * Specs: what libbpf's bpf_usdt_arg() looks up to find a site's arguments. They are the values of
 * the map __bpf_usdt_specs, and the site's attach cookie is the key.
 */
#ifndef BCC_USDT_SPEC_H
#define BCC_USDT_SPEC_H

#include <bpf/btf.h>

#include "usdt/args.h"

/* A member of the struct. */
struct spec_field {
	unsigned at, bits; /* from the start of what it is in, in bits */
};

/* The struct as the object has it: libbpf's releases differ. */
struct spec_layout {
	unsigned size, max; /* of a spec in bytes, specs in the map */
	unsigned args_at, arg_size, max_args;
	struct spec_field cookie, count;
	struct spec_field value, kind, reg, is_signed, shift;
	struct spec_field index, scale; /* bits 0: this libbpf knows no index registers */
};

/* The layout of a struct by its number in the BTF. -EINVAL: it is not what libbpf's header defines.
 * How many fit into the map (max) is the caller's to say. */
int spec_layout(const struct btf *btf, unsigned type, struct spec_layout *out);

/* A spec of n arguments, in layout->size bytes. What cannot be read fails in the program when it is
 * asked for; returns the first such argument, or NULL. */
const struct usdt_arg *spec_fill(const struct spec_layout *layout, const struct usdt_arg *args,
				 size_t n, uint64_t cookie, void *out);

#endif
