/* Commands. */
#ifndef BCC_SCSI_SCSI_PROTO_H
#define BCC_SCSI_SCSI_PROTO_H

#define READ_6			0x8
#define WRITE_6			0xa
#define INQUIRY			0x12
#define READ_CAPACITY		0x25
#define READ_10			0x28
#define WRITE_10		0x2a
#define VERIFY			0x2f
#define SYNCHRONIZE_CACHE	0x35
#define READ_16			0x88
#define WRITE_16		0x8a
#define UNMAP			0x42
#define TEST_UNIT_READY		0x0
#define REQUEST_SENSE		0x3
#define MODE_SENSE		0x1a
#define START_STOP		0x1b
#define READ_12			0xa8
#define WRITE_12		0xaa
#define REPORT_LUNS		0xa0
#define WRITE_SAME		0x41
#define WRITE_SAME_16		0x93

#endif
