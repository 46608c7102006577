// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hardware/template/template.h"

namespace cohelix::hardware {

void LayerPrice::add(const LayerPrice& layer) {
    cycles += layer.cycles;
    energyPicojoule += layer.energyPicojoule;
    dramBytes += layer.dramBytes;
    raise(layer);
}

}  // namespace cohelix::hardware
