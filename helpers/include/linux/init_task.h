/* Types only: the compiler takes them from the kernel's BTF. */
