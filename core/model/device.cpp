// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/device.h"

#include <algorithm>
#include <array>

#include "core/base/same_name.h"

namespace cohelix::model {
namespace {

constexpr const char* kZynq7000 = "AMD/Xilinx DS190, Zynq-7000 product tables";
constexpr const char* kUltraScalePlus = "AMD/Xilinx DS891, Zynq UltraScale+ product tables";
constexpr const char* kVirtex7 = "AMD/Xilinx DS180, 7-series product tables";
constexpr const char* kPower7W =
    "; 7.0 W: every FPGA energy of HW-NAS-Bench is latency times 7.0 W (estimate)";

Device fpga(const char* name, const char* part, int dsp, int bram18k, int lut, int flipFlops,
            const char* source) {
    return {.name = name,
            .part = part,
            .dsp = dsp,
            .bram18k = bram18k,
            .lut = lut,
            .flipFlops = flipFlops,
            .source = std::string(source) + kPower7W};
}

Device withClock(Device device, double clockMhz) {
    device.clockMhz = clockMhz;
    return device;
}

Device withUram(Device device, int uram) {
    device.uram = uram;
    return device;
}

/// The limits that the authors' searches keep, on the board they name.
Device authorsLimits() {
    return fpga("ZC706-authors", "XC7Z045", 900, 700, 218600, 437200,
                "limits of 900 DSP and 700 BRAM in the authors' code of 2020-21; LUT "
                "and flip-flops: AMD/Xilinx DS190");
}

/// The whole part: a shell with PCIe and memory controllers takes a share of it.
Device alveoU250() {
    Device device = fpga("Alveo-U250", "XCU250", 12288, 5376, 1728000, 3456000, "");
    device.uram = 1280;
    device.clockMhz = 300;
    device.powerWatt = 110;
    device.source =
        "AMD/Xilinx DS962, Alveo U200 and U250 data sheet: the whole part, a shell's share "
        "included; 300 MHz and 110 W of the card are typical (estimate)";
    return device;
}

Device asic(const char* name, const char* part, int nodeNm, double clockMhz, const char* source) {
    return {.name = name,
            .part = part,
            .kind = DeviceKind::Asic,
            .nodeNm = nodeNm,
            .clockMhz = clockMhz,
            .powerWatt = 0,
            .source = source};
}

const std::array<Device, 11>& table() {
    static const std::array<Device, 11> kDevices = {{
        fpga("ZC706", "XC7Z045", 900, 1090, 218600, 437200, kZynq7000),
        authorsLimits(),
        fpga("ZCU102", "XCZU9EG", 2520, 1824, 274080, 548160, kUltraScalePlus),
        fpga("Ultra96", "XCZU3EG", 360, 432, 70560, 141120, kUltraScalePlus),
        withClock(fpga("PYNQ-Z2", "XC7Z020", 220, 280, 53200, 106400, kZynq7000), 100),
        fpga("VC709", "XC7VX690T", 3600, 2940, 433200, 866400, kVirtex7),
        withUram(fpga("KV260", "XCK26", 1248, 288, 117120, 234240, kUltraScalePlus), 64),
        alveoU250(),
        asic("ASIC-65nm", "65 nm", 65, 200, "clock of Eyeriss, JSSC 2017"),
        asic("ASIC-40nm", "40 nm", 40, 200, "clock: estimate"),
        asic("ASIC-28nm", "28 nm", 28, 250,
             "clock of the arithmetic in the authors' simulator of May 2020"),
    }};
    return kDevices;
}

}  // namespace

std::span<const Device> devices() { return table(); }

std::optional<Device> findDevice(std::string_view name) {
    for (const auto& device : table()) {
        if (base::sameName(device.name, name)) return device;
    }
    return std::nullopt;
}

}  // namespace cohelix::model
