// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nest/outline.h"

namespace cohelix::nest {

Outline::Outline(const Nest& nest) : m_nest(nest), m_divides(nest.divides()) {
    m_rounds[0] = 1;
    for (std::size_t p = 0; p < nest.loops.size(); ++p) {
        const auto& loop = nest.loops[p];
        m_rounds[p + 1] = loop.temporal() ? m_rounds[p] * loop.trips : m_rounds[p];
        if (!loop.temporal()) m_unrolled[m_unrolledCount++] = p;
    }
}

std::int64_t Outline::instances(std::size_t position) const {
    std::int64_t instances = 1;
    for (const auto p : unrolled()) {
        if (p < position) instances *= m_nest.loops[p].trips;
    }
    return instances;
}

void clear(const Crossing& between, StepCounts& steps) {
    const auto& outline = between.outline;
    const std::int64_t instances = outline.instances(between.childBegin());
    for (std::size_t p = 0; p <= between.childBegin(); ++p) {
        const bool moves = p > 0 && outline.loops()[p - 1].temporal();
        steps.works[p] = p == 0 ? instances : moves ? instances * outline.stepsAt(p - 1) : 0;
        steps.arrivals[p] = steps.sent[p] = 0;
    }
}

}  // namespace cohelix::nest
