// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/references.h"

#include "core/base/executor.h"

namespace cohelix::ui {

References::References(Document& document, QObject* parent)
    : QObject(parent), m_document(document), m_mailbox(std::make_shared<Mailbox>(this)) {}

References::~References() {
    m_mailbox->close();
    m_job.reset();
}

std::optional<Coverage> References::coverage(const store::ReferenceFront& front,
                                             const std::vector<store::DesignRow>& designs) const {
    for (auto entry = m_frontsOfRun.rbegin(); entry != m_frontsOfRun.rend(); ++entry) {
        if (!entry->second.contains(front.id)) continue;
        const auto share = tables::coveredShare(front, entry->first, designs);
        if (share) return Coverage{entry->first, *share};
    }
    return std::nullopt;
}

bool References::canCompute() const {
    return m_document.isOpen() && !m_document.busy() && !m_document.readOnly() && !m_job;
}

void References::compute(const tables::FrontRequest& request) {
    if (!canCompute()) return;
    m_progress = 0;
    const auto mine = m_project;
    m_job = std::make_unique<run::FrontJob>(
        request, base::availableCores(),
        [this, mine, mailbox = m_mailbox](double share) {
            mailbox->deliver([this, mine, share] {
                if (mine != m_project || !m_progress) return;
                m_progress = share;
                Q_EMIT progressChanged();
            });
        },
        [this, mine, mailbox = m_mailbox](base::Result<store::ReferenceFront> front) {
            mailbox->deliver([this, mine, front = std::move(front)] { take(front, mine); });
        });
    Q_EMIT progressChanged();
}

void References::cancel() {
    if (!m_job) return;
    m_job->cancel();
    Q_EMIT progressChanged();
}

void References::take(const base::Result<store::ReferenceFront>& front, std::int64_t project) {
    const bool cancelled = m_job->cancelled();
    m_job.reset();  // its thread has nothing left to do
    m_progress.reset();
    Q_EMIT progressChanged();
    if (project != m_project) return;
    if (front) return keep(*front);
    Q_EMIT message(cancelled ? infoMessage(tr("The computation of the true front was cancelled"))
                             : errorMessage(front.error()));
}

void References::keep(const store::ReferenceFront& front) {
    const auto session = m_document.session();
    if (!session) return;
    session->post([this, front, mine = m_project, mailbox = m_mailbox](store::Project& project) {
        const auto kept = project.putReferenceFront(front);
        auto all = kept ? project.referenceFronts()
                        : base::Result<std::vector<store::ReferenceFront>>(kept.error());
        mailbox->deliver([this, all = std::move(all), mine, designs = front.designs.size(),
                          seconds = front.seconds] {
            if (mine != m_project) return;
            if (!all) {
                Q_EMIT message(errorMessage(all.error()));
                return;
            }
            m_fronts = *all;
            compareRuns({m_runs.begin(), m_runs.end()});
            Q_EMIT changed();
            Q_EMIT message(infoMessage(
                tr("The true front has %1, proven in %2 s")
                    .arg(designs == 1 ? tr("one design") : tr("%1 designs").arg(designs))
                    .arg(seconds, 0, 'f', 1)));
        });
    });
}

void References::setFronts(std::vector<store::ReferenceFront> fronts,
                           const std::vector<store::RunRow>& runs) {
    ++m_project;
    cancel();
    m_fronts = std::move(fronts);
    m_frontsOfRun.clear();
    m_runs.clear();
    Q_EMIT changed();
    setRuns(runs);
}

void References::setRuns(const std::vector<store::RunRow>& runs) {
    std::vector<std::int64_t> fresh;
    for (const store::RunRow& run : runs) {
        if (m_runs.insert(run.id).second) fresh.push_back(run.id);
    }
    if (!fresh.empty()) compareRuns(fresh);
}

void References::compareRuns(const std::vector<std::int64_t>& runs) {
    const auto session = m_document.session();
    if (m_fronts.empty() || !session) return;
    session->post([this, runs, fronts = m_fronts, mine = m_project,
                   mailbox = m_mailbox](store::Project& project) {
        std::map<std::int64_t, std::set<std::int64_t>> found;
        for (const std::int64_t run : runs) {
            const auto specification = project.specificationOf(run);
            for (const store::ReferenceFront& front : fronts) {
                if (specification && tables::sameSpaces(front, *specification)) {
                    found[run].insert(front.id);
                }
            }
        }
        mailbox->deliver([this, found = std::move(found), mine] {
            if (mine != m_project || found.empty()) return;
            for (const auto& [run, same] : found) m_frontsOfRun[run] = same;
            Q_EMIT changed();
        });
    });
}

}  // namespace cohelix::ui
