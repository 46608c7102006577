// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The open project: opening, creating, copying and closing it without ever making the window wait.
// There is one at a time; while another is being opened the first stays as it is, and it stays
// open if that fails.

#include <QObject>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/run/session.h"

#include "ui/hub/bridge.h"
#include "ui/hub/message.h"

namespace cohelix::ui {

/// How sessions come to be: run::Session::open and create, or a stand-in. Called on the hub's
/// worker thread; may block.
struct ProjectOpener {
    using Function = std::function<base::Result<std::unique_ptr<run::Session>>(
        const std::string& path, std::shared_ptr<run::Listener> listener)>;
    Function open;
    Function create;
};

/// What a project holds when it is opened.
struct Contents {
    std::optional<spec::Specification> specification;
    std::vector<store::RunRow> runs;
    std::vector<store::DesignRow> designs;
    std::vector<store::Event> events;
    std::vector<store::ReferenceFront> fronts;
    bool isCopy = false;  ///< of the project that was open before
};

/// Of every project's name: what has another is not opened.
inline constexpr QLatin1String kProjectSuffix{".cohelix"};
/// A name that somebody chose for a project, with the suffix.
QString projectName(const QString& chosen);

class Document : public QObject {
    Q_OBJECT

public:
    using Edited = std::optional<spec::Specification>;
    enum class State : std::uint8_t { Closed, Opening, Open, Closing };

    /// Untitled projects are kept in `untitledFolder`, which is made when it is needed.
    Document(ProjectOpener opener, QString untitledFolder, Bridge& bridge, Worker& worker,
             QObject* parent = nullptr);
    /// Closes the project; blocks until its searches have stopped at their next step.
    ~Document() override;

    State state() const { return m_state; }
    bool isOpen() const { return m_session != nullptr; }
    bool busy() const { return m_state == State::Opening || m_state == State::Closing; }
    QString path() const { return m_path; }
    /// File name without suffix; "untitled" for a project that was not saved yet.
    QString title() const;
    bool untitled() const;
    bool readOnly() const;
    QString readOnlyReason() const;
    /// Whether no file has the project's name, or another was found to have it, so that what it
    /// holds is lost unless it is saved.
    bool isGone() const;
    /// Null while none is open. Whoever keeps a copy gives it back on the worker's thread.
    std::shared_ptr<run::Session> session() const { return m_session; }

    /// Opens what the path leads to now. Where that is the open project, it is said and nothing
    /// else happens.
    void open(const QString& path);
    /// A new file; one that exists is refused.
    void create(const QString& path, const spec::Specification& specification);
    void createUntitled(const spec::Specification& specification);
    /// Reads a specification and makes an untitled project of it.
    void openSpecification(const QString& path);
    /// Writes a copy and goes on with it; while a search runs the original stays open. An untitled
    /// project is moved: its original is removed. The project's own name gets a copy only where no
    /// file has it any more. `edited`: the specification that a copy is to end with, where the
    /// original may not have it.
    void saveAs(const QString& path, const Edited& edited = {});
    /// Saves what can still be read of a damaged project as a new one, says what was lost, and
    /// opens it. The damaged file stays as it is.
    void rescue(const QString& damaged, const QString& path);
    void close();
    /// Takes the session's path where a search went on in another file, and says so; whether it
    /// did.
    bool followSession();
    /// Says where the project's file is no longer there: once, and in a moment.
    void lookForFile();

Q_SIGNALS:
    void stateChanged();
    /// A project was opened or closed; state() and session() tell.
    void loaded(const Contents& contents);
    void message(const Message& message);
    /// A project of the user was opened, created or saved under this path.
    void used(const QString& path);

private:
    using Listener = std::shared_ptr<run::Listener>;
    struct Opened {
        std::shared_ptr<run::Session> session;  ///< null: the open one stays
        Contents contents;
        std::optional<Message> news;  ///< said once it is open
    };
    /// Runs on the worker; makes the session.
    using Maker = std::function<base::Result<Opened>(const Listener& listener)>;

    void replaceBy(Maker maker, bool removeOld = false);
    void make(Maker maker, bool removeOld);
    void stay();
    /// Closes the open project first, which holds the lock of the file that is to be opened.
    void openAlone(const std::string& path);
    void accept(Opened opened, const Listener& listener, bool removeOld);
    void release(std::shared_ptr<run::Session> session, bool removeFile);
    void refuse(const base::Error& error);
    void sayGone(bool overwritten);
    void saveCopy(const QString& path, const Edited& edited);
    /// Writes a copy and stays with the original.
    void copyAside(const QString& path);
    void showNothing();
    void setState(State state);
    // Makers outlive the document when it is destroyed while they wait for the worker, so they
    // hold what they need.
    static Maker opening(const ProjectOpener& opener, const std::string& path);
    static Maker creating(const ProjectOpener& opener, const std::string& path,
                          const spec::Specification& specification);

    ProjectOpener m_opener;
    QString m_untitledFolder;
    Bridge& m_bridge;
    Worker& m_worker;
    std::shared_ptr<Mailbox> m_mailbox;
    std::shared_ptr<run::Session> m_session;
    QString m_path;
    State m_state = State::Closed;
    bool m_saidGone = false;     ///< that the file is no longer there
    bool m_overwritten = false;  ///< so that nothing is left to save
};

}  // namespace cohelix::ui
