/* Network namespaces. */
#ifndef BCC_NET_NET_NAMESPACE_H
#define BCC_NET_NET_NAMESPACE_H

#define sock_net(sk)		((sk)->__sk_common.skc_net.net)
#define read_pnet(pnet)		((pnet)->net)
#define net_eq(a, b)		((a) == (b))

#endif
