#include <linux/nl80211.h>
