// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/document.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <filesystem>
#include <utility>

#include "core/run/rescue.h"

namespace cohelix::ui {

namespace {

/// In the message bar; all of them are in the rescued project's log.
constexpr qsizetype kMostLossesShown = 8;

/// Takes the value or keeps the first error.
template <typename T>
void take(base::Result<T> result, T& target, std::optional<base::Error>& error) {
    if (result) {
        target = std::move(*result);
    } else if (!error) {
        error = result.error();
    }
}

base::Result<Contents> contentsOf(run::Session& session) {
    Contents contents;
    std::optional<base::Error> error;
    session.call([&](store::Project& project) {
        take(project.latestSpecification(), contents.specification, error);
        take(project.runs(), contents.runs, error);
        take(project.designs(std::nullopt), contents.designs, error);
        take(project.events(std::nullopt), contents.events, error);
        take(project.referenceFronts(), contents.fronts, error);
    });
    if (error) return *error;
    return contents;
}

/// Nothing was searched in it and nothing edited since it was made.
bool isPristine(run::Session& session) {
    bool pristine = false;
    session.call([&](store::Project& project) {
        const auto runs = project.runs();
        const auto revisions = project.revisions();
        const auto fronts = project.referenceFronts();
        pristine = runs && revisions && fronts && runs->empty() && fronts->empty() &&
                   revisions->size() <= 1;
    });
    return pristine;
}

base::Result<void> addRevision(run::Session& session, const spec::Specification& edited) {
    base::Result<void> done;
    session.call([&](store::Project& project) {
        if (const auto added = project.addRevision(edited); !added) done = added.error();
    });
    return done;
}

base::Result<QString> freeName(const QString& folder) {
    if (!QDir().mkpath(folder)) {
        return base::Error{folder.toStdString(), "this folder cannot be made",
                           "Make it, or start Cohelix with a project file"};
    }
    for (int i = 1;; ++i) {
        const QString path = QStringLiteral("%1/untitled-%2.cohelix").arg(folder).arg(i);
        if (!QFileInfo::exists(path)) return path;
    }
}

/// Whether the path of the project leads to another file by now, or to none.
bool isMoved(run::Session& session) {
    bool moved = false;
    session.call([&](store::Project& project) { moved = project.isMoved(); });
    return moved;
}

bool isSameFile(const std::string& one, const std::string& other) {
    std::error_code problem;
    return std::filesystem::equivalent(one, other, problem);
}

/// Whether the open project is what the path leads to. A search finds out by itself where its file
/// went. Who only reads may open it again, for another process may have written.
bool isShown(run::Session& session, const std::string& path) {
    return !session.readOnly() && isSameFile(session.path(), path) &&
           (session.busy() || !isMoved(session));
}

/// Whether the next project is read only because the one before it still holds the file.
bool isInTheWay(run::Session& before, run::Session& next) {
    return !before.readOnly() && next.readOnly() && isSameFile(before.path(), next.path());
}

/// Who chooses the project's own name means the project, not another file that has taken the name.
base::Result<void> copyUnder(const std::string& path, store::Project& project) {
    if (path != project.path()) return project.copyTo(path, store::Existing::Replace);
    auto copied = project.copyTo(path, store::Existing::Refuse);
    if (copied || project.isOverwritten() || !QFileInfo::exists(QString::fromStdString(path))) {
        return copied;
    }
    return base::Error{path, "another file has taken the project's name, and was left as it is",
                       "Save the project under another name; what was found is kept"};
}

base::Result<void> copyProject(run::Session& session, const QString& path) {
    base::Result<void> copied;
    session.call([&](store::Project& project) { copied = copyUnder(path.toStdString(), project); });
    return copied;
}

Message goneMessage(const QString& path, bool overwritten) {
    if (overwritten) {
        return {Severity::Error, path,
                Document::tr("The project's file was emptied, or another one written over it; what "
                             "it held is gone"),
                Document::tr("Copy what is still needed from the window (the specification's text, "
                             "rows of designs), then open the file again or go back to a copy")};
    }
    return {
        Severity::Warning, path, Document::tr("The project's file was moved, deleted or replaced"),
        Document::tr("Save the project under a name with File > Save As; what was found is kept")};
}

/// About a project that is saved under its own name.
Message savedMessage(const QString& path, bool readOnly) {
    if (!readOnly) {
        return infoMessage(Document::tr("All changes are saved here as they are made"), path);
    }
    return {Severity::Warning, path, Document::tr("This project is open for reading only"),
            Document::tr("Save it under another name to work on it")};
}

Message rescuedMessage(const store::Rescue& rescued, const QString& path) {
    if (rescued.lost.empty()) {
        return infoMessage(Document::tr("The project was rescued; nothing is known to be lost"),
                           path);
    }
    QStringList lost;
    for (const auto& what : rescued.lost) {
        if (lost.size() == kMostLossesShown) break;
        lost << QString::fromStdString(what);
    }
    const auto more = static_cast<qsizetype>(rescued.lost.size()) - lost.size();
    if (more > 0) lost << Document::tr("and %1 more, which the log lists").arg(more);
    return {Severity::Warning, path, Document::tr("The project was rescued, but not all of it"),
            Document::tr("Lost: %1").arg(lost.join(QStringLiteral("; ")))};
}

}  // namespace

QString projectName(const QString& chosen) {
    const bool whole = chosen.endsWith(kProjectSuffix, Qt::CaseInsensitive);
    return whole ? chosen : chosen + kProjectSuffix;
}

Document::Document(ProjectOpener opener, QString untitledFolder, Bridge& bridge, Worker& worker,
                   QObject* parent)
    : QObject(parent),
      m_opener(std::move(opener)),
      m_untitledFolder(std::move(untitledFolder)),
      m_bridge(bridge),
      m_worker(worker),
      m_mailbox(std::make_shared<Mailbox>(this)) {}

Document::~Document() {
    m_mailbox->close();
    if (m_session) release(std::move(m_session), false);
}

QString Document::title() const {
    if (m_path.isEmpty()) return tr("no project");
    if (untitled()) return tr("untitled");
    QString name = QFileInfo(m_path).fileName();
    if (name.endsWith(kProjectSuffix, Qt::CaseInsensitive)) name.chop(kProjectSuffix.size());
    return name;
}

bool Document::untitled() const {
    return !m_path.isEmpty() &&
           QFileInfo(m_path).absolutePath() ==
               QFileInfo(m_untitledFolder + QStringLiteral("/x")).absolutePath();
}

bool Document::isGone() const {
    return isOpen() && !m_overwritten && (m_saidGone || !QFileInfo::exists(m_path));
}

bool Document::readOnly() const { return m_session && m_session->readOnly(); }

QString Document::readOnlyReason() const {
    return m_session ? QString::fromStdString(m_session->readOnlyReason()) : QString();
}

Document::Maker Document::opening(const ProjectOpener& opener, const std::string& path) {
    return [opener, path](const Listener& listener) -> base::Result<Opened> {
        auto session = opener.open(path, listener);
        if (!session) return session.error();
        Opened opened;
        opened.session = std::move(*session);
        auto contents = contentsOf(*opened.session);
        if (!contents) return contents.error();
        opened.contents = std::move(*contents);
        return opened;
    };
}

Document::Maker Document::creating(const ProjectOpener& opener, const std::string& path,
                                   const spec::Specification& specification) {
    return [opener, path, specification](const Listener& listener) -> base::Result<Opened> {
        auto session = opener.create(path, listener);
        if (!session) return session.error();
        Opened opened;
        opened.session = std::move(*session);
        if (auto added = addRevision(*opened.session, specification); !added) return added.error();
        opened.contents.specification = specification;
        return opened;
    };
}

void Document::open(const QString& path) {
    const std::string absolute = QFileInfo(path).absoluteFilePath().toStdString();
    const Maker maker = opening(m_opener, absolute);
    if (!isOpen()) return replaceBy(maker);
    replaceBy(
        [session = m_session, absolute, maker](const Listener& listener) -> base::Result<Opened> {
            if (isShown(*session, absolute)) return Opened{};
            return maker(listener);
        });
}

void Document::create(const QString& path, const spec::Specification& specification) {
    const QString absolute = QFileInfo(path).absoluteFilePath();
    if (isOpen() && absolute == m_path) {
        return refuse({path.toStdString(), "this project is open", "Choose another name"});
    }
    replaceBy(creating(m_opener, absolute.toStdString(), specification));
}

void Document::createUntitled(const spec::Specification& specification) {
    replaceBy([opener = m_opener, folder = m_untitledFolder,
               specification](const Listener& listener) -> base::Result<Opened> {
        const auto path = freeName(folder);
        if (!path) return path.error();
        return creating(opener, path->toStdString(), specification)(listener);
    });
}

void Document::openSpecification(const QString& path) {
    replaceBy([opener = m_opener, folder = m_untitledFolder,
               path](const Listener& listener) -> base::Result<Opened> {
        auto specification = spec::loadSpecification(path.toStdString());
        if (!specification) return specification.error();
        const auto file = freeName(folder);
        if (!file) return file.error();
        return creating(opener, file->toStdString(), *specification)(listener);
    });
}

void Document::replaceBy(Maker maker, bool removeOld) {
    if (busy()) return;
    setState(State::Opening);
    make(std::move(maker), removeOld);
}

void Document::make(Maker maker, bool removeOld) {
    const Listener listener = m_bridge.newListener();
    m_worker.post([this, maker = std::move(maker), before = m_session, listener, removeOld,
                   mailbox = m_mailbox] {
        auto opened = maker(listener);
        if (!opened) {
            mailbox->deliver([this, error = opened.error()] { refuse(error); });
            return;
        }
        if (!opened->session) return mailbox->deliver([this] { stay(); });
        if (before && isInTheWay(*before, *opened->session)) {
            const std::string path = std::exchange(opened->session, nullptr)->path();
            return mailbox->deliver([this, path] { openAlone(path); });
        }
        // Only the worker's thread may be the last to hold a session: closing one blocks.
        auto kept = std::make_shared<Opened>(std::move(*opened));
        mailbox->deliver(
            [this, kept, listener, removeOld] { accept(std::move(*kept), listener, removeOld); });
    });
}

void Document::accept(Opened opened, const Listener& listener, bool removeOld) {
    if (m_session) release(std::move(m_session), removeOld);
    m_session = std::move(opened.session);
    m_path = QFileInfo(QString::fromStdString(m_session->path())).absoluteFilePath();
    m_saidGone = m_overwritten = false;
    setState(State::Open);
    Q_EMIT loaded(opened.contents);
    m_bridge.attach(listener);
    if (!untitled()) Q_EMIT used(m_path);
    if (opened.news) Q_EMIT message(*opened.news);
}

void Document::stay() {
    setState(State::Open);
    Q_EMIT message(infoMessage(tr("This project is open already"), m_path));
}

void Document::openAlone(const std::string& path) {
    m_bridge.attach(nullptr);
    release(std::move(m_session), false);
    make(opening(m_opener, path), false);
}

void Document::release(std::shared_ptr<run::Session> session, bool removeFile) {
    const bool checkPristine = untitled();
    m_worker.post([held = std::move(session), removeFile, checkPristine]() mutable {
        const QString path = QString::fromStdString(held->path());
        const bool unwanted = removeFile || (checkPristine && isPristine(*held));
        const bool remove = unwanted && !isMoved(*held);
        held.reset();
        if (remove) QFile::remove(path);
    });
}

void Document::refuse(const base::Error& error) {
    isOpen() ? setState(State::Open) : showNothing();
    Q_EMIT message(errorMessage(error));
}

bool Document::followSession() {
    if (!isOpen()) return false;
    const QString now = QFileInfo(QString::fromStdString(m_session->path())).absoluteFilePath();
    if (now == m_path) return false;
    const QString before = std::exchange(m_path, now);
    Q_EMIT stateChanged();
    if (!untitled()) Q_EMIT used(m_path);
    Q_EMIT message({Severity::Warning, now,
                    tr("The project's file was moved, deleted or replaced; the search goes on in "
                       "another one, which holds everything found so far"),
                    tr("It was %1").arg(before)});
    return true;
}

void Document::lookForFile() {
    // A search looks by itself.
    if (!isOpen() || busy() || m_saidGone || m_session->busy()) return;
    m_session->post([this, asked = m_session.get(), mailbox = m_mailbox](store::Project& project) {
        if (!project.isMoved()) return;
        mailbox->deliver([this, asked, overwritten = project.isOverwritten()] {
            if (asked == m_session.get()) sayGone(overwritten);
        });
    });
}

void Document::sayGone(bool overwritten) {
    m_overwritten = overwritten;
    if (!std::exchange(m_saidGone, true)) Q_EMIT message(goneMessage(m_path, overwritten));
}

void Document::saveAs(const QString& path, const Edited& edited) {
    const QString absolute = QFileInfo(path).absoluteFilePath();
    if (!isOpen() || busy()) return;
    if (absolute != m_path) return saveCopy(absolute, edited);
    m_worker.post([this, session = m_session, absolute, edited, mailbox = m_mailbox] {
        mailbox->deliver([this, absolute, edited, moved = isMoved(*session)] {
            if (moved) return saveCopy(absolute, edited);
            Q_EMIT message(savedMessage(absolute, readOnly()));
        });
    });
}

void Document::saveCopy(const QString& path, const Edited& edited) {
    if (!isOpen() || busy()) return;
    if (m_session->busy()) return copyAside(path);
    replaceBy(
        [session = m_session, open = opening(m_opener, path.toStdString()), path,
         edited](const Listener& listener) -> base::Result<Opened> {
            if (auto copied = copyProject(*session, path); !copied) return copied.error();
            auto opened = open(listener);
            if (!opened) return opened;
            opened->contents.isCopy = true;
            opened->news = infoMessage(tr("The project was saved"), path);
            if (!edited) return opened;
            if (auto added = addRevision(*opened->session, *edited); !added) return added.error();
            opened->contents.specification = edited;
            return opened;
        },
        untitled());
}

void Document::copyAside(const QString& path) {
    m_worker.post([this, session = m_session, path, mailbox = m_mailbox] {
        const auto copied = copyProject(*session, path);
        const Message said =
            copied ? infoMessage(tr("A copy was saved; the search goes on in the original"), path)
                   : errorMessage(copied.error());
        mailbox->deliver([this, said] { Q_EMIT message(said); });
    });
}

void Document::rescue(const QString& damaged, const QString& path) {
    const QString absolute = QFileInfo(path).absoluteFilePath();
    replaceBy(
        [from = damaged.toStdString(), absolute, open = opening(m_opener, absolute.toStdString())](
            const Listener& listener) -> base::Result<Opened> {
            const auto rescued = run::rescue(from, absolute.toStdString());
            if (!rescued) return rescued.error();
            auto opened = open(listener);
            if (opened) opened->news = rescuedMessage(*rescued, absolute);
            return opened;
        });
}

void Document::close() {
    if (!isOpen() || busy()) return;
    setState(State::Closing);
    m_bridge.attach(nullptr);
    release(std::move(m_session), false);
    m_worker.post([this, mailbox = m_mailbox] { mailbox->deliver([this] { showNothing(); }); });
}

void Document::showNothing() {
    const bool showed = !m_path.isEmpty();
    m_path.clear();
    setState(State::Closed);
    if (showed) Q_EMIT loaded({});
}

void Document::setState(State state) {
    if (m_state == state) return;
    m_state = state;
    Q_EMIT stateChanged();
}

}  // namespace cohelix::ui
