// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/inspection.h"

#include <algorithm>
#include <utility>

#include "ui/hub/details_loader.h"

namespace cohelix::ui {

Inspection::Inspection(const Parts& parts, QObject* parent)
    : QObject(parent), m_parts(parts), m_mailbox(std::make_shared<Mailbox>(this)) {
    connect(&m_parts.selection, &Selection::primaryChanged, this, [this] {
        m_details.reset();
        Q_EMIT changed();
        load();
    });
    // A copy of the project has the same designs; until they are read again, what is shown is true.
    connect(&m_parts.projection, &Projection::designsReset, this, &Inspection::load);
    connect(&m_parts.projection, &Projection::designsChanged, this, &Inspection::follow);
}

Inspection::~Inspection() { m_mailbox->close(); }

void Inspection::follow(const RowsChange& change) {
    const auto place = m_parts.projection.designList().placeOf(m_parts.selection.primary());
    if (place && std::binary_search(change.changed.begin(), change.changed.end(), *place)) load();
}

void Inspection::load() {
    const auto asked = ++m_asked;
    const auto session = m_parts.document.session();
    const std::int64_t design = m_parts.selection.primary();
    if (design == 0 || !session) return;
    session->post([this, design, asked, mailbox = m_mailbox](store::Project& project) {
        auto loaded = loadDetails(project, design);
        if (!loaded) {
            mailbox->deliver([this, asked, error = loaded.error()] {
                if (asked == m_asked) m_parts.messages.say(errorMessage(error));
            });
            return;
        }
        auto details = std::make_shared<const DesignDetails>(std::move(*loaded));
        mailbox->deliver([this, asked, details] {
            if (asked != m_asked) return;
            m_details = details;
            Q_EMIT changed();
        });
    });
}

}  // namespace cohelix::ui
