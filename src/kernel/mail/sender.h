// sender.h - in whose name a company's mails go out. Private to kernel/mail.
#pragma once

#include "kernel/tenant.h"

// The address: the company's own setting, else the configuration's; "" where neither is set.
Str mail_sender_address(Ctx *ctx);
// "Acme Ltd <sales@example.com>".
Str mail_sender(Ctx *ctx);
