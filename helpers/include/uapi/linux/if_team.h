#include <linux/if_team.h>
