// SPDX-License-Identifier: GPL-3.0-or-later
// Tables, by every reader of one; the first byte says which.
#include "core/base/csv.h"

#include "core/lab/validate/validation.h"
#include "core/tables/tabular_space.h"
#include "core/tables/trained_table.h"

#include "tests/fuzz/scratch_folder.h"

namespace {

using namespace cohelix;

const tables::TabularSpace& someSpace() {
    static const auto space = [] {
        auto specification = spec::preset("fashion-mnist-table").value();
        return tables::untrainedSpace(specification).value();
    }();
    return space;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::ScratchFolder folder;
    if (size == 0) return 0;
    const fuzz::Bytes bytes(data + 1, size - 1);
    const auto tables = validate::tables();
    if (data[0] == 0) {
        (void)base::CsvTable::parse(fuzz::textOf(bytes), "input", {"a"});
        return 0;
    }
    const auto path = folder.write("table.csv", bytes);
    switch (data[0]) {
        case 1: (void)tables::readNasBenchMacro(path); break;
        case 2: (void)tables::readNasBench201(path, "cifar10"); break;
        case 3: (void)tables::readTrainedRows(path, someSpace()); break;
        default: (void)tables[data[0] % tables.size()].validate(path); break;
    }
    return 0;
}
