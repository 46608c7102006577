// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/mapping_cache.h"

#include "core/base/units.h"

namespace cohelix::mapping {
namespace {

class Key {
public:
    Key& add(double figure) {
        m_text += base::exact(figure) + " ";
        return *this;
    }
    std::string text() const { return m_text; }

private:
    std::string m_text;
};

void addConstraints(const Constraints& constraints, Key& key) {
    key.add(constraints.leastUse);
    for (const auto& level : constraints.levels) {
        for (const auto* rules : {&level.temporal, &level.rows, &level.columns, &level.unrolled}) {
            for (const auto& rule : *rules) {
                key.add(static_cast<double>(rule.least)).add(static_cast<double>(rule.most));
            }
        }
        for (const auto* order : {&level.innermost, &level.outermost}) {
            key.add(static_cast<double>(order->size()));
            for (const auto dim : *order) key.add(static_cast<double>(dim));
        }
        for (const auto& keeps : level.keeps) key.add(keeps ? (*keeps ? 1 : 0) : 2);
    }
}

/// Everything that the result depends on, and nothing else: names do not matter.
std::string keyOf(const model::Layer& layer, const nest::Hierarchy& hierarchy,
                  const MapSpace& space, const MapperOptions& options) {
    Key key;
    for (const auto size : layer.sizes) key.add(static_cast<double>(size));
    for (const auto& step : {layer.stride, layer.dilation}) key.add(step.rows).add(step.columns);
    for (const auto& zeros : {layer.border.before, layer.border.after}) {
        key.add(zeros.rows).add(zeros.columns);
    }
    key.add(layer.groups);
    for (const auto& level : hierarchy.levels) {
        key.add(level.capacityWords).add(level.readPicojoule).add(level.fillPicojoule);
        key.add(level.updatePicojoule).add(level.readWordsPerCycle).add(level.writeWordsPerCycle);
        key.add(level.blockWords).add(level.sharedBandwidth);
        key.add(level.multicast).add(level.reduces);
        key.add(level.forwards).add(level.forwardPicojoule);
        key.add(level.doubleBuffered).add(level.exposesFirstFill).add(level.refillsInPlace);
        key.add(static_cast<double>(level.rows)).add(static_cast<double>(level.columns));
        for (const bool keeps : level.mayKeep) key.add(keeps);
    }
    key.add(hierarchy.macPicojoule).add(hierarchy.staticPicojoulePerCycle);
    key.add(static_cast<double>(hierarchy.pes)).add(static_cast<double>(hierarchy.overlap));
    key.add(hierarchy.readsZeros);
    key.add(static_cast<double>(space.middle)).add(static_cast<double>(space.inner));
    for (const auto& unrolling : space.unrollings) {
        key.add(static_cast<double>(unrolling.level)).add(static_cast<double>(unrolling.kind));
        key.add(static_cast<double>(unrolling.most));
        for (const bool allowed : unrolling.dims) key.add(allowed);
    }
    key.add(space.everyLoop);
    if (space.constraints) addConstraints(*space.constraints, key);
    key.add(static_cast<double>(options.objective)).add(options.seconds).add(options.padding);
    key.add(static_cast<double>(options.keeping));
    return key.text() + std::string(options.convention.name);
}

}  // namespace

base::Result<BestMapping> MappingCache::bestMapping(const model::Layer& layer,
                                                    const nest::Hierarchy& hierarchy,
                                                    const MapSpace& space,
                                                    const MapperOptions& options) {
    const auto key = keyOf(layer, hierarchy, space, options);
    if (const auto known = m_known.find(key); known != m_known.end()) return known->second;
    auto found = mapping::bestMapping(layer, hierarchy, space, options);
    if (found) m_known.emplace(key, *found);
    return found;
}

}  // namespace cohelix::mapping
