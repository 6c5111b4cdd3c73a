/*
 * What the verifier's sentences mean and what to do about them: one row each, the first row that
 * fits is taken, so the special ones stand before the general ones. Older kernels say 'inv' where
 * newer ones say 'scalar'.
 */
#include <string.h>

#include "object/verifier.h"

static const char hint_null[] =
	"check the pointer before using it, e.g. `if (!p) return 0;` after a lookup()";
static const char hint_read[] =
	"read memory of the kernel with bpf_probe_read_kernel(), of a process with "
	"bpf_probe_read_user()";
static const char hint_bound[] =
	"bound the value where the compiler cannot remove it, e.g. `if (len > sizeof(buf)) "
	"return 0;` or `len &= 0xff`";
static const char hint_init[] =
	"initialise all of it, padding included: `struct data d = {};`";
static const char hint_loop[] =
	"give the loop a constant bound that is checked in each round, or use #pragma unroll or "
	"bpf_loop()";
static const char hint_simplify[] =
	"split the program, bound its loops tighter, or move repeated code into a function that is "
	"not inlined";
static const char hint_stack[] =
	"keep large data in a one-entry per-CPU array instead of on the stack";
static const char hint_helper[] =
	"this kernel or this type of program does not have the helper; another hook or another "
	"helper may do";
static const char hint_gpl[] =
	"declare a GPL-compatible licence: #define BPF_LICENSE GPL, or in libbpf style "
	"char LICENSE[] SEC(\"license\") = \"GPL\"";
static const char hint_release[] =
	"release the reference (submit or discard a reserved record) on every path to the return";
static const char hint_ctx[] =
	"the context has no such member here; look at the type that this hook passes";

static const struct verifier_advice catalogue[] = {
	{ "_or_null'", NULL,
	  "a pointer that may be NULL is used",
	  hint_null },
	{ "_or_null prohibited", NULL,
	  "arithmetic on a pointer that may be NULL",
	  hint_null },
	{ "null-check it first", NULL,
	  "arithmetic on a pointer that may be NULL",
	  hint_null },
	{ "type=map_value_or_null", NULL,
	  "a pointer that may be NULL is handed to a helper",
	  hint_null },
	{ "Possibly NULL pointer passed", NULL,
	  "a pointer that may be NULL is handed to a function",
	  hint_null },
	{ "invalid mem access 'scalar'", NULL,
	  "a number is used as a pointer",
	  hint_read },
	{ "invalid mem access 'inv'", NULL,
	  "a number is used as a pointer",
	  hint_read },
	{ "type=scalar expected=", NULL,
	  "a number is handed to a helper that wants a pointer",
	  "pass the address of a variable on the stack or of a map's value" },
	{ "type=inv expected=", NULL,
	  "a number is handed to a helper that wants a pointer",
	  "pass the address of a variable on the stack or of a map's value" },
	{ "invalid indirect read from stack", NULL,
	  "memory that was never written is handed to a helper",
	  hint_init },
	{ "invalid indirect access to stack", NULL,
	  "memory outside of the variable is handed to a helper",
	  "pass the variable's own size: sizeof(var)" },
	{ "invalid read from stack", NULL,
	  "memory on the stack is read that was never written",
	  hint_init },
	{ "uninitialized", "stack",
	  "memory on the stack is read that was never written",
	  hint_init },
	{ "!read_ok", NULL,
	  "a variable is used that has no value yet",
	  "give the variable a value on every path" },
	{ "combined stack size", NULL,
	  "the functions together use more stack than the kernel allows",
	  hint_stack },
	{ "stack", "exceeds",
	  "the stack frame is larger than 512 bytes",
	  hint_stack },
	{ "invalid stack", "off=",
	  "an access outside of the stack frame (512 bytes)",
	  hint_stack },
	{ "invalid write to stack", NULL,
	  "an access outside of the stack frame (512 bytes)",
	  hint_stack },
	{ "invalid variable-offset", "stack",
	  "an array on the stack is indexed by a value that has no known bounds",
	  hint_bound },
	{ "invalid unbounded variable-offset", NULL,
	  "an array on the stack is indexed by a value that has no known bounds",
	  hint_bound },
	{ "back-edge", NULL,
	  "a loop that this kernel does not take",
	  hint_loop },
	{ "infinite loop detected", NULL,
	  "a loop that the kernel cannot see the end of",
	  hint_loop },
	{ "too many states", NULL,
	  "the program is too complex to check",
	  hint_simplify },
	{ "program is too large", NULL,
	  "the program is too complex to check: too many instructions on all of its paths",
	  hint_simplify },
	{ "too complex", NULL,
	  "the program is too complex to check",
	  hint_simplify },
	{ "unbounded memory access", NULL,
	  "a size or an index has no upper bound",
	  hint_bound },
	{ "unbounded min value", NULL,
	  "a size or an index has no lower bound",
	  hint_bound },
	{ "min value is negative", NULL,
	  "a size or an index may be negative",
	  "make it unsigned, or check that it is not negative" },
	{ "invalid zero-sized read", NULL,
	  "a size may be 0 where the helper wants at least 1 byte",
	  "check that the size is not 0" },
	{ "R2 invalid size", NULL,
	  "a size that the helper does not take",
	  hint_bound },
	{ "invalid access to map value", NULL,
	  "an access outside of the map's value",
	  hint_bound },
	{ "invalid access to map key", NULL,
	  "an access outside of the map's key",
	  "pass a key of the map's own key type" },
	{ "max value is outside of the allowed", NULL,
	  "an index may be outside of the memory",
	  hint_bound },
	{ "outside of the allowed memory range", NULL,
	  "an index may be outside of the memory",
	  hint_bound },
	{ "invalid access to packet", NULL,
	  "the packet is read without a check of its end",
	  "compare with data_end before each access: `if ((void *)(p + 1) > data_end) return 0;`" },
	{ "offset is outside of the packet", NULL,
	  "the packet is read without a check of its end",
	  "compare with data_end before each access: `if ((void *)(p + 1) > data_end) return 0;`" },
	{ "BPF_STX uses reserved fields", NULL,
	  "an atomic operation that this kernel does not have",
	  "before Linux 5.12 only an addition whose result is not used is atomic; the compiler makes "
	  "another operation of adding a constant 0" },
	{ "invalid func unknown", NULL,
	  "a helper that this kernel does not have",
	  hint_helper },
	{ "unknown func", NULL,
	  "a helper that this kernel does not have for this type of program",
	  hint_helper },
	{ "cannot use helper", NULL,
	  "a helper that this type of program may not call",
	  hint_helper },
	{ "helper call is not allowed", NULL,
	  "a helper that may not be called here",
	  hint_helper },
	{ "GPL", NULL,
	  "a helper for GPL programs is called by a program that is not GPL-compatible",
	  hint_gpl },
	{ "Unreleased reference", NULL,
	  "a reference that was taken is not given back on some path",
	  hint_release },
	{ "reference leak", NULL,
	  "a reference that was taken is not given back on some path",
	  hint_release },
	{ "reference has not been acquired", NULL,
	  "a reference is given back that was not taken, or twice",
	  "give each reference back once" },
	{ "spin_lock", NULL,
	  "a spin lock is not held and released as the kernel wants it",
	  "lock once, call nothing, unlock on every path" },
	{ "invalid bpf_context access", NULL,
	  "the context is read at a place that this hook does not have",
	  hint_ctx },
	{ "invalid ctx access", NULL,
	  "the context is read at a place that this hook does not have",
	  hint_ctx },
	{ "modified ctx ptr", NULL,
	  "the context is read through a changed pointer",
	  "read the context through its own parameter, at constant offsets" },
	{ "misaligned", NULL,
	  "an access that is not aligned to its size",
	  "align the member, or copy it with bpf_probe_read_kernel()" },
	{ "has value", "should have been",
	  "the program returns a value that this hook does not take",
	  "return 0, or what the hook's documentation names" },
	{ "should have been in", NULL,
	  "the program returns a value that this hook does not take",
	  "return 0, or what the hook's documentation names" },
	{ "leaks addr", NULL,
	  "a kernel address would get out of the program",
	  "store the value that the pointer points to" },
	{ "unreachable insn", NULL,
	  "a part of the program that is never reached",
	  "remove the code, or what makes the compiler think that it returns" },
	{ "jump out of range", NULL,
	  "the program runs past its end",
	  "end every path in a return" },
	{ "last insn is not an exit", NULL,
	  "the program runs past its end",
	  "end every path in a return" },
	{ "CO-RE relocation", NULL,
	  "a member or type that this kernel does not have",
	  "test with bpf_core_field_exists() or bpf_core_type_exists() before using it" },
	{ "kernel function", "not allowed",
	  "a kernel function that this type of program may not call",
	  hint_helper },
	{ "prohibited", "pointer",
	  "arithmetic on a pointer that the kernel does not allow",
	  "compute the offset first and add it to a map value's or the stack's address" },
	{ "invalid mem access", NULL,
	  "memory is accessed through a pointer that does not allow it",
	  hint_read },
	{ "expected=", "type=",
	  "a helper gets an argument of another kind than it wants",
	  "compare the call with the helper's documentation, man bpf-helpers" },
};

const struct verifier_advice *verifier_advice(const char *sentence)
{
	for (size_t i = 0; i < sizeof(catalogue) / sizeof(*catalogue); i++) {
		const struct verifier_advice *row = &catalogue[i];

		if (strstr(sentence, row->a) && (!row->b || strstr(sentence, row->b)))
			return row;
	}
	return NULL;
}
