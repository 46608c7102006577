// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/device.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace cohelix::model {
namespace {

constexpr const char* kZynq7000 = "AMD/Xilinx DS190, Zynq-7000 product tables";
constexpr const char* kUltraScalePlus = "AMD/Xilinx DS891, Zynq UltraScale+ product tables";
constexpr const char* kVirtex7 = "AMD/Xilinx DS180, 7-series product tables";
constexpr const char* kPower7W =
    "; 7.0 W: every FPGA energy of HW-NAS-Bench is latency times 7.0 W (estimate)";

const std::array<Device, 9>& table() {
    static const std::array<Device, 9> kDevices = {{
        {"ZC706", "XC7Z045", DeviceKind::Fpga, 900, 1090, 218600, 0, 200, 7.0,
         std::string(kZynq7000) + kPower7W},
        {"ZCU102", "XCZU9EG", DeviceKind::Fpga, 2520, 1824, 274080, 0, 200, 7.0,
         std::string(kUltraScalePlus) + kPower7W},
        {"Ultra96", "XCZU3EG", DeviceKind::Fpga, 360, 432, 70560, 0, 200, 7.0,
         std::string(kUltraScalePlus) + kPower7W},
        {"PYNQ-Z2", "XC7Z020", DeviceKind::Fpga, 220, 280, 53200, 0, 100, 7.0,
         std::string(kZynq7000) + kPower7W},
        {"VC709", "XC7VX690T", DeviceKind::Fpga, 3600, 2940, 433200, 0, 200, 7.0,
         std::string(kVirtex7) + kPower7W},
        {"KV260", "XCK26", DeviceKind::Fpga, 1248, 288, 117120, 64, 200, 7.0,
         std::string(kUltraScalePlus) + kPower7W},
        {"ASIC-65nm", "65 nm", DeviceKind::Asic, 0, 0, 0, 0, 200, 0, "clock of Eyeriss, JSSC 2017"},
        {"ASIC-40nm", "40 nm", DeviceKind::Asic, 0, 0, 0, 0, 200, 0, "clock: estimate"},
        {"ASIC-28nm", "28 nm", DeviceKind::Asic, 0, 0, 0, 0, 250, 0,
         "clock of the arithmetic in the authors' simulator, method 1A"},
    }};
    return kDevices;
}

bool sameName(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) ==
               std::tolower(static_cast<unsigned char>(y));
    });
}

}  // namespace

std::span<const Device> devices() { return table(); }

std::optional<Device> findDevice(std::string_view name) {
    for (const auto& device : table()) {
        if (sameName(device.name, name)) return device;
    }
    return std::nullopt;
}

}  // namespace cohelix::model
