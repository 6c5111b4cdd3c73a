/*
 * Questions about the kernel's configuration. CONFIG_X is 1 when built in, CONFIG_X_MODULE is 1
 * for a module, both as the compiler was told with -D; an option it was not told is off.
 */
#ifndef BCC_LINUX_KCONFIG_H
#define BCC_LINUX_KCONFIG_H

/* _BCC_IS_ONE(X) is 1 when X expands to 1: only then does the pasted name shift the arguments. */
#define _BCC_SHIFT_1			0,
#define _BCC_SECOND(ignored, second, ...)	second
#define _BCC_PICK(...)			_BCC_SECOND(__VA_ARGS__)
#define _BCC_PASTE(value)		_BCC_PICK(_BCC_SHIFT_##value 1, 0, 0)
#define _BCC_IS_ONE(option)		_BCC_PASTE(option)

#define IS_BUILTIN(option)		_BCC_IS_ONE(option)
#define IS_MODULE(option)		_BCC_IS_ONE(option##_MODULE)
#define IS_ENABLED(option)		(IS_BUILTIN(option) || IS_MODULE(option))
#ifdef MODULE
#define IS_REACHABLE(option)		IS_ENABLED(option)
#else
#define IS_REACHABLE(option)		IS_BUILTIN(option)
#endif

#endif
