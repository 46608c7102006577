// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The constants of a device, named, so that it can be shown which of them were read in its
// documents and which were set by calibration.

#include <string_view>

namespace cohelix::validate {

struct DeviceConstant {
    std::string_view name;
    double value = 0;
    std::string_view meaning;  ///< with its unit, and its source where it is not calibrated
    bool calibrated = false;   ///< set so that the model meets measurements
    friend bool operator==(const DeviceConstant&, const DeviceConstant&) = default;
};

}  // namespace cohelix::validate
