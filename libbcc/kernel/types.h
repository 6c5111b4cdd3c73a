/*
 * One request for types in progress: what request.c and tracepoint.c (what is asked for), types.c
 * (what that needs), layout.c (which fields, where), emit.c and declarator.c (how it is written)
 * share.
 *
 * BTF is not trusted. The first failure is kept in err and ends everything: types_enter() says no
 * from then on. It bounds the depth of recursion, and the work in all, too.
 */
#ifndef BCC_KERNEL_TYPES_H
#define BCC_KERNEL_TYPES_H

#include "kernel/btf.h"
#include "kernel/nametable.h"
#include "kernel/text.h"

/* Records of more bytes keep only the fields that are named. */
#define PRUNE_SIZE 128
/* Enums of more values keep only the enumerators that are named. */
#define PRUNE_VALUES 16

enum {
	SLOT_QUEUED = 1,
	SLOT_NAMED = 2,   /* suffix is settled */
	SLOT_FORWARD = 4, /* declared, not defined */
	SLOT_BUSY = 8,    /* being defined: seeing it again is a cycle */
	SLOT_DONE = 16,
};

enum { SUFFIX_NONE, SUFFIX_KERNEL /* ___kernel */ /* n: ___n */ };

/* What is known of a BTF id. */
struct slot {
	uint8_t state;
	uint8_t align; /* of a named record as it is written; 0: not computed yet */
	uint16_t suffix;
};

struct types {
	const struct kbtf *btf;
	bool portable;
	struct nametable names;
	struct slot *slots; /* one for each id */
	uint32_t *queue;    /* ids to define */
	uint32_t queued;
	uint32_t queue_cap;
	struct ktext forwards;
	struct ktext defs;
	bool after_block; /* the last definition had lines of its own */
	unsigned pads;    /* in the definition that is being written */
	bool nameless_pads; /* its padding must not be members */
	unsigned depth;
	unsigned steps;
	int err;
};

/* types.c */
void types_fail(struct types *t, int err);
bool types_enter(struct types *t);
void types_leave(struct types *t);
struct slot *types_slot(struct types *t, uint32_t id);
bool types_wanted(const struct types *t, const char *name);
/* Declares what a type names, for use through a pointer; or defines it, for use by value. */
void types_declare(struct types *t, uint32_t id);
void types_define(struct types *t, uint32_t id);
/* Has a type, or the record that a pointer leads to, defined later. */
void types_queue(struct types *t, uint32_t id);
void types_queue_target(struct types *t, uint32_t id);
void types_run_queue(struct types *t);
/* What sets the type apart from others of its name: see enum above. */
uint16_t types_suffix(struct types *t, uint32_t id);
void types_forward(struct types *t, bool is_union, const char *name, uint16_t suffix);

/* layout.c */
struct shape {
	uint32_t align;
	bool packed; /* needs the attribute to get BTF's offsets */
};

bool member_kept(struct types *t, const struct kbtf_member *m, bool prune);
/* How the record comes out when it is written with the kept members at their exact offsets. */
struct shape record_shape(struct types *t, const struct btf_type *record, bool prune);
uint32_t member_align(struct types *t, const struct kbtf_member *m, bool prune);
/* A type that C for BPF has nothing like: it is written as bytes. */
bool type_opaque(const struct kbtf *btf, uint32_t id);
/* Whether a record that is written in the place of its use keeps only what is named. */
bool record_prunes(const struct btf_type *record);

/* emit.c: a record without name, in the place of its use */
void emit_anonymous(struct types *t, uint32_t id, bool prune, unsigned indent);
void emit_record(struct types *t, uint32_t id);
void emit_enum(struct types *t, uint32_t id);
void emit_typedef(struct types *t, uint32_t id);
/* Blank lines: between definitions that have lines of their own, and around them. */
void emit_separator(struct types *t, bool block);

/* declarator.c */
/* "TYPE name" with everything C puts around the name; to defs, at this depth of indentation. */
void emit_declaration(struct types *t, uint32_t id, const char *name, unsigned indent);
void emit_suffixed(struct ktext *text, const char *name, uint16_t suffix);
/* struct, union or enum */
const char *emit_keyword(const struct btf_type *type);

/* basetypes.c */
const char *base_typedef(const char *name);
/* C's spelling of a BTF integer of this name and size, NULL when it has none. */
const char *base_integer(const char *name, uint32_t size, bool is_signed);

#endif
