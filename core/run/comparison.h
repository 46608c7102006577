// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Figures that a project holds, set against what comes out when they are worked out again: equal
// means the same bits.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/design.h"
#include "core/store/project.h"

namespace cohelix::run {

/// A figure that came out otherwise.
struct Difference {
    std::string figure;  ///< "design 7, layer block2.expand, cycles"
    std::string stored;
    std::string found;
    friend bool operator==(const Difference&, const Difference&) = default;
};

class Comparison {
public:
    /// What the figures compared from now on belong to: "design 7".
    void about(std::string subject) { m_subject = std::move(subject); }

    void number(const std::string& figure, double stored, double found);
    void number(const std::string& figure, const std::optional<double>& stored,
                const std::optional<double>& found);
    void count(const std::string& figure, std::int64_t stored, std::int64_t found);
    void text(const std::string& figure, const std::string& stored, const std::string& found);
    /// Totals, then chunk by chunk and layer by layer with mapping and traffic; layers are named.
    void cost(const model::DesignCost& stored, const model::DesignCost& found,
              const model::Network& network);
    /// All figures of a row but its identity.
    void row(const store::DesignRow& stored, const store::DesignRow& found);

    std::int64_t figures() const { return m_figures; }
    const std::vector<Difference>& differences() const { return m_differences; }

private:
    /// What a row and a cost both have: FPS, latency, energy, EDP, DSP, BRAM18K.
    void totals(const model::Figures& stored, const model::Figures& found);
    void layer(const std::string& name, const model::LayerCost& stored,
               const model::LayerCost& found);

    std::string m_subject;
    std::int64_t m_figures = 0;
    std::vector<Difference> m_differences;
};

}  // namespace cohelix::run
