// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Numbers as people read them: with thousands separators, a fitting number of digits and a unit.

#include <cstdint>
#include <string>
#include <vector>

namespace cohelix::base {

/// 1,234,567
std::string grouped(std::int64_t value);
/// "1 layer", "1,234 layers".
std::string counted(std::int64_t count, const char* one, const char* many);
/// Fixed decimals, thousands separated: 1,234.50. "-" when not finite.
std::string fixed(double value, int decimals);
/// Three significant digits and a decimal prefix: "98.4 M", "1.23 k", "512". "-" when not finite.
std::string prefixed(double value);
/// Powers of 1,024: "108 KiB".
std::string bytes(double count);
/// "0:41", "12:03", "1:02:03".
std::string clockTime(double seconds);
/// The shortest text that reads back as the same double; never locale dependent.
std::string exact(double value);

/// "a, b, c".
std::string listed(const std::vector<std::string>& names);

/// The program's version, "0.1.0".
const char* programVersion();

}  // namespace cohelix::base
