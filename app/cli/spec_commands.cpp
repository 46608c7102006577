// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>

#include "core/base/unicode.h"
#include "core/base/units.h"
#include "core/learn/data_set_check.h"
#include "core/search/accelerator/feasibility.h"
#include "core/specification/field_help.h"

#include "app/cli/commands.h"
#include "app/cli/specification_input.h"
#include "app/cli/table.h"
#include "app/cli/terminal.h"

namespace cohelix::cli {
namespace {

int validate(const SpecificationInput& input) {
    Terminal terminal;
    const auto spec = specificationOf(input);
    if (!spec) return terminal.fail(spec.error());
    if (const auto feasible = search::checkFeasible(*spec); !feasible) {
        return terminal.fail(feasible.error());
    }
    if (const auto fits = learn::checkDataSet(spec->dataSet, spec->network); !fits) {
        return terminal.fail(fits.error());
    }
    const auto network = spec::networkChoices(spec->network);
    const auto accelerator = hardware::acceleratorChoices(spec->accelerator);
    return put(input.file + " is valid: " + base::visibleLine(spec->name) + "\n  networks: 10^" +
               base::fixed(hardware::log10Size(network), 2) + " (" +
               std::to_string(network.size()) + " choices)\n  accelerators: 10^" +
               base::fixed(hardware::log10Size(spec->accelerator), 2) + " (" +
               std::to_string(accelerator.size()) + " choices)\n")
               ? kFine
               : kFailed;
}

int presets(const std::string& name) {
    if (name.empty()) {
        Table table({"preset", "what it is"});
        for (const auto& preset : spec::presets()) table.add({preset.name, preset.summary});
        return put(table.text()) ? kFine : kFailed;
    }
    const auto spec = spec::preset(name);
    if (!spec) return Terminal().fail(spec.error());
    return put(toText(*spec)) ? kFine : kFailed;
}

int devices() {
    Table table({"device", "part", "DSP", "BRAM18K", "LUT", "URAM", "clock MHz", "source"});
    for (const auto& device : model::devices()) {
        table.add({device.name, device.part, base::grouped(device.dsp),
                   base::grouped(device.bram18k), base::grouped(device.lut),
                   base::grouped(device.uram), base::fixed(device.clockMhz, 0), device.source});
    }
    return put(table.text()) ? kFine : kFailed;
}

int fields() {
    Table table({"field", "unit", "meaning"});
    for (const auto& field : spec::fieldHelp()) {
        table.add({field.pointer, field.unit, field.meaning});
    }
    return put(table.text()) ? kFine : kFailed;
}

}  // namespace

void addSpecCommands(CLI::App& app, int& exitCode) {
    auto* spec = app.add_subcommand("spec", "Look at specifications");
    spec->require_subcommand(1);
    auto text = std::make_shared<std::string>();

    auto input = std::make_shared<SpecificationInput>();
    auto* validating = spec->add_subcommand("validate", "Check a specification");
    validating->add_option("specification", input->file, kSpecificationHelp)->required();
    addSpecificationOptions(*validating, *input);
    validating->callback([input, &exitCode] { exitCode = validate(*input); });

    auto* listing =
        spec->add_subcommand("presets", "List the shipped specifications, or print one");
    listing->add_option("name", *text, "preset to print");
    listing->callback([text, &exitCode] { exitCode = presets(*text); });

    spec->add_subcommand("devices", "List the known devices")->callback([&exitCode] {
        exitCode = devices();
    });
    spec->add_subcommand("fields", "Explain every field of a specification")->callback([&exitCode] {
        exitCode = fields();
    });
}

}  // namespace cohelix::cli
