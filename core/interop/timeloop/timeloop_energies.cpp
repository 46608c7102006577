// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/timeloop/timeloop_energies.h"

#include <algorithm>
#include <charconv>

#include "core/nest/energy_table.h"

namespace cohelix::interop {
namespace {

constexpr double kMostBits = 4096;

/// The node that the table's energies are of is the nearest to the technology's; 45 nm where none
/// is said.
const nest::EnergyTable& tableFor(const std::optional<std::string>& technology) {
    double nanometre = 45;
    if (technology) {
        const char* end = technology->data() + technology->size();
        std::from_chars(technology->data(), end, nanometre);
    }
    const auto tables = nest::energyTables();
    const std::string_view name = nanometre < 42.5 ? "timeloop-40nm" : "horowitz-45nm";
    return *std::find_if(tables.begin(), tables.end(),
                         [name](const auto& table) { return table.name == name; });
}

int wholeBits(double bits) { return static_cast<int>(std::clamp(bits, 1.0, kMostBits)); }

}  // namespace

double EstimatedEnergies::access(const std::string& component,
                                 const std::optional<std::string>& technology, double bytes,
                                 double bits) {
    const auto& table = tableFor(technology);
    m_components += (m_components.empty() ? "" : ", ") + component;
    m_tables.insert(table.name);
    return bytes <= 0 ? nest::dramAccess(table, wholeBits(bits)).picojoule
                      : nest::sramAccess(table, bytes, wholeBits(bits)).picojoule;
}

double EstimatedEnergies::multiplier(const std::string& component,
                                     const std::optional<std::string>& technology, double bits,
                                     double sumBits) {
    const auto& table = tableFor(technology);
    m_components += (m_components.empty() ? "" : ", ") + component;
    m_tables.insert(table.name);
    return nest::multiplyAccumulate(table, wholeBits(bits), wholeBits(sumBits)).picojoule;
}

void EstimatedEnergies::addTo(TimeloopArchitecture& architecture) const {
    if (m_components.empty()) return;
    std::string sources;
    for (const auto& name : m_tables) {
        const auto table = nest::findEnergyTable(name);
        sources += (sources.empty() ? "" : "; ") + name + " (" + table->source + ")";
    }
    architecture.hierarchy.estimate = true;
    architecture.hierarchy.source =
        "the file gives no energies of " + m_components + "; they are taken from " + sources;
    architecture.notes.push_back("energies are missing of " + m_components + ": estimated from " +
                                 sources);
}

}  // namespace cohelix::interop
