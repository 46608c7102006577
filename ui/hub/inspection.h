// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The whole of the primary selected design, read from the project file in the background. Lives on
// the UI thread; no call blocks.

#include <QObject>
#include <memory>

#include "ui/hub/design_details.h"
#include "ui/hub/document.h"
#include "ui/hub/messages.h"
#include "ui/hub/selection.h"
#include "ui/hub/worker.h"

namespace cohelix::ui {

class Inspection : public QObject {
    Q_OBJECT

public:
    /// What it works on; all must outlive it.
    struct Parts {
        Document& document;
        const Projection& projection;
        const Selection& selection;
        Messages& messages;
    };
    explicit Inspection(const Parts& parts, QObject* parent = nullptr);
    ~Inspection() override;

    /// Null while none is selected or its details are being read.
    std::shared_ptr<const DesignDetails> details() const { return m_details; }

Q_SIGNALS:
    void changed();

private:
    void load();
    void follow(const RowsChange& change);

    Parts m_parts;
    std::shared_ptr<Mailbox> m_mailbox;
    std::shared_ptr<const DesignDetails> m_details;
    std::int64_t m_asked = 0;  ///< how often so far: the last answer counts
};

}  // namespace cohelix::ui
