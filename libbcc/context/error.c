/*
 * Names and texts of return values, from one table: the errnos of Linux, the kernel's internal
 * ENOTSUPP (524, in no header, but bpf() returns it) and the library's own codes.
 */
#include <errno.h>

#include <bcc/common.h>

#define ERRORS(X) \
	X(0, "OK", "success") \
	X(-EPERM, "EPERM", "operation not permitted") \
	X(-ENOENT, "ENOENT", "no such file or directory") \
	X(-ESRCH, "ESRCH", "no such process") \
	X(-EINTR, "EINTR", "interrupted system call") \
	X(-EIO, "EIO", "input/output error") \
	X(-ENXIO, "ENXIO", "no such device or address") \
	X(-E2BIG, "E2BIG", "argument list too long") \
	X(-ENOEXEC, "ENOEXEC", "exec format error") \
	X(-EBADF, "EBADF", "bad file descriptor") \
	X(-ECHILD, "ECHILD", "no child processes") \
	X(-EAGAIN, "EAGAIN", "resource temporarily unavailable") \
	X(-ENOMEM, "ENOMEM", "cannot allocate memory") \
	X(-EACCES, "EACCES", "permission denied") \
	X(-EFAULT, "EFAULT", "bad address") \
	X(-ENOTBLK, "ENOTBLK", "block device required") \
	X(-EBUSY, "EBUSY", "device or resource busy") \
	X(-EEXIST, "EEXIST", "file exists") \
	X(-EXDEV, "EXDEV", "invalid cross-device link") \
	X(-ENODEV, "ENODEV", "no such device") \
	X(-ENOTDIR, "ENOTDIR", "not a directory") \
	X(-EISDIR, "EISDIR", "is a directory") \
	X(-EINVAL, "EINVAL", "invalid argument") \
	X(-ENFILE, "ENFILE", "too many open files in system") \
	X(-EMFILE, "EMFILE", "too many open files") \
	X(-ENOTTY, "ENOTTY", "inappropriate ioctl for device") \
	X(-ETXTBSY, "ETXTBSY", "text file busy") \
	X(-EFBIG, "EFBIG", "file too large") \
	X(-ENOSPC, "ENOSPC", "no space left on device") \
	X(-ESPIPE, "ESPIPE", "illegal seek") \
	X(-EROFS, "EROFS", "read-only file system") \
	X(-EMLINK, "EMLINK", "too many links") \
	X(-EPIPE, "EPIPE", "broken pipe") \
	X(-EDOM, "EDOM", "numerical argument out of domain") \
	X(-ERANGE, "ERANGE", "numerical result out of range") \
	X(-EDEADLK, "EDEADLK", "resource deadlock avoided") \
	X(-ENAMETOOLONG, "ENAMETOOLONG", "file name too long") \
	X(-ENOLCK, "ENOLCK", "no locks available") \
	X(-ENOSYS, "ENOSYS", "function not implemented") \
	X(-ENOTEMPTY, "ENOTEMPTY", "directory not empty") \
	X(-ELOOP, "ELOOP", "too many levels of symbolic links") \
	X(-ENOMSG, "ENOMSG", "no message of desired type") \
	X(-EIDRM, "EIDRM", "identifier removed") \
	X(-ECHRNG, "ECHRNG", "channel number out of range") \
	X(-EL2NSYNC, "EL2NSYNC", "level 2 not synchronized") \
	X(-EL3HLT, "EL3HLT", "level 3 halted") \
	X(-EL3RST, "EL3RST", "level 3 reset") \
	X(-ELNRNG, "ELNRNG", "link number out of range") \
	X(-EUNATCH, "EUNATCH", "protocol driver not attached") \
	X(-ENOCSI, "ENOCSI", "no CSI structure available") \
	X(-EL2HLT, "EL2HLT", "level 2 halted") \
	X(-EBADE, "EBADE", "invalid exchange") \
	X(-EBADR, "EBADR", "invalid request descriptor") \
	X(-EXFULL, "EXFULL", "exchange full") \
	X(-ENOANO, "ENOANO", "no anode") \
	X(-EBADRQC, "EBADRQC", "invalid request code") \
	X(-EBADSLT, "EBADSLT", "invalid slot") \
	X(-EBFONT, "EBFONT", "bad font file format") \
	X(-ENOSTR, "ENOSTR", "device not a stream") \
	X(-ENODATA, "ENODATA", "no data available") \
	X(-ETIME, "ETIME", "timer expired") \
	X(-ENOSR, "ENOSR", "out of streams resources") \
	X(-ENONET, "ENONET", "machine is not on the network") \
	X(-ENOPKG, "ENOPKG", "package not installed") \
	X(-EREMOTE, "EREMOTE", "object is remote") \
	X(-ENOLINK, "ENOLINK", "link has been severed") \
	X(-EADV, "EADV", "advertise error") \
	X(-ESRMNT, "ESRMNT", "srmount error") \
	X(-ECOMM, "ECOMM", "communication error on send") \
	X(-EPROTO, "EPROTO", "protocol error") \
	X(-EMULTIHOP, "EMULTIHOP", "multihop attempted") \
	X(-EDOTDOT, "EDOTDOT", "RFS specific error") \
	X(-EBADMSG, "EBADMSG", "bad message") \
	X(-EOVERFLOW, "EOVERFLOW", "value too large for defined data type") \
	X(-ENOTUNIQ, "ENOTUNIQ", "name not unique on network") \
	X(-EBADFD, "EBADFD", "file descriptor in bad state") \
	X(-EREMCHG, "EREMCHG", "remote address changed") \
	X(-ELIBACC, "ELIBACC", "can not access a needed shared library") \
	X(-ELIBBAD, "ELIBBAD", "accessing a corrupted shared library") \
	X(-ELIBSCN, "ELIBSCN", ".lib section in a.out corrupted") \
	X(-ELIBMAX, "ELIBMAX", "attempting to link in too many shared libraries") \
	X(-ELIBEXEC, "ELIBEXEC", "cannot exec a shared library directly") \
	X(-EILSEQ, "EILSEQ", "invalid or incomplete multibyte or wide character") \
	X(-ERESTART, "ERESTART", "interrupted system call should be restarted") \
	X(-ESTRPIPE, "ESTRPIPE", "streams pipe error") \
	X(-EUSERS, "EUSERS", "too many users") \
	X(-ENOTSOCK, "ENOTSOCK", "socket operation on non-socket") \
	X(-EDESTADDRREQ, "EDESTADDRREQ", "destination address required") \
	X(-EMSGSIZE, "EMSGSIZE", "message too long") \
	X(-EPROTOTYPE, "EPROTOTYPE", "protocol wrong type for socket") \
	X(-ENOPROTOOPT, "ENOPROTOOPT", "protocol not available") \
	X(-EPROTONOSUPPORT, "EPROTONOSUPPORT", "protocol not supported") \
	X(-ESOCKTNOSUPPORT, "ESOCKTNOSUPPORT", "socket type not supported") \
	X(-EOPNOTSUPP, "EOPNOTSUPP", "operation not supported") \
	X(-EPFNOSUPPORT, "EPFNOSUPPORT", "protocol family not supported") \
	X(-EAFNOSUPPORT, "EAFNOSUPPORT", "address family not supported by protocol") \
	X(-EADDRINUSE, "EADDRINUSE", "address already in use") \
	X(-EADDRNOTAVAIL, "EADDRNOTAVAIL", "cannot assign requested address") \
	X(-ENETDOWN, "ENETDOWN", "network is down") \
	X(-ENETUNREACH, "ENETUNREACH", "network is unreachable") \
	X(-ENETRESET, "ENETRESET", "network dropped connection on reset") \
	X(-ECONNABORTED, "ECONNABORTED", "software caused connection abort") \
	X(-ECONNRESET, "ECONNRESET", "connection reset by peer") \
	X(-ENOBUFS, "ENOBUFS", "no buffer space available") \
	X(-EISCONN, "EISCONN", "transport endpoint is already connected") \
	X(-ENOTCONN, "ENOTCONN", "transport endpoint is not connected") \
	X(-ESHUTDOWN, "ESHUTDOWN", "cannot send after transport endpoint shutdown") \
	X(-ETOOMANYREFS, "ETOOMANYREFS", "too many references: cannot splice") \
	X(-ETIMEDOUT, "ETIMEDOUT", "connection timed out") \
	X(-ECONNREFUSED, "ECONNREFUSED", "connection refused") \
	X(-EHOSTDOWN, "EHOSTDOWN", "host is down") \
	X(-EHOSTUNREACH, "EHOSTUNREACH", "no route to host") \
	X(-EALREADY, "EALREADY", "operation already in progress") \
	X(-EINPROGRESS, "EINPROGRESS", "operation now in progress") \
	X(-ESTALE, "ESTALE", "stale file handle") \
	X(-EUCLEAN, "EUCLEAN", "structure needs cleaning") \
	X(-ENOTNAM, "ENOTNAM", "not a XENIX named type file") \
	X(-ENAVAIL, "ENAVAIL", "no XENIX semaphores available") \
	X(-EISNAM, "EISNAM", "is a named type file") \
	X(-EREMOTEIO, "EREMOTEIO", "remote I/O error") \
	X(-EDQUOT, "EDQUOT", "disk quota exceeded") \
	X(-ENOMEDIUM, "ENOMEDIUM", "no medium found") \
	X(-EMEDIUMTYPE, "EMEDIUMTYPE", "wrong medium type") \
	X(-ECANCELED, "ECANCELED", "operation canceled") \
	X(-ENOKEY, "ENOKEY", "required key not available") \
	X(-EKEYEXPIRED, "EKEYEXPIRED", "key has expired") \
	X(-EKEYREVOKED, "EKEYREVOKED", "key has been revoked") \
	X(-EKEYREJECTED, "EKEYREJECTED", "key was rejected by service") \
	X(-EOWNERDEAD, "EOWNERDEAD", "owner died") \
	X(-ENOTRECOVERABLE, "ENOTRECOVERABLE", "state not recoverable") \
	X(-ERFKILL, "ERFKILL", "operation not possible due to RF-kill") \
	X(-524, "ENOTSUPP", "not supported by the kernel") \
	X(BCC_ERR_COMPILE, "BCC_ERR_COMPILE", "the text does not compile") \
	X(BCC_ERR_VERIFIER, "BCC_ERR_VERIFIER", "the kernel's verifier rejected a program") \
	X(BCC_ERR_COMPILER, "BCC_ERR_COMPILER", "the compiler is missing or failed") \
	X(BCC_ERR_PRIVILEGE, "BCC_ERR_PRIVILEGE", "a privilege is missing") \
	X(BCC_ERR_KERNEL, "BCC_ERR_KERNEL", "the running kernel lacks the feature") \
	X(BCC_ERR_NO_HOOK, "BCC_ERR_NO_HOOK", "there is no such hook")

const char *bcc_strerror(int error)
{
	if (error > 0)
		return "success";
	switch (error) {
#define TEXT(code, name, text) case code: return text;
	ERRORS(TEXT)
#undef TEXT
	default:
		return "unknown error";
	}
}

const char *bcc_error_name(int error)
{
	if (error > 0)
		return "OK";
	switch (error) {
#define NAME(code, name, text) case code: return name;
	ERRORS(NAME)
#undef NAME
	default:
		return "UNKNOWN";
	}
}
