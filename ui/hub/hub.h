// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What all views share: the open document, the specification being edited (with undo), the designs
// and runs as they now are, one selection, one filter, and the control of the running search. Views
// call it and listen to its signals; it knows no widgets. All of it belongs to the UI thread, and
// no call blocks.

#include <QObject>
#include <QTimer>
#include <QUndoStack>
#include <memory>
#include <optional>
#include <vector>

#include "ui/hub/bridge.h"
#include "ui/hub/design_details.h"
#include "ui/hub/design_list.h"
#include "ui/hub/design_why.h"
#include "ui/hub/document.h"
#include "ui/hub/filter.h"
#include "ui/hub/message.h"
#include "ui/hub/references.h"
#include "ui/hub/worker.h"

namespace cohelix::ui {

class Hub : public QObject {
    Q_OBJECT

public:
    Hub(ProjectOpener opener, const QString& untitledFolder, QObject* parent = nullptr);
    /// Stops what runs, saves and closes. Blocks.
    ~Hub() override;

    Document& document() { return *m_document; }
    FilterStack& filter() { return m_filter; }
    References& references() { return *m_references; }

    // The specification being edited
    const spec::Specification& specification() const { return m_specification; }
    QUndoStack& undoStack() { return m_undo; }
    /// Takes over an edited specification; `what` is the text of the undo step. Edits in a row
    /// with the same `mergeKey` (a field's name, while one types) are one step.
    void editSpecification(const spec::Specification& next, const QString& what,
                           const QString& mergeKey = {});

    /// Document::saveAs with the specification as it is now.
    void saveAs(const QString& path);

    // What is in the project
    const std::vector<store::DesignRow>& designs() const { return m_designs.rows(); }
    const DesignList& designList() const { return m_designs; }
    const std::vector<store::RunRow>& runs() const { return m_runs; }
    const std::vector<store::Event>& events() const { return m_events; }

    // The selection
    /// Identity of the selected design; 0: none.
    std::int64_t selectedDesign() const { return m_selected; }
    /// Null while none is selected or its details are being read.
    std::shared_ptr<const DesignDetails> details() const { return m_details; }
    void select(std::int64_t design);
    /// Works out in the background why the selected design is as it is, held against a device by
    /// name (empty: its specification's limits), and says so by whyFound. A later question
    /// replaces one that is still open.
    void explain(const QString& device);

    // The search
    /// The run that works or is paused.
    std::optional<store::RunRow> activeRun() const;
    /// What the active run last reported.
    std::optional<run::Progress> progress() const;
    bool canStart() const;
    bool canPause() const;    ///< a run works
    bool canUnpause() const;  ///< a run is paused
    bool canStop() const { return activeRun() && !isStopping(); }
    /// The active run was told to stop and works until its next step.
    bool isStopping() const;
    bool canResume(std::int64_t run) const;
    /// Searches with the specification as it is now.
    void start();
    void pause();
    void unpause();
    void stop();
    /// Goes on with a run that was stopped, interrupted or failed. `pictures`: where its data set
    /// is now; empty: where its specification says. Where it is not there, picturesMissing.
    void resume(std::int64_t run, const QString& pictures = {});

    // Files
    /// Writes a file in the background and says so; `what` names it: "the front".
    void writeFile(const QString& path, const QByteArray& bytes, const QString& what);
    /// The same with bytes that the worker makes (off the UI thread; must not touch the hub).
    void writeFile(const QString& path, std::function<base::Result<QByteArray>()> make,
                   const QString& what);
    /// Writes designs as CSV in the background, runs apart, in the order given within a run.
    void exportDesigns(const QString& path, const std::vector<std::int64_t>& designs);
    void say(const Message& said) { Q_EMIT message(said); }

Q_SIGNALS:
    void specificationChanged();
    void designsReset();
    void designsChanged(const RowsChange& change);
    void runsChanged();
    void progressChanged();
    void searchStateChanged();
    void eventsReset();
    void eventsAdded(int count);
    void selectionChanged(std::int64_t design);
    void detailsChanged();
    void whyFound(const DesignWhy& why);
    void message(const Message& message);
    /// A run was not gone on with, for its data set is neither where its specification says nor in
    /// the folder that was tried; `error` says where it was looked for.
    void picturesMissing(std::int64_t run, const QString& tried, const Message& error);
    /// Changes to a run were applied or refused: all of them as they now stand.
    void steered(std::int64_t run, const std::vector<store::SteeringRow>& changes);

private:
    class EditCommand;

    void takeContents(const Contents& contents);
    void takeBatch(const Batch& batch);
    void takeRuns(const std::vector<store::RunRow>& runs);
    void takeProgress(const std::vector<run::Progress>& progress);
    void takeEvents(const std::vector<store::Event>& events);
    void takeDesigns(const std::vector<store::DesignRow>& designs);
    void applySpecification(const spec::Specification& next);
    void storeSpecification();
    void loadSelected();
    using Work = std::function<base::Result<void>(run::Session&)>;
    using Refusal = std::function<void(const base::Error&)>;
    /// Does work that begins a run; where it cannot begin, calls `refused` (nothing: says so).
    void command(Work work, Refusal refused = {});

    Worker m_worker;
    Bridge m_bridge;
    std::shared_ptr<Mailbox> m_mailbox;
    std::unique_ptr<Document> m_document;
    std::unique_ptr<References> m_references;  ///< after the document, which it asks
    FilterStack m_filter;
    QUndoStack m_undo;
    QTimer m_storeTimer;
    spec::Specification m_specification;
    bool m_specificationStored = true;
    DesignList m_designs;
    std::vector<store::RunRow> m_runs;
    std::vector<run::Progress> m_progress;  ///< one a run
    std::vector<store::Event> m_events;
    std::int64_t m_selected = 0;
    std::shared_ptr<const DesignDetails> m_details;
    std::int64_t m_questions = 0;  ///< why asked so far: the last one counts
    std::int64_t m_stopping = 0;   ///< the run that was told to stop; 0: none
    bool m_starting = false;       ///< asked to start; the run has not reported yet
};

}  // namespace cohelix::ui
