/*
 * bcc/variable.h - the global variables of a module's text, by name.
 *
 * Programs and this process see the same memory: what one writes, the other reads, at any time.
 * A value of 1, 2, 4 or 8 bytes is read and written as a whole; a larger one may be seen half
 * written. Variables that are const are fixed when the module is made: give them a value with
 * bcc_module_opts.values, and declare them "const volatile", else the compiler has used up the
 * value in the text.
 */
#ifndef BCC_VARIABLE_H
#define BCC_VARIABLE_H

#include <bcc/common.h>
#include <bcc/type.h>

BCC_EXTERN_C_BEGIN

/* A variable by its name, NULL when there is none: the compiler leaves out what no program uses.
 * It belongs to the module. */
BCC_API struct bcc_variable *bcc_module_variable(struct bcc_module *mod, const char *name);

/* Walks all of them: start with NULL, NULL is the end. */
BCC_API struct bcc_variable *bcc_module_next_variable(struct bcc_module *mod,
						      struct bcc_variable *prev);

BCC_API const char *bcc_variable_name(const struct bcc_variable *var);
BCC_API struct bcc_module *bcc_variable_module(const struct bcc_variable *var);
BCC_API const struct bcc_type *bcc_variable_type(const struct bcc_variable *var);

/* Whether it is const: its value cannot change any more. */
BCC_API bool bcc_variable_is_constant(const struct bcc_variable *var);

/*
 * Reads and writes the value as bytes in the layout of its type; size is that of the type. Errors:
 * -EINVAL (another size), -EPERM (setting a constant), or an errno.
 */
BCC_API int bcc_variable_get(struct bcc_variable *var, void *value, size_t size);
BCC_API int bcc_variable_set(struct bcc_variable *var, const void *value, size_t size);

/* The same in text form (bcc_type_format_dup(), bcc_type_parse()). Also: -ERANGE, -ENOMEM. */
BCC_API int bcc_variable_get_text(struct bcc_variable *var, char **value_dup);
BCC_API int bcc_variable_set_text(struct bcc_variable *var, const char *value);

BCC_EXTERN_C_END

#endif
