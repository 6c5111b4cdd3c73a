/* Line disciplines and driver types. */
#ifndef BCC_LINUX_TTY_H
#define BCC_LINUX_TTY_H

#define N_TTY		0
#define N_SLIP		1
#define N_MOUSE		2
#define N_PPP		3
#define N_STRIP		4
#define N_AX25		5
#define N_X25		6
#define N_6PACK		7
#define N_MASC		8
#define N_R3964		9
#define N_PROFIBUS_FDL	10
#define N_IRDA		11
#define N_SMSBLOCK	12
#define N_HDLC		13
#define N_SYNC_PPP	14
#define N_HCI		15
#define N_GIGASET_M101	16
#define N_SLCAN		17
#define N_PPS		18
#define N_V253		19
#define N_CAIF		20
#define N_GSM0710	21
#define N_TI_WL		22
#define N_TRACESINK	23
#define N_TRACEROUTER	24
#define N_NCI		25
#define N_SPEAKUP	26
#define N_NULL		27
#define N_MCTP		28
#define N_DEVELOPMENT	29
#define N_CAN327	30

#define TTY_THROTTLED		0
#define TTY_IO_ERROR		1
#define TTY_OTHER_CLOSED	2
#define TTY_EXCLUSIVE		3

#endif
