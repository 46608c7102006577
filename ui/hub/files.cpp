// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/files.h"

#include <optional>
#include <utility>

#include "ui/hub/designs_export.h"
#include "ui/hub/file_write.h"

namespace cohelix::ui {

Files::Files(const Parts& parts, QObject* parent)
    : QObject(parent), m_parts(parts), m_mailbox(std::make_shared<Mailbox>(this)) {}

Files::~Files() { m_mailbox->close(); }

void Files::exportDesigns(const QString& path, const std::vector<std::int64_t>& designs) {
    const auto session = m_parts.document.session();
    if (!session) return;
    std::vector<store::DesignRow> rows;
    for (const std::int64_t design : designs) {
        if (const auto* row = m_parts.projection.designList().find(design)) rows.push_back(*row);
    }
    session->post(
        [this, path, rows = std::move(rows), mailbox = m_mailbox](store::Project& project) {
            auto csv = designsAsCsv(project, rows);
            mailbox->deliver([this, path, csv = std::move(csv), count = rows.size()] {
                if (!csv) return m_parts.messages.say(errorMessage(csv.error()));
                write(path, QByteArray::fromStdString(*csv), tr("%1 designs").arg(count));
            });
        });
}

void Files::write(const QString& path, const QByteArray& bytes, const QString& what) {
    write(
        path, [bytes] { return base::Result<QByteArray>(bytes); }, what);
}

void Files::write(const QString& path, std::function<base::Result<QByteArray>()> make,
                  const QString& what) {
    m_parts.worker.post([this, path, make = std::move(make), what, mailbox = m_mailbox] {
        const auto bytes = make();
        std::optional<base::Error> error;
        if (!bytes) {
            error = bytes.error();
        } else if (const auto written = writeFile(path, *bytes); !written) {
            error = written.error();
        }
        mailbox->deliver([this, path, what, error] {
            m_parts.messages.say(error ? errorMessage(*error)
                                       : infoMessage(tr("Saved %1").arg(what), path));
        });
    });
}

}  // namespace cohelix::ui
