// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Has the firmware of a Raspberry Pi boot the other system once ("tryboot"): what Raspberry Pi's own kernel does for
 * `reboot "0 tryboot"` and Debian's does not. Write Y to /sys/module/strowger_tryboot/parameters/wanted and restart;
 * the firmware forgets it with the boot that follows, and so does a power cut before.
 */
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/of.h>
#include <linux/reboot.h>
#include <soc/bcm2835/raspberrypi-firmware.h>

/* Not in the kernel's list of the firmware's questions (Debian 12); named as in Raspberry Pi's. */
#define SET_REBOOT_FLAGS 0x00038064
#define FLAG_TRYBOOT 1

static struct rpi_firmware *firmware;
static bool wanted;
module_param(wanted, bool, 0600);
MODULE_PARM_DESC(wanted, "boot the other system at the next restart, once");

static int tell_firmware(struct notifier_block *self, unsigned long action, void *command)
{
	u32 flags = wanted ? FLAG_TRYBOOT : 0;
	int failed;

	if (action != SYS_RESTART)
		return NOTIFY_DONE;
	failed = rpi_firmware_property(firmware, SET_REBOOT_FLAGS, &flags, sizeof(flags));
	if (failed)
		pr_err("strowger_tryboot: the firmware does not take it: %d\n", failed);
	return NOTIFY_OK;
}

static struct notifier_block restart = { .notifier_call = tell_firmware };

static const struct of_device_id boards[] = {
	{ .compatible = "raspberrypi,bcm2835-firmware" },
	{}
};
MODULE_DEVICE_TABLE(of, boards);

static int __init begin(void)
{
	struct device_node *node = of_find_matching_node(NULL, boards);

	if (!node)
		return -ENODEV;
	firmware = rpi_firmware_get(node);
	of_node_put(node);
	if (!firmware)
		return -EPROBE_DEFER;
	return register_reboot_notifier(&restart);
}

static void __exit end(void)
{
	unregister_reboot_notifier(&restart);
	rpi_firmware_put(firmware);
}

module_init(begin);
module_exit(end);
MODULE_DESCRIPTION("One boot of the other system on a Raspberry Pi");
MODULE_LICENSE("GPL");
