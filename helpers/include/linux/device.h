#ifndef BCC_LINUX_DEVICE_H
#define BCC_LINUX_DEVICE_H

#define dev_name(dev)	((dev)->kobj.name)

#endif
