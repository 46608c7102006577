// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The networks that need no further text. Private to the room.

#include "core/workload/workload.h"

namespace cohelix::workload {

Workload alexNet();
Workload vgg16();
Workload resNet18();
Workload resNet50();
Workload mobileNetV2();
Workload efficientNetB0();
Workload fbnetCLike();
Workload proxylessNasMobileLike();

}  // namespace cohelix::workload
