// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Whether any design of the specification under edit can fit its limits, looked at in the
// background after every edit. Lives on the UI thread; no call blocks.

#include <QObject>
#include <functional>
#include <optional>

#include "ui/hub/edits.h"
#include "ui/hub/latest.h"

namespace cohelix::ui {

class SpecificationCheck : public QObject {
    Q_OBJECT

public:
    /// Called on the worker's thread.
    using Check = std::function<base::Result<void>(const spec::Specification&)>;
    static Check ofResources();

    /// Both must outlive it.
    SpecificationCheck(const Edits& edits, Worker& worker, Check check = ofResources(),
                       QObject* parent = nullptr);

    /// Why no search can start with the specification as it was last looked at; nothing where one
    /// can, or where no project is open.
    const std::optional<base::Error>& problem() const { return m_problem; }

Q_SIGNALS:
    void changed();

private:
    void look();
    void take(std::optional<base::Error> problem);

    const Edits& m_edits;
    Check m_check;
    std::optional<base::Error> m_problem;
    Latest m_looks;
};

}  // namespace cohelix::ui
