// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Target devices: a part and its resources, with the source of each.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cohelix::model {

enum class DeviceKind : std::uint8_t { Fpga, Asic };
constexpr std::string_view word(DeviceKind kind) {
    switch (kind) {
        case DeviceKind::Fpga: return "fpga";
        case DeviceKind::Asic: return "asic";
    }
    return {};
}

struct Device {
    std::string name = {};  ///< "ZC706"
    std::string part = {};  ///< "XC7Z045", or the process node of an ASIC
    DeviceKind kind = DeviceKind::Fpga;
    int dsp = 0;              ///< DSP slices (FPGA)
    int bram18k = 0;          ///< block RAMs of 18,432 bits (FPGA)
    int lut = 0;              ///< six-input look-up tables (FPGA)
    int uram = 0;             ///< UltraRAM blocks of 294,912 bits (FPGA)
    int flipFlops = 0;        ///< (FPGA)
    int nodeNm = 0;           ///< process node in nanometres (ASIC)
    double clockMhz = 200;    ///< default clock of an accelerator on it
    double powerWatt = 7.0;   ///< default board power for energy = power * latency (FPGA)
    std::string source = {};  ///< where the figures come from
    friend bool operator==(const Device&, const Device&) = default;
};

std::span<const Device> devices();
/// By name, letter case ignored.
std::optional<Device> findDevice(std::string_view name);

}  // namespace cohelix::model
