// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/selection.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace cohelix::ui {

namespace {

/// Those that are there, each once, in their order.
std::vector<std::int64_t> knownOf(const std::vector<std::int64_t>& designs,
                                  const DesignList& list) {
    std::vector<std::int64_t> known;
    std::unordered_set<std::int64_t> seen;
    for (const std::int64_t design : designs) {
        if (list.find(design) && seen.insert(design).second) known.push_back(design);
    }
    return known;
}

bool holds(const std::vector<std::int64_t>& designs, std::int64_t design) {
    return std::find(designs.begin(), designs.end(), design) != designs.end();
}

void settleBaseline(Selected& selected) {
    if (holds(selected.pins, selected.baseline)) return;
    selected.baseline = selected.pins.empty() ? 0 : selected.pins.front();
}

}  // namespace

int layerPlace(const model::Network& network, const std::string& layer) {
    const auto found = std::find_if(network.layers.begin(), network.layers.end(),
                                    [&](const model::Layer& other) { return other.name == layer; });
    return found == network.layers.end() ? 0 : static_cast<int>(found - network.layers.begin());
}

Selection::Selection(const Projection& projection, QObject* parent)
    : QObject(parent), m_projection(projection) {
    connect(&projection, &Projection::designsReset, this, &Selection::dropUnknown);
}

void Selection::selectDesign(std::int64_t design) { selectDesigns({design}); }

void Selection::selectDesigns(const std::vector<std::int64_t>& designs) {
    Selected next = m_now;
    next.designs = knownOf(designs, m_projection.designList());
    take(std::move(next));
}

void Selection::selectLayer(const std::string& layer) {
    Selected next = m_now;
    next.layer = layer;
    take(std::move(next));
}

bool Selection::hasRun(std::int64_t run) const {
    const auto& runs = m_projection.runs();
    return std::any_of(runs.begin(), runs.end(),
                       [run](const store::RunRow& row) { return row.id == run; });
}

void Selection::selectRun(std::optional<std::int64_t> run) {
    Selected next = m_now;
    next.run = run && hasRun(*run) ? run : std::nullopt;
    take(std::move(next));
}

void Selection::setPinned(std::int64_t design, bool pinned) {
    Selected next = m_now;
    if (!pinned) {
        std::erase(next.pins, design);
    } else if (m_projection.designList().find(design) && !holds(next.pins, design)) {
        next.pins.push_back(design);
    }
    settleBaseline(next);
    take(std::move(next));
}

void Selection::setBaseline(std::int64_t design) {
    if (!holds(m_now.pins, design)) return;
    Selected next = m_now;
    next.baseline = design;
    take(std::move(next));
}

void Selection::clear() { take({}); }

void Selection::dropUnknown() {
    Selected next = m_now;
    next.designs = knownOf(next.designs, m_projection.designList());
    next.pins = knownOf(next.pins, m_projection.designList());
    if (next.run && !hasRun(*next.run)) next.run.reset();
    settleBaseline(next);
    take(std::move(next));
}

void Selection::take(Selected next) {
    const Selected before = std::exchange(m_now, std::move(next));
    const std::int64_t formerly = before.designs.empty() ? 0 : before.designs.front();
    if (primary() != formerly) Q_EMIT primaryChanged(primary());
    if (m_now.designs != before.designs) Q_EMIT designsChanged();
    if (m_now.layer != before.layer) Q_EMIT layerChanged();
    if (m_now.run != before.run) Q_EMIT runChanged();
    if (m_now.pins != before.pins || m_now.baseline != before.baseline) Q_EMIT pinsChanged();
}

}  // namespace cohelix::ui
