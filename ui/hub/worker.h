// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A thread of the hub for what blocks: one opens, closes and copies projects, starts searches,
// reads and writes files; another asks the cost models. Tasks run one after the other.

#include <QString>
#include <QThread>
#include <functional>
#include <mutex>

namespace cohelix::ui {

class Worker {
public:
    /// The thread has this name.
    explicit Worker(const QString& name);
    /// Finishes the tasks that were posted.
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Any thread. Tasks must not throw.
    void post(std::function<void()> task);

private:
    QThread m_thread;
    QObject* m_context;  ///< lives on m_thread
};

/// Carries closures from any thread to the thread of `receiver`, and drops them once it is gone.
/// (A QPointer cannot be asked from another thread.)
class Mailbox {
public:
    explicit Mailbox(QObject* receiver) : m_receiver(receiver) {}
    void deliver(std::function<void()> task);
    /// From the receiver's destructor: nothing is delivered after it.
    void close();

private:
    QObject* m_receiver;
    std::mutex m_mutex;
};

}  // namespace cohelix::ui
