// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The designs that a search has found so far, and which of them deserve a closer look.

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "core/base/json.h"
#include "core/model/design.h"
#include "core/model/pareto.h"
#include "core/specification/specification.h"

namespace cohelix::search {

struct Candidate {
    model::DesignChoices choices;
    int target = -1;
    double merit = 0;     ///< the metric turned so that larger is better, > 0
    double estimate = 0;  ///< supernet accuracy, 0..1
    /// Bits of each layer, where the space has several; else empty.
    std::vector<int> precision = {};
};

class Candidates {
public:
    /// Adds a candidate, or brings the one with the same choices up to date; its index.
    std::size_t put(Candidate candidate);
    const Candidate& at(std::size_t index) const { return m_items[index]; }
    /// Where a candidate stands that has been put.
    std::size_t indexOf(const model::DesignChoices& choices) const { return m_index.at(choices); }
    std::size_t size() const { return m_items.size(); }

    /// `count` candidates for a closer look, in order of merit; of each network in each precision
    /// only the one of the greatest merit. First the `perWindow` best estimates of every window of
    /// the sweep: the supernet favours networks that are quickly trained, and a front over all
    /// windows would be made of these alone. Then what spreadSelection adds. Designs that are not
    /// `admitted` are as if they had not been found.
    using Admitted = std::function<bool(const model::DesignChoices&)>;
    std::vector<std::size_t> select(std::size_t count, const spec::Objective& objective,
                                    std::size_t perWindow, const Admitted& admitted = {}) const;

    base::Json save() const;
    void restore(const base::Json& json);

private:
    std::vector<std::size_t> bestOfEachNetwork(const Admitted& admitted) const;

    std::vector<Candidate> m_items;
    std::map<model::DesignChoices, std::size_t> m_index;
};

}  // namespace cohelix::search
