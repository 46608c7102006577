// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/checks.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>

#include "core/base/output_file.h"
#include "core/base/units.h"

namespace cohelix::cli {
namespace {

std::optional<double> finite(const std::string& text) {
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (text.empty() || *end != '\0' || !std::isfinite(value)) return std::nullopt;
    return value;
}

std::string refused(const std::string& wanted, const std::string& text) {
    return "must be " + wanted + ", but is '" + text + "'";
}

}  // namespace

CLI::Validator wholeFrom(std::int64_t least) {
    return {[least](const std::string& text) -> std::string {
                std::int64_t value = 0;
                const char* end = text.data() + text.size();
                const auto [stop, problem] = std::from_chars(text.data(), end, value);
                // What follows takes a leading 0 for the mark of an octal number.
                const bool decimal = text == "0" || !text.starts_with('0');
                if (problem == std::errc() && stop == end && decimal && value >= least) return {};
                return refused("a whole number from " + std::to_string(least), text);
            },
            "N"};
}

CLI::Validator numberBetween(double least, double most) {
    const bool open = most == std::numeric_limits<double>::max();
    const std::string wanted =
        "a number from " + base::exact(least) + (open ? std::string() : " to " + base::exact(most));
    return {[least, most, wanted](const std::string& text) -> std::string {
                const auto value = finite(text);
                if (value && *value >= least && *value <= most) return {};
                return refused(wanted, text);
            },
            ""};
}

CLI::Validator numberFrom(double least) {
    return numberBetween(least, std::numeric_limits<double>::max());
}

void addSizeOption(CLI::App& command, std::vector<std::string>& sizes) {
    command
        .add_option("--size", sizes,
                    "sizes of dimensions that an ONNX model leaves open: by name (H=48,W=320), "
                    "place (image[2]=48), or batch=4")
        ->delimiter(',');
}

CLI::Validator outputFile() {
    return {[](const std::string& path) -> std::string {
                const auto place = base::checkPlace(path);
                return place ? std::string() : base::toText(place.error());
            },
            "FILE"};
}

}  // namespace cohelix::cli
