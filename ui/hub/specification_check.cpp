// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/specification_check.h"

#include <utility>

#include "core/search/accelerator/feasibility.h"

namespace cohelix::ui {

SpecificationCheck::Check SpecificationCheck::ofResources() { return search::checkResources; }

SpecificationCheck::SpecificationCheck(const Edits& edits, Worker& worker, Check check,
                                       QObject* parent)
    : QObject(parent), m_edits(edits), m_check(std::move(check)), m_looks(worker, this) {
    connect(&edits, &Edits::changed, this, &SpecificationCheck::look);
}

void SpecificationCheck::look() {
    if (m_edits.specification() == spec::Specification()) {  // no project is open
        m_looks.drop();
        return take(std::nullopt);
    }
    m_looks.ask(
        [specification = m_edits.specification(), check = m_check] { return check(specification); },
        [this](const base::Result<void>& fits) {
            take(fits ? std::nullopt : std::optional(fits.error()));
        });
}

void SpecificationCheck::take(std::optional<base::Error> problem) {
    if (!problem && !m_problem) return;
    m_problem = std::move(problem);
    Q_EMIT changed();
}

}  // namespace cohelix::ui
