/* Messages that carry file descriptors and credentials. */
#ifndef BCC_NET_SCM_H
#define BCC_NET_SCM_H

#define SCM_MAX_FD	253

#endif
