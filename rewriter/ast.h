/*
 * The tree that the passes work on: just what they need of Clang's, filled by tree*.c through
 * libclang's C API. Every node of the main text knows its place there as a range of bytes; the text
 * is preprocessed, so a range is exactly what the node is made of.
 */
#ifndef REWRITER_AST_H
#define REWRITER_AST_H

#include <stdbool.h>
#include <stdint.h>
#include "arena.h"

enum node_kind {
	NODE_OTHER, /* a statement or expression of no interest: its children are */
	NODE_CALL,
	NODE_MEMBER,
	NODE_NAME,      /* a variable, parameter, function or enumerator by its name */
	NODE_SUBSCRIPT,
	NODE_UNARY,
	NODE_BINARY,    /* assignments too */
	NODE_CONDITIONAL,
	NODE_CAST,
	NODE_PAREN,
	NODE_NUMBER,
	NODE_STRING,
	NODE_SIZEOF,    /* sizeof, or an expression inside a typeof: not evaluated */
	NODE_INIT_LIST,
	NODE_DESIGNATED, /* .member = value inside an initialiser */
	NODE_STMT_EXPR,
	NODE_COMPOUND,
	NODE_RETURN,
	NODE_VARIABLE,  /* a declaration; an initialiser is its last child */
};

enum operator {
	OP_NONE,
	OP_ADDRESS,     /* &x */
	OP_DEREF,       /* *x */
	OP_STEP,        /* ++ and --, before or after */
	OP_UNARY,       /* any other unary */
	OP_ASSIGN,      /* = */
	OP_COMPOUND,    /* += and its like */
	OP_COMMA,
	OP_COMPARE,     /* ==, <, &&, ...: gives no address */
	OP_ARITHMETIC,
};

enum type_class {
	TYPE_OTHER,
	TYPE_VOID,
	TYPE_INTEGER, /* enums and bool too */
	TYPE_POINTER,
	TYPE_ARRAY,
	TYPE_RECORD,
	TYPE_FUNCTION,
};

/* The type of an expression or declaration, seen through typedefs. */
struct type {
	enum type_class class;
	enum type_class pointee;     /* of a pointer, or an array's element */
	struct record *record;       /* the record itself, or the one pointed to (or arrayed) */
	uint64_t size;               /* bytes, 0 when unknown */
	uint64_t length;             /* of an array */
	int clang_kind;              /* tree.c's, for type_spelling() */
	void *clang_data[2];
};

/* A struct or union. */
struct record {
	const char *name;   /* the tag; "" when it has none */
	bool in_text;       /* declared by the user, not by the kernel */
	bool is_union;
	bool is_local;      /* declared inside a function */
	const char *table;  /* of a dialect table: the kind in its annotation; NULL otherwise */
	bool is_packet;     /* annotated as a packet header */
	struct ptr_list fields; /* struct decl *, filled on demand by tree_fields() */
	bool fields_known;
	void *clang;        /* tree.c's */
};

enum decl_kind { DECL_VARIABLE, DECL_PARAMETER, DECL_FUNCTION, DECL_FIELD, DECL_ENUMERATOR };

/* What a name stands for. */
struct decl {
	enum decl_kind kind;
	const char *name;
	bool in_text;           /* declared in the user's text */
	bool is_global;
	bool is_user;           /* field or parameter marked as pointing to user memory */
	bool is_bitfield;
	bool used;              /* a NODE_NAME refers to it */
	uint32_t bit_offset, bit_width; /* of a bit-field, from its record's start */
	bool is_unsigned;
	struct type type;
	struct record *parent;  /* of a field */
	struct function *function; /* of a function defined in the text, or a parameter's owner */
	struct provenance *facts;  /* provenance.c's */
	uint32_t begin, end, name_at; /* ranges in the text when in_text */
};

struct node {
	enum node_kind kind;
	enum operator op;
	bool arrow;          /* MEMBER: -> */
	uint32_t begin, end; /* bytes of the text */
	uint32_t op_at;      /* BINARY, MEMBER, SUBSCRIPT: where the operator or name stands */
	struct type type;    /* of an expression */
	struct decl *decl;   /* NAME, MEMBER, VARIABLE, CALL (the function when it is called by name) */
	struct node *first, *last, *next, *parent;
	struct value *value; /* provenance.c's, once the analysis is over */
};

struct function {
	struct decl *decl;
	uint32_t begin, end, name_at;
	uint32_t body, params_open, params_close; /* the '{', the '(' and ')' */
	bool is_static, is_inline, is_noinline;
	const char *section;     /* of its SEC(), NULL when it has none */
	uint32_t section_at;     /* where that stands in the text */
	bool from_main_file;     /* not out of something the text includes */
	struct type returns;
	struct ptr_list params;  /* struct decl * */
	struct node *root;       /* the body */
};

/* A dialect table's variable. */
struct table {
	struct decl *decl;
	const char *kind;        /* "hash", ... */
	uint32_t begin, end;     /* of struct ... name, without the ';' */
	struct decl *key, *leaf; /* fields; NULL when it has none */
	const char *key_text, *leaf_text; /* the types as written */
	const char *max_text, *flags_text, *type_text; /* the numbers as written; flags has " + 1" */
	uint64_t max, flags;     /* their values */
	struct type event;       /* what is submitted to it, class TYPE_OTHER when unknown */
	int ring;                /* its number among ring buffers, or -1 */
};

struct tree {
	struct arena *arena;
	const char *text;
	uint32_t size;
	struct ptr_list functions; /* struct function *, in order */
	struct ptr_list tables;    /* struct table * */
	struct ptr_list globals;   /* struct node *: NODE_VARIABLE with initialisers */
	void *clang;               /* tree.c's */
};

/* A diagnostic of the parser, at a place of the text (or of the preamble: then in_text is false). */
struct parse_diag {
	int severity; /* 0 note, 1 warning, 2 error */
	const char *message;
	bool in_text;
	uint32_t begin, end;
};

struct parse_input {
	const char *text;
	uint32_t size;
	const char *preamble;
	const char *name;       /* of the main file, for __FILE__ only */
};

/* Parses; *diags get what the parser said. 0, or -1 when libclang could not be used at all. */
int tree_parse(struct arena *a, const struct parse_input *in, struct tree **out,
	       struct ptr_list *diags);
void tree_free(struct tree *tree);

/* The fields of a record, in order. */
struct ptr_list *tree_fields(struct tree *tree, struct record *rec);

/* A type as C would write it, without const and volatile; NULL when it has no name. */
const char *type_spelling(struct tree *tree, const struct type *type);
/* The same of what a pointer points to or an array is made of, as *out. */
void type_pointee(struct tree *tree, const struct type *type, struct type *out);

/* The place of a field in bits, from the start of the record that a type is or points to; through
 * unnamed structs. -1 when it has none. */
int64_t tree_bit_offset(struct tree *tree, const struct type *type, const char *field);

/* Through parentheses and implicit conversions. */
struct node *node_strip(struct node *n);
/* Through casts too. */
struct node *node_strip_casts(struct node *n);
struct node *node_child(struct node *n, unsigned i);
/* The table that a method call's receiver names, or NULL; *method is the member's name. */
struct table *node_table_call(struct tree *tree, struct node *call, const char **method);
struct table *tree_table(struct tree *tree, const struct decl *decl);

#endif
