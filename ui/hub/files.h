// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Files that the window writes beside the project: pictures, tables. Written by the worker; what
// came of it is said. Lives on the UI thread; no call blocks.

#include <QByteArray>
#include <QObject>
#include <functional>
#include <memory>
#include <vector>

#include "ui/hub/document.h"
#include "ui/hub/messages.h"
#include "ui/hub/projection.h"
#include "ui/hub/worker.h"

namespace cohelix::ui {

class Files : public QObject {
    Q_OBJECT

public:
    /// What it works on; all must outlive it.
    struct Parts {
        Document& document;
        const Projection& projection;
        Worker& worker;
        Messages& messages;
    };
    explicit Files(const Parts& parts, QObject* parent = nullptr);
    ~Files() override;

    /// Writes a file in the background and says so; `what` names it: "the front".
    void write(const QString& path, const QByteArray& bytes, const QString& what);
    /// The same with bytes that the worker makes (off the UI thread; must not touch the hub).
    void write(const QString& path, std::function<base::Result<QByteArray>()> make,
               const QString& what);
    /// Writes designs as CSV in the background, runs apart, in the order given within a run.
    void exportDesigns(const QString& path, const std::vector<std::int64_t>& designs);

private:
    Parts m_parts;
    std::shared_ptr<Mailbox> m_mailbox;
};

}  // namespace cohelix::ui
