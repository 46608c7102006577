// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/design_why.h"

namespace cohelix::ui {

DesignWhy explainDesign(const DesignDetails& details, const QString& device) {
    DesignWhy result{details.row.id, device, {}, {}};
    const auto other = model::findDevice(device.toStdString());
    auto why = explain::whyOf(details.specification, details.row.choices.accelerator,
                              details.network, details.accelerator, details.cost,
                              explain::limitsOf(details.specification, other));
    if (why) {
        result.why = std::move(*why);
    } else {
        result.problem = QString::fromStdString(base::toText(why.error()));
    }
    return result;
}

}  // namespace cohelix::ui
