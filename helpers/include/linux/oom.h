/* The range of /proc/PID/oom_score_adj and of its predecessor. */
#ifndef BCC_LINUX_OOM_H
#define BCC_LINUX_OOM_H

#define OOM_SCORE_ADJ_MIN	(-1000)
#define OOM_SCORE_ADJ_MAX	1000
#define OOM_DISABLE		(-17)
#define OOM_ADJUST_MIN		(-16)
#define OOM_ADJUST_MAX		15

#endif
