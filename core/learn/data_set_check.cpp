// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/data_set_check.h"

#include <exception>

#include "core/learn/data_files.h"
#include "core/specification/specification_check.h"

namespace cohelix::learn {
namespace {

using spec::DataSetKind;

base::Result<void> check(const spec::DataSetSpec& spec, const spec::NetworkSpace& network) {
    const auto facts = spec::factsOf(spec.kind);
    const auto folder = findDataSet(spec);
    if (spec.kind == DataSetKind::ImageFolder) {
        if (!folder) return {};
        const auto classes = classFolders(*folder);
        if (!classes) return classes.error();
        return checkFits(network.input, static_cast<int>(classes->size()), network);
    }
    if (folder && !facts.fixedSide) {
        const auto shape = idxShape(*folder);
        if (!shape) return shape.error();
        return checkFits(*shape, facts.classes, network);
    }
    model::ImageShape published{facts.channels, facts.side, facts.side};
    if (!facts.fixedSide && !spec.path.empty()) {  // files of one's own
        published.height = network.input.height;
        published.width = network.input.width;
    }
    return checkFits(published, facts.classes, network);
}

}  // namespace

base::Result<void> checkDataSet(const spec::DataSetSpec& spec, const spec::NetworkSpace& network) {
    try {
        return check(spec, network);
    } catch (const std::exception& failure) {
        return base::Error{"/data_set",
                           std::string("looking at the data set failed: ") + failure.what(),
                           "Check that the folder can be read"};
    }
}

base::Result<void> lookForDataSet(const spec::DataSetSpec& spec) {
    try {
        if (const auto folder = findDataSet(spec); !folder) return folder.error();
        return {};
    } catch (const std::exception& failure) {
        return base::Error{kDataSetPlace, std::string("looking for it failed: ") + failure.what(),
                           "Check that its folder can be read"};
    }
}

}  // namespace cohelix::learn
