// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/hub.h"

#include <QUndoCommand>
#include <algorithm>
#include <chrono>

#include "core/base/executor.h"
#include "core/learn/data_set_check.h"

#include "ui/hub/designs_export.h"
#include "ui/hub/details_loader.h"
#include "ui/hub/file_write.h"

namespace cohelix::ui {

namespace {

/// Edits are stored once typing rests, so that a revision is a state somebody meant.
constexpr std::chrono::milliseconds kStoreDelay{700};
/// The log keeps the latest; all of them are in the file.
constexpr std::size_t kMostEvents = 5000;
constexpr int kEditCommandId = 1;

bool isActive(const store::RunRow& run) {
    return run.state == store::RunState::Running || run.state == store::RunState::Paused;
}

}  // namespace

class Hub::EditCommand : public QUndoCommand {
public:
    EditCommand(Hub& hub, spec::Specification before, spec::Specification after,
                const QString& what, QString mergeKey)
        : QUndoCommand(what),
          m_hub(hub),
          m_before(std::move(before)),
          m_after(std::move(after)),
          m_mergeKey(std::move(mergeKey)) {}

    void undo() override { m_hub.applySpecification(m_before); }
    void redo() override { m_hub.applySpecification(m_after); }
    int id() const override { return kEditCommandId; }

    bool mergeWith(const QUndoCommand* other) override {
        const auto& next = static_cast<const EditCommand&>(*other);
        if (m_mergeKey.isEmpty() || next.m_mergeKey != m_mergeKey) return false;
        m_after = next.m_after;
        return true;
    }

private:
    Hub& m_hub;
    spec::Specification m_before;
    spec::Specification m_after;
    QString m_mergeKey;
};

Hub::Hub(ProjectOpener opener, const QString& untitledFolder, QObject* parent)
    : QObject(parent),
      m_mailbox(std::make_shared<Mailbox>(this)),
      m_document(std::make_unique<Document>(std::move(opener), untitledFolder, m_bridge, m_worker)),
      m_references(std::make_unique<References>(*m_document)) {
    connect(m_references.get(), &References::message, this, &Hub::message);
    connect(m_document.get(), &Document::loaded, this, &Hub::takeContents);
    connect(m_document.get(), &Document::message, this, &Hub::message);
    connect(m_document.get(), &Document::stateChanged, this, [this] {
        if (m_document->busy()) storeSpecification();
        Q_EMIT searchStateChanged();
    });
    connect(&m_bridge, &Bridge::batchReady, this, &Hub::takeBatch);
    m_storeTimer.setSingleShot(true);
    m_storeTimer.setInterval(kStoreDelay);
    connect(&m_storeTimer, &QTimer::timeout, this, &Hub::storeSpecification);
}

Hub::~Hub() {
    storeSpecification();
    m_mailbox->close();
    m_references.reset();
    m_document.reset();
}

void Hub::editSpecification(const spec::Specification& next, const QString& what,
                            const QString& mergeKey) {
    if (next == m_specification) return;
    m_undo.push(new EditCommand(*this, m_specification, next, what, mergeKey));
}

void Hub::applySpecification(const spec::Specification& next) {
    m_specification = next;
    m_specificationStored = false;
    m_storeTimer.start();
    Q_EMIT specificationChanged();
    Q_EMIT searchStateChanged();
}

void Hub::saveAs(const QString& path) {
    storeSpecification();
    // A project may hold no specification, only a true front.
    const bool any = m_specification != spec::Specification{};
    m_document->saveAs(path, any ? std::optional(m_specification) : std::nullopt);
}

void Hub::storeSpecification() {
    m_storeTimer.stop();
    const auto session = m_document->session();
    if (m_specificationStored || !session || session->readOnly()) return;
    m_specificationStored = true;
    session->post(
        [this, specification = m_specification, mailbox = m_mailbox](store::Project& project) {
            const auto added = project.addRevision(specification);
            if (added) return;
            mailbox->deliver([this, error = added.error()] {
                m_specificationStored = false;
                say(errorMessage(error));
            });
        });
}

void Hub::takeContents(const Contents& contents) {
    m_starting = false;
    m_stopping = 0;
    // While the designs are still those that the models know.
    m_filter.clear();
    if (!contents.isCopy) m_undo.clear();
    m_storeTimer.stop();
    m_specification = contents.specification.value_or(spec::Specification{});
    m_specificationStored = true;
    const std::int64_t selected = m_selected;
    m_designs.reset(contents.designs);
    m_runs = contents.runs;
    m_progress.clear();
    m_events = contents.events;
    m_selected = 0;
    m_details.reset();
    Q_EMIT designsReset();
    Q_EMIT specificationChanged();
    Q_EMIT runsChanged();
    Q_EMIT eventsReset();
    Q_EMIT progressChanged();
    Q_EMIT searchStateChanged();
    m_references->setFronts(contents.fronts, m_runs);
    if (contents.isCopy && m_designs.find(selected)) {
        select(selected);
    } else {
        Q_EMIT selectionChanged(0);
        Q_EMIT detailsChanged();
    }
}

void Hub::takeBatch(const Batch& batch) {
    if (m_document->followSession()) storeSpecification();
    if (!batch.runs.empty()) takeRuns(batch.runs);
    if (!batch.designs.empty()) takeDesigns(batch.designs);
    if (!batch.progress.empty()) takeProgress(batch.progress);
    if (!batch.events.empty()) takeEvents(batch.events);
    for (const auto& [run, changes] : batch.steering) Q_EMIT steered(run, changes);
}

void Hub::takeRuns(const std::vector<store::RunRow>& runs) {
    m_starting = false;
    for (const store::RunRow& row : runs) {
        const auto same = [&row](const store::RunRow& other) { return other.id == row.id; };
        const auto found = std::find_if(m_runs.begin(), m_runs.end(), same);
        if (found == m_runs.end()) {
            m_runs.push_back(row);
        } else {
            *found = row;
        }
        if (row.state == store::RunState::Failed) {
            say({Severity::Error, tr("run %1").arg(row.id), QString::fromStdString(row.message),
                 tr("Correct the cause, then resume the run or start a new one")});
        } else if (row.state == store::RunState::Finished && !row.message.empty()) {
            say({Severity::Warning,
                 tr("run %1").arg(row.id),
                 QString::fromStdString(row.message),
                 {}});
        }
    }
    m_references->setRuns(m_runs);
    Q_EMIT runsChanged();
    Q_EMIT searchStateChanged();
}

void Hub::takeProgress(const std::vector<run::Progress>& progress) {
    for (const run::Progress& report : progress) {
        const auto same = [&](const run::Progress& other) { return other.run == report.run; };
        const auto found = std::find_if(m_progress.begin(), m_progress.end(), same);
        if (found == m_progress.end()) {
            m_progress.push_back(report);
        } else {
            *found = report;
        }
    }
    Q_EMIT progressChanged();
}

void Hub::takeEvents(const std::vector<store::Event>& events) {
    m_events.insert(m_events.end(), events.begin(), events.end());
    if (m_events.size() > kMostEvents) {
        const auto extra = static_cast<std::ptrdiff_t>(m_events.size() - kMostEvents);
        m_events.erase(m_events.begin(), m_events.begin() + extra);
    }
    Q_EMIT eventsAdded(static_cast<int>(events.size()));
}

void Hub::takeDesigns(const std::vector<store::DesignRow>& designs) {
    const RowsChange change = m_designs.merge(designs);
    Q_EMIT designsChanged(change);
    const bool selectedChanged =
        std::any_of(designs.begin(), designs.end(),
                    [this](const store::DesignRow& row) { return row.id == m_selected; });
    if (selectedChanged) loadSelected();
}

void Hub::select(std::int64_t design) {
    if (design != 0 && !m_designs.find(design)) design = 0;
    if (design == m_selected) return;
    m_selected = design;
    m_details.reset();
    Q_EMIT selectionChanged(design);
    Q_EMIT detailsChanged();
    loadSelected();
}

void Hub::loadSelected() {
    const auto session = m_document->session();
    if (m_selected == 0 || !session) return;
    session->post([this, id = m_selected, mailbox = m_mailbox](store::Project& project) {
        auto loaded = loadDetails(project, id);
        if (!loaded) {
            mailbox->deliver([this, error = loaded.error()] { say(errorMessage(error)); });
            return;
        }
        auto details = std::make_shared<const DesignDetails>(std::move(*loaded));
        mailbox->deliver([this, details] {
            if (details->row.id != m_selected) return;
            m_details = details;
            Q_EMIT detailsChanged();
        });
    });
}

void Hub::explain(const QString& device) {
    if (!m_details || m_details->cost.layers.empty()) return;
    m_worker.post(
        [this, details = m_details, device, question = ++m_questions, mailbox = m_mailbox] {
            auto why = std::make_shared<const DesignWhy>(explainDesign(*details, device));
            mailbox->deliver([this, why, question] {
                if (question == m_questions) Q_EMIT whyFound(*why);
            });
        });
}

std::optional<store::RunRow> Hub::activeRun() const {
    const auto found = std::find_if(m_runs.rbegin(), m_runs.rend(), isActive);
    return found == m_runs.rend() ? std::nullopt : std::optional(*found);
}

std::optional<run::Progress> Hub::progress() const {
    const auto active = activeRun();
    if (!active) return std::nullopt;
    for (const run::Progress& report : m_progress) {
        if (report.run == active->id) return report;
    }
    return std::nullopt;
}

bool Hub::canStart() const {
    // A project may hold no specification yet, only a true front.
    return m_document->isOpen() && !m_document->busy() && !m_document->readOnly() && !m_starting &&
           !activeRun() && !m_specification.network.stages.empty();
}

bool Hub::canPause() const {
    const auto active = activeRun();
    return active && active->state == store::RunState::Running && !isStopping();
}

bool Hub::canUnpause() const {
    const auto active = activeRun();
    return active && active->state == store::RunState::Paused && !isStopping();
}

bool Hub::isStopping() const {
    const auto active = activeRun();
    return active && active->id == m_stopping;
}

bool Hub::canResume(std::int64_t run) const {
    if (!canStart()) return false;
    return std::any_of(m_runs.begin(), m_runs.end(), [run](const store::RunRow& row) {
        return row.id == run &&
               (row.state == store::RunState::Stopped ||
                row.state == store::RunState::Interrupted || row.state == store::RunState::Failed);
    });
}

void Hub::start() {
    if (!canStart()) return;
    storeSpecification();
    command([specification = m_specification](run::Session& session) -> base::Result<void> {
        const auto started = session.start(specification, base::availableCores());
        if (!started) return started.error();
        return {};
    });
}

void Hub::resume(std::int64_t run, const QString& pictures) {
    if (!canResume(run)) return;
    command(
        [run, folder = pictures.toStdString()](run::Session& session) {
            return session.resume(run, base::availableCores(), folder);
        },
        [this, run, pictures](const base::Error& error) {
            const Message said = errorMessage(error);
            if (error.where != learn::kDataSetPlace) return say(said);
            Q_EMIT picturesMissing(run, pictures, said);
        });
}

void Hub::command(Work work, Refusal refused) {
    m_starting = true;
    m_stopping = 0;
    Q_EMIT searchStateChanged();
    m_worker.post([this, session = m_document->session(), work = std::move(work),
                   refused = std::move(refused), mailbox = m_mailbox] {
        const auto done = work(*session);
        if (done) return;
        mailbox->deliver([this, refused, error = done.error()] {
            m_starting = false;
            Q_EMIT searchStateChanged();
            refused ? refused(error) : say(errorMessage(error));
        });
    });
}

void Hub::pause() {
    const auto active = activeRun();
    if (active && m_document->session()) m_document->session()->pause(active->id);
}

void Hub::unpause() {
    const auto active = activeRun();
    if (active && m_document->session()) m_document->session()->unpause(active->id);
}

void Hub::stop() {
    const auto active = activeRun();
    if (!active || !m_document->session()) return;
    m_stopping = active->id;
    m_document->session()->stop(active->id);
    Q_EMIT searchStateChanged();
}

void Hub::exportDesigns(const QString& path, const std::vector<std::int64_t>& designs) {
    const auto session = m_document->session();
    if (!session) return;
    std::vector<store::DesignRow> rows;
    for (const std::int64_t design : designs) {
        if (const store::DesignRow* row = m_designs.find(design)) rows.push_back(*row);
    }
    session->post(
        [this, path, rows = std::move(rows), mailbox = m_mailbox](store::Project& project) {
            auto csv = designsAsCsv(project, rows);
            mailbox->deliver([this, path, csv = std::move(csv), count = rows.size()] {
                if (!csv) return say(errorMessage(csv.error()));
                writeFile(path, QByteArray::fromStdString(*csv), tr("%1 designs").arg(count));
            });
        });
}

void Hub::writeFile(const QString& path, const QByteArray& bytes, const QString& what) {
    writeFile(
        path, [bytes] { return base::Result<QByteArray>(bytes); }, what);
}

void Hub::writeFile(const QString& path, std::function<base::Result<QByteArray>()> make,
                    const QString& what) {
    m_worker.post([this, path, make = std::move(make), what, mailbox = m_mailbox] {
        const auto bytes = make();
        std::optional<base::Error> error;
        if (!bytes) {
            error = bytes.error();
        } else if (const auto written = ui::writeFile(path, *bytes); !written) {
            error = written.error();
        }
        mailbox->deliver([this, path, what, error] {
            say(error ? errorMessage(*error) : infoMessage(tr("Saved %1").arg(what), path));
        });
    });
}

}  // namespace cohelix::ui
