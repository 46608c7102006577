// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Energies that a Timeloop architecture leaves to Accelergy, from published unit energies. Private
// to the room.

#include <optional>
#include <set>
#include <string>

#include "core/interop/timeloop/timeloop_yaml.h"

namespace cohelix::interop {

/// Estimates, and remembers of what and from which table.
class EstimatedEnergies {
public:
    /// Picojoule for a word in or out of a memory of so many bytes; 0: DRAM. The technology
    /// ("45nm") decides which table is nearest.
    double access(const std::string& component, const std::optional<std::string>& technology,
                  double bytes, double bits);
    /// And for one multiply-accumulate.
    double multiplier(const std::string& component, const std::optional<std::string>& technology,
                      double bits, double sumBits);
    /// Marks the hierarchy as an estimate and says why; nothing where nothing was missing.
    void addTo(TimeloopArchitecture& architecture) const;

private:
    std::string m_components;
    std::set<std::string> m_tables;
};

}  // namespace cohelix::interop
