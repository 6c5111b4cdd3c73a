/*
 * What the files that fill the tree from libclang share: tree_types.c (records, types and what
 * names stand for), tree.c (statements and expressions), tree_parse.c (file scope and the parser).
 */
#ifndef REWRITER_TREE_INTERNAL_H
#define REWRITER_TREE_INTERNAL_H

#include "ast.h"

#include <clang-c/Index.h>

struct decl_slot {
	CXCursor cursor;
	struct decl *decl;
};

struct record_slot {
	CXCursor cursor;
	struct record *record;
};

/* Behind tree->clang. Both tables are open addressing, by cursor. */
struct clang_state {
	CXIndex index;
	CXTranslationUnit unit;
	struct decl_slot *decls;
	size_t n_decls, decls_size;
	struct record_slot *records;
	size_t n_records, records_size;
};

/* The bytes of the text that a cursor covers, and where a location is. */
uint32_t tree_offset(CXSourceLocation loc);
void tree_extent(CXCursor c, uint32_t *begin, uint32_t *end);
bool tree_in_main(CXCursor c);

void tree_fill_type(struct tree *tree, CXType t, struct type *out);
struct decl *tree_decl(struct tree *tree, CXCursor c);

/* Appends the node of a statement, expression or variable, with all below it, to parent. */
void tree_build(struct tree *tree, CXCursor c, struct node *parent);
/* The same for all that is below a cursor. */
void tree_build_children(struct tree *tree, CXCursor c, struct node *parent);

#endif
