#include <linux/virtio_blk.h>
