// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/specification_input.h"

#include "core/base/json.h"

#include "app/cli/checks.h"
#include "app/cli/named_file.h"

namespace cohelix::cli {

void addSpecificationOptions(CLI::App& command, SpecificationInput& input) {
    command.add_option("--seed", input.seed, "start of all random numbers")->check(wholeFrom(0));
    command
        .add_option("--set", input.overrides,
                    "override a field of the specification: /limits/dsp=450 (repeatable)")
        ->allow_extra_args(false);
}

base::Result<spec::Specification> specificationNamed(const std::string& name) {
    auto preset = spec::preset(name);
    return preset ? preset : spec::loadSpecification(pathOf(name));
}

base::Result<spec::Specification> specificationOf(const SpecificationInput& input) {
    auto spec = specificationNamed(input.file);
    if (!spec) return spec;
    auto json = spec::toJson(*spec);
    for (const auto& item : input.overrides) {
        const auto equals = item.find('=');
        if (equals == std::string::npos) {
            return base::Error{"--set " + item, "there is no '=' in it",
                               "Write it like --set /limits/dsp=450"};
        }
        auto set = base::setAtPointer(json, item.substr(0, equals), item.substr(equals + 1));
        if (!set) return base::Error{"--set " + item, set.error().what, set.error().advice};
    }
    if (input.seed >= 0) json["seed"] = input.seed;
    return spec::fromJson(json);
}

}  // namespace cohelix::cli
